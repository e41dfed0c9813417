import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readCallRequest } from "../../lib/contacts/call-request.ts";
import { DynamoContacts } from "../../lib/contacts/contacts.dynamodb.ts";
import { noteUpdates } from "../../lib/contacts/note-updates.ts";
import { dynamoDb, sns, sqs } from "../../lib/edge/clients.ts";
import { aCallRequest, somePatience } from "../support/builders.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { launcher, runCli } from "./run-cli.ts";

const phoneNumber = "+12065550100";
const secret = "Ada Lovelace";

let emulators: Emulators;
let env: Record<string, string>;
/** Without a local stack in it. */
let elsewhere: string;
let requests = 0;

beforeAll(async () => {
  emulators = await startEmulators();
  env = emulators.env;
  elsewhere = mkdtempSync(join(tmpdir(), "contact-automation-"));
});
afterAll(async () => {
  rmSync(elsewhere, { recursive: true });
  await emulators.stop();
});

const cli = (args: string[], overrides: Record<string, string> = {}) =>
  runCli(args, { ...env, ...overrides }, { cwd: elsewhere }).ran;

async function json(args: string[], overrides: Record<string, string> = {}) {
  const { code, stdout, stderr } = await cli([...args, "--json"], overrides);
  return { code, output: JSON.parse(stdout), stderr };
}

const contacts = () => new DynamoContacts(dynamoDb(), String(env["CONTACTS_TABLE"]));
const queueUrl = (name: string) => String(env[name]);

/** On record as after a lost answer that no evidence followed. @returns its requestId */
async function aParkedRequest(campaignId?: string): Promise<string> {
  requests += 1;
  const requestId = `r-${requests}`;
  const asked = aCallRequest({ requestId, attributes: { customerName: secret }, campaignId });
  const reading = readCallRequest(
    JSON.stringify(asked),
    { contactFlowId: "flow", queueId: "queue" },
    Date.now(),
  );
  if (reading.kind !== "request") throw new Error("the builder's request is wrong");
  const { request, hash } = reading;
  const ttl = Math.ceil(Date.now() / 1000) + 86_400;
  await contacts().add(
    {
      requestId,
      requestHash: hash,
      request: JSON.stringify(request),
      state: "dialling",
      attempt: 1,
      ttl,
      ...(campaignId && { campaignId }),
    },
    Date.now(),
  );
  for (const to of ["unknown", "parked"] as const) {
    await contacts().change(
      { requestId, to, attempt: 1, set: { reason: "no evidence came in time" } },
      Date.now(),
    );
  }
  return requestId;
}

async function bodiesOf(queue: string): Promise<string[]> {
  const { Messages = [] } = await sqs().send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl(queue), MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return Messages.map(({ Body }) => String(Body));
}

async function waitingIn(queue: string): Promise<number> {
  const { Attributes } = await sqs().send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl(queue),
      AttributeNames: ["ApproximateNumberOfMessages"],
    }),
  );
  return Number(Attributes?.["ApproximateNumberOfMessages"]);
}

describe("status", () => {
  it("tells all that is on record, and nothing of the customer", async () => {
    const requestId = await aParkedRequest();

    const { code, stdout } = await cli(["status", requestId]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^state +parked$/m);
    expect(stdout).toMatch(/^reason +no evidence came in time$/m);
    expect(stdout).toContain("customerName (values not shown)");
    expect(stdout).not.toContain(phoneNumber);
    expect(stdout).not.toContain(secret);
  });

  it("gives machines the same under stable names", async () => {
    const requestId = await aParkedRequest("spring");
    const { output } = await json(["status", requestId]);
    expect(output).toMatchObject({
      requestId,
      state: "parked",
      attempt: 1,
      campaignId: "spring",
      revision: 3,
    });
    expect(output).toHaveProperty("destination", "**********00");
    expect(JSON.stringify(output)).not.toContain(secret);
  });

  it("names the attributes that were updated, and which of them the contact lacks", async () => {
    const requestId = await aParkedRequest();
    const update = { updateId: "u", requestId, occurredAt: "2026-11-24T09:00:00.000Z" };
    const steps = { contacts: contacts(), now: Date.now, patience: somePatience };
    await noteUpdates(requestId, [{ ...update, attributes: { customerName: secret, tier: "gold" } }], steps);

    expect((await json(["status", requestId])).output).toMatchObject({
      updatedAttributeNames: ["customerName", "tier"],
      unsentAttributeNames: ["customerName", "tier"],
    });
    const { stdout } = await cli(["status", requestId]);
    expect(stdout).toMatch(/^not sent yet +customerName, tier$/m);
    expect(stdout).not.toContain(secret);
  });

  it("shows the request when it is asked to", async () => {
    const requestId = await aParkedRequest();
    const { stdout } = await cli(["status", requestId, "--show-request"]);
    expect(stdout).toContain(phoneNumber);
    expect(stdout).toContain(secret);
  });

  it("ends with 1 when there is no such request", async () => {
    const { code, stderr } = await cli(["status", "nobody"]);
    expect(code).toBe(1);
    expect(stderr).toContain("There is no request nobody on record");
    expect(await json(["status", "nobody"])).toMatchObject({
      code: 1,
      output: { error: { kind: "not-found" } },
    });
  });
});

describe("list", () => {
  it("lists one state and campaign, newest first, and nothing of the customer", async () => {
    const first = await aParkedRequest("autumn");
    await aParkedRequest("winter");
    const second = await aParkedRequest("autumn");

    const { code, output } = await json(["list", "--state", "parked", "--campaign", "autumn"]);

    expect(code).toBe(0);
    expect(output).toMatchObject({
      cut: false,
      requests: [{ requestId: second }, { requestId: first, reason: "no evidence came in time" }],
    });
    expect(JSON.stringify(output)).not.toContain(phoneNumber);
  });

  it("says when the limit has cut it", async () => {
    await aParkedRequest("summer");
    await aParkedRequest("summer");
    const { stdout } = await cli(["list", "--campaign", "summer", "--limit", "1"]);
    expect(stdout).toContain("Cut at 1 by --limit");
    expect((await json(["list", "--campaign", "summer", "--limit", "2"])).output).toMatchObject({
      cut: false,
    });
  });

  it("says when there are none", async () => {
    expect(await cli(["list", "--state", "connected"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^0 connected, of \d+ on record/),
    });
  });
});

describe("resolve", () => {
  beforeAll(async () => {
    const endpoint = `arn:aws:sqs:us-east-1:000000000000:told`;
    await sqs().send(new CreateQueueCommand({ QueueName: "told" }));
    env["TOLD"] = queueUrl("CALL_REQUESTS_QUEUE_URL").replace(/[^/]+$/, "told");
    const TopicArn = env["CONTACT_NOTICES_TOPIC_ARN"];
    const Attributes = { RawMessageDelivery: "true" };
    await sns().send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: endpoint, Attributes }));
  });
  beforeEach(async () => {
    for (const queue of ["TOLD", "CALL_REQUESTS_QUEUE_URL"])
      await sqs().send(new PurgeQueueCommand({ QueueUrl: queueUrl(queue) }));
  });

  it("--redial makes the next attempt due now, tells it and sends it", async () => {
    const requestId = await aParkedRequest();

    const { code, output } = await json(["resolve", requestId, "--redial"]);

    expect(code).toBe(0);
    expect(output).toMatchObject({
      repeated: false,
      noticePublished: true,
      sent: true,
      request: { attempt: 2 },
    });
    const record = (await contacts().look([requestId])).get(requestId);
    expect(record).toMatchObject({ state: "deferred", attempt: 2 });
    expect(await bodiesOf("CALL_REQUESTS_QUEUE_URL")).toEqual([record?.request]);
    const told = await vi.waitUntil(async () => (await bodiesOf("TOLD"))[0]);
    expect(JSON.parse(told)).toMatchObject({ requestId, state: "deferred", attempt: 2 });
  });

  it("--close ends it with that outcome", async () => {
    const requestId = await aParkedRequest();

    const { code, stdout } = await cli(["resolve", requestId, "--close", "no-answer"]);

    expect(code).toBe(0);
    expect(stdout).toContain(`${requestId} is closed as no-answer.`);
    expect(stdout).not.toContain(phoneNumber);
    expect((await contacts().look([requestId])).get(requestId)).toMatchObject({
      state: "ended",
      outcome: "no-answer",
      reason: "closed by an operator",
    });
    expect(await bodiesOf("CALL_REQUESTS_QUEUE_URL")).toEqual([]);
    const told = await vi.waitUntil(async () => (await bodiesOf("TOLD"))[0]);
    expect(JSON.parse(told)).toMatchObject({ requestId, state: "ended", outcome: "no-answer" });
  });

  it("says so when the notice failed, and tells it when it is repeated", async () => {
    const requestId = await aParkedRequest();
    const nowhere = { CONTACT_NOTICES_TOPIC_ARN: "arn:aws:sns:us-east-1:000000000000:nowhere" };

    const failed = await cli(["resolve", requestId, "--close", "stopped"], nowhere);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain("could NOT be published");

    expect(await json(["resolve", requestId, "--close", "stopped"])).toMatchObject({
      code: 0,
      output: { repeated: true, noticePublished: true },
    });
  });

  it("leaves alone what is no longer parked, with exit code 3 and its present state", async () => {
    const requestId = await aParkedRequest();
    await contacts().change(
      { requestId, to: "placed", attempt: 1, set: { contactId: `c-${requestId}` } },
      Date.now(),
    );

    for (const decision of [["--redial"], ["--close", "stopped"]]) {
      const { code, stderr } = await cli(["resolve", requestId, ...decision]);
      expect(code).toBe(3);
      expect(stderr).toContain("it is placed, attempt 1");
    }
    expect((await contacts().look([requestId])).get(requestId)).toMatchObject({
      state: "placed",
      revision: 4,
    });
  });

  it.each([
    { args: [], says: "say what to do" },
    { args: ["--redial", "--close", "busy"], says: "cannot be used with" },
    { args: ["--close", "lunch"], says: "Allowed choices are answered-agent" },
  ])("ends with 2 on wrong usage: $args", async ({ args, says }) => {
    const { code, stderr } = await cli(["resolve", "r-1", ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });

  it("ends with 1 when there is no such request", async () => {
    expect(await cli(["resolve", "nobody", "--redial"])).toMatchObject({ code: 1 });
  });
});

describe("stop", () => {
  it.each([
    [["order-1"], { requestId: "order-1" }],
    [["c-1", "--contact"], { contactId: "c-1" }],
    [["spring", "--campaign", "--reason", "it is over"], { campaignId: "spring", reason: "it is over" }],
  ])("%j puts the stop into its queue", async (args, stop) => {
    await sqs().send(new PurgeQueueCommand({ QueueUrl: queueUrl("STOP_REQUESTS_QUEUE_URL") }));

    const { code, output } = await json(["stop", ...args]);

    expect(code).toBe(0);
    expect(output).toEqual({ sent: { stopId: expect.any(String), ...stop } });
    const { Messages = [] } = await sqs().send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl("STOP_REQUESTS_QUEUE_URL") }),
    );
    expect(JSON.parse(Messages[0]?.Body ?? "")).toEqual(output.sent);
  });

  it.each([
    [["no good"], "must be 1 to 128"],
    [["a", "--campaign", "--contact"], "cannot be used with"],
    [[], "missing required argument"],
  ])("%j is wrong usage", async (args, message) => {
    expect(await cli(["stop", ...args])).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe("update", () => {
  it.each([
    [["order-1", "tier=gold", "note=a=b", "old="], { requestId: "order-1" }],
    [["c-1", "tier=gold", "note=a=b", "old=", "--contact"], { contactId: "c-1" }],
  ])("%j puts the update into its queue, and shows no value", async (args, target) => {
    await sqs().send(new PurgeQueueCommand({ QueueUrl: queueUrl("ATTRIBUTE_UPDATES_QUEUE_URL") }));

    const { code, output } = await json(["update", ...args, "--at", "2026-11-24T09:00:00Z"]);

    expect(code).toBe(0);
    expect(output).toEqual({
      sent: {
        updateId: expect.any(String),
        id: args[0],
        attributes: ["tier", "note", "old"],
        occurredAt: "2026-11-24T09:00:00Z",
      },
    });
    const { Messages = [] } = await sqs().send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl("ATTRIBUTE_UPDATES_QUEUE_URL"),
        MessageSystemAttributeNames: ["MessageGroupId"],
      }),
    );
    expect(JSON.parse(Messages[0]?.Body ?? "")).toEqual({
      updateId: output.sent.updateId,
      ...target,
      attributes: { tier: "gold", note: "a=b", old: "" },
      occurredAt: "2026-11-24T09:00:00Z",
    });
    expect(Messages[0]?.Attributes).toMatchObject({ MessageGroupId: args[0] });
  });

  it.each([
    [["a"], "missing required argument"],
    [["a", "b"], "must be key=value"],
    [["a", "attemptId=x"], "attemptId is ours"],
    [["a", "b=c", "--at", "noon"], "must be an instant"],
  ])("%j is wrong usage", async (args, message) => {
    expect(await cli(["update", ...args])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
  });
});

describe("redrive", () => {
  it("keeps the groups of a FIFO queue", async () => {
    for (const queue of ["ATTRIBUTE_UPDATES_DLQ_URL", "ATTRIBUTE_UPDATES_QUEUE_URL"])
      await sqs().send(new PurgeQueueCommand({ QueueUrl: queueUrl(queue) }));
    for (const group of ["r-1", "r-2", "r-3"]) {
      requests += 1;
      await sqs().send(
        new SendMessageCommand({
          QueueUrl: queueUrl("ATTRIBUTE_UPDATES_DLQ_URL"),
          MessageBody: `message ${requests}`,
          MessageGroupId: group,
          MessageDeduplicationId: String(requests),
        }),
      );
    }

    expect((await json(["redrive", "attribute-updates"])).output).toMatchObject({ moved: 3, waiting: 0 });

    const { Messages = [] } = await sqs().send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl("ATTRIBUTE_UPDATES_QUEUE_URL"),
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["MessageGroupId"],
      }),
    );
    expect(Messages.map(({ Attributes }) => Attributes?.MessageGroupId).toSorted()).toEqual([
      "r-1",
      "r-2",
      "r-3",
    ]);
  });

  beforeEach(async () => {
    for (const queue of ["CALL_REQUESTS_DLQ_URL", "CALL_REQUESTS_QUEUE_URL"])
      await sqs().send(new PurgeQueueCommand({ QueueUrl: queueUrl(queue) }));
  });

  async function deadLetters(count: number): Promise<void> {
    for (let from = 0; from < count; from += 10) {
      const Entries = Array.from({ length: Math.min(10, count - from) }, (_, index) => ({
        Id: String(index),
        MessageBody: `message ${from + index}`,
      }));
      await sqs().send(new SendMessageBatchCommand({ QueueUrl: queueUrl("CALL_REQUESTS_DLQ_URL"), Entries }));
    }
  }

  it("moves every message back, more than one batch of them, each once", async () => {
    await deadLetters(23);

    const { code, output } = await json(["redrive", "call-requests"]);

    expect(code).toBe(0);
    expect(output).toMatchObject({ moved: 23, came: 0, waiting: 0, inFlight: 0 });
    expect(await waitingIn("CALL_REQUESTS_QUEUE_URL")).toBe(23);
  });

  it("keeps body and attributes", async () => {
    const MessageAttributes = { reason: { DataType: "String", StringValue: "the body is not JSON" } };
    const MessageBody = "äöü {";
    await sqs().send(
      new SendMessageCommand({ QueueUrl: queueUrl("CALL_REQUESTS_DLQ_URL"), MessageBody, MessageAttributes }),
    );

    await cli(["redrive", "call-requests"]);

    const { Messages } = await sqs().send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl("CALL_REQUESTS_QUEUE_URL"),
        MessageAttributeNames: ["All"],
      }),
    );
    expect(Messages).toMatchObject([{ Body: MessageBody, MessageAttributes }]);
  });

  it("takes messages that together are more than SQS takes at once", async () => {
    const MessageBody = "x".repeat(200 * 1024);
    for (let count = 0; count < 3; count += 1)
      await sqs().send(new SendMessageCommand({ QueueUrl: queueUrl("CALL_REQUESTS_DLQ_URL"), MessageBody }));
    expect((await json(["redrive", "call-requests"])).output).toMatchObject({ moved: 3, waiting: 0 });
  });

  it("moves no more than it is told to, and nothing in a dry run", async () => {
    await deadLetters(12);
    expect((await json(["redrive", "call-requests", "--dry-run"])).output).toMatchObject({
      moved: 0,
      waiting: 12,
    });
    expect((await json(["redrive", "call-requests", "--limit", "11"])).output).toMatchObject({ moved: 11 });
    expect(await waitingIn("CALL_REQUESTS_DLQ_URL")).toBe(1);
  });

  it("leaves what is in flight", async () => {
    await deadLetters(2);
    await sqs().send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl("CALL_REQUESTS_DLQ_URL"), MaxNumberOfMessages: 1 }),
    );
    expect((await json(["redrive", "call-requests"])).output).toMatchObject({ moved: 1, inFlight: 1 });
  });

  it("does not chase messages that come back at once", async () => {
    await deadLetters(5);
    const returned = new AbortController();
    // What start-contact does with what it cannot read.
    const worker = (async () => {
      while (!returned.signal.aborted) {
        const { Messages = [] } = await sqs().send(
          new ReceiveMessageCommand({ QueueUrl: queueUrl("CALL_REQUESTS_QUEUE_URL"), WaitTimeSeconds: 1 }),
        );
        for (const { Body } of Messages)
          await sqs().send(
            new SendMessageCommand({ QueueUrl: queueUrl("CALL_REQUESTS_DLQ_URL"), MessageBody: Body }),
          );
      }
    })();

    const { output } = await json(["redrive", "call-requests"]);
    returned.abort();
    await worker;

    expect(output).toMatchObject({ moved: 5 });
  });

  it("loses nothing when it is interrupted", async () => {
    await deadLetters(200);
    const { child, ran } = runCli(["redrive", "call-requests", "--json"], env, { cwd: elsewhere });
    await vi.waitUntil(async () => (await waitingIn("CALL_REQUESTS_QUEUE_URL")) > 0, {
      timeout: 20_000,
      interval: 5,
    });
    child.kill("SIGINT");

    const { code, stdout } = await ran;

    const { moved } = JSON.parse(stdout);
    expect(await waitingIn("CALL_REQUESTS_QUEUE_URL")).toBe(moved);
    expect(await waitingIn("CALL_REQUESTS_DLQ_URL")).toBe(200 - moved);
    expect(code).toBe(moved < 200 ? 1 : 0);
  });

  it("finds the dead-letter queue by the queue's own redrive policy", async () => {
    const source = queueUrl("CONTACT_EVENTS_QUEUE_URL").replace(/[^/]+$/, "with-policy");
    const dead = queueUrl("CALL_REQUESTS_DLQ_URL").split("/").at(-1);
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${dead}`,
      maxReceiveCount: 5,
    });
    await sqs().send(new CreateQueueCommand({ QueueName: "with-policy", Attributes: { RedrivePolicy } }));
    await deadLetters(1);
    const overrides = { CONTACT_EVENTS_QUEUE_URL: source, CONTACT_EVENTS_DLQ_URL: "" };
    expect((await json(["redrive", "contact-events"], overrides)).output).toMatchObject({ moved: 1 });
  });

  it("knows no other queue", async () => {
    expect(await cli(["redrive", "lost-and-found"])).toMatchObject({ code: 2 });
  });
});

describe("where it looks", () => {
  const access = () => Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith("AWS_")));

  it("is told by the stage what everything is called", async () => {
    const requestId = await aParkedRequest();
    const { ran } = runCli(["resolve", requestId, "--redial", "--stage", "test", "--json"], access(), {
      cwd: elsewhere,
    });
    const { code, stdout } = await ran;
    expect(code, stdout).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ noticePublished: true, sent: true });
  });

  it("is the local stack of its folder when nothing else is said", async () => {
    const requestId = await aParkedRequest("o'clock");
    const folder = mkdtempSync(join(elsewhere, "stack-"));
    mkdirSync(join(folder, ".local"));
    const lines = Object.entries(env).map(
      ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`,
    );
    writeFileSync(join(folder, ".local/stack.env"), `# Written by a test.\n${lines.join("")}`);

    const said = await runCli(["status", requestId, "--json"], { AWS_PROFILE: "work" }, { cwd: folder }).ran;

    expect(said.code, said.stderr).toBe(0);
    expect(said.stderr).toBe("using the local stack (.local/stack.env)\n");
    expect(JSON.parse(said.stdout)).toMatchObject({ requestId });
  });

  it("is what the environment says, rather than the stage, and says so", async () => {
    const requestId = await aParkedRequest();
    const { code, stderr } = await cli(["status", requestId, "--stage", "prod"]);
    expect(code).toBe(0);
    expect(stderr).toContain("the environment wins over --stage prod");
    expect(stderr).toContain("CONTACTS_TABLE");
  });

  it("is asked for when nothing tells it", async () => {
    const { code, stderr } = await runCli(["status", "r-1"], {}, { cwd: elsewhere }).ran;
    expect(code).toBe(1);
    expect(stderr).toContain("CONTACTS_TABLE is not set");
    expect(stderr).toContain("--stage <stage>");
  });

  it.each([
    { what: "a table that is not there", wrong: { CONTACTS_TABLE: "none" }, says: "no such table here" },
    {
      what: "a stack that is not running",
      wrong: { AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1" },
      says: "is the local stack running",
    },
  ])("is said to be wrong: $what", async ({ wrong, says }) => {
    const { code, stderr } = await cli(["status", "r-1"], wrong);
    expect(code).toBe(1);
    expect(stderr).toContain(says);
  });
});

describe("help", () => {
  it.each(["status", "list", "resolve", "redrive"])("of %s has examples", async (command) => {
    const { code, stdout } = await cli([command, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`$ npx contact-automation ${command}`);
  });

  it("is the answer to an unknown command, which ends with 2", async () => {
    const { code, stderr } = await cli(["forget"]);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown command 'forget'");
  });
});

describe("on a Node that cannot run TypeScript", () => {
  const nodeOptions = ["--no-experimental-strip-types"];

  it("runs with the Node that npm has installed beside it", async () => {
    const { ran } = runCli(["resolve", "r-1"], {}, { cwd: elsewhere, nodeOptions });
    expect(await ran).toMatchObject({ code: 2, stderr: expect.stringContaining("say what to do") });
  });

  it("says what to do where there is none", async () => {
    const file = join(elsewhere, "launch.mjs");
    copyFileSync(launcher, file);
    const { code, stderr } = await runCli(["--help"], {}, { cwd: elsewhere, nodeOptions, file }).ran;
    expect(code).toBe(1);
    expect(stderr).toContain("needs Node 22.18 or newer");
  });
});
