import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { dynamoDb, sqs } from "../../lib/edge/clients.ts";
import type { NoticeDelivery } from "../../lib/subscribers/notice-delivery.ts";
import { DynamoSubscribers } from "../../lib/subscribers/subscribers.dynamodb.ts";
import { ParameterFile } from "../../local/stack/parameters/parameter-file.ts";
import { startParameterServer } from "../../local/stack/parameters/parameter-server.ts";
import { aNotice } from "../support/builders.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { startReceiver } from "../support/receiver.ts";
import { runCli } from "./run-cli.ts";

const url = "https://crm.example/notices";

let emulators: Emulators;
let parameters: Awaited<ReturnType<typeof startParameterServer>>;
let env: Record<string, string>;
let dir: string;
let id: string;
let ids = 0;

beforeAll(async () => {
  emulators = await startEmulators();
  dir = mkdtempSync(join(tmpdir(), "contact-automation-"));
  parameters = await startParameterServer(0, new ParameterFile(join(dir, "parameters.json")), () => {});
  env = {
    ...emulators.env,
    AWS_ENDPOINT_URL_SSM: parameters.url,
    SUBSCRIBER_SECRETS_PATH: "/contact-automation-test/subscribers",
  };
});
afterAll(async () => {
  await parameters.stop();
  await emulators.stop();
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  ids += 1;
  id = `s-${ids}`;
});

async function cli(args: string[], overrides: Record<string, string> = {}) {
  const run = runCli(["subscribers", ...args, "--json"], { ...env, ...overrides }, { cwd: dir });
  const { code, stdout, stderr } = await run.ran;
  return { code, output: stdout && JSON.parse(stdout), stderr };
}
const subscribers = () => new DynamoSubscribers(dynamoDb(), String(env["SUBSCRIBERS_TABLE"]));
const queueUrl = (name: string) => String(env[name]);

describe("subscribers", () => {
  it("are added with a filter and a secret that is shown this once", async () => {
    const { code, output } = await cli(["add", id, url, "--state", "ended", "parked", "--outcome", "busy"]);
    expect(code).toBe(0);
    expect(output.secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    const subscriber = { subscriberId: id, url, status: "enabled" };
    expect(output.subscriber).toMatchObject({
      ...subscriber,
      filter: { state: ["ended", "parked"], outcome: ["busy"] },
    });
    const shown = await cli(["show", id]);
    expect(shown.output.subscriber).toEqual(output.subscriber);
    expect(JSON.stringify(shown.output)).not.toContain("whsec_");
    expect((await cli(["list"])).output.subscribers).toContainEqual(output.subscriber);
  });

  it("are not added twice, and the secret of the first stays as it is", async () => {
    const receiver = await startReceiver();
    const { output } = await cli(["add", id, receiver.url], { SUBSCRIBERS_MAY_BE_LOCAL: "true" });
    expect(await cli(["add", id, url])).toMatchObject({ code: 3, output: { error: { kind: "conflict" } } });
    await cli(["test", id], { SUBSCRIBERS_MAY_BE_LOCAL: "true" });
    const [got] = receiver.received;
    expect(() => new Webhook(output.secret).verify(got?.body ?? "", got?.headers ?? {})).not.toThrow();
    await receiver.stop();
  });

  it.each([
    "http://crm.example/",
    "https://127.0.0.1/",
    "https://169.254.169.254/",
    "https://crm.example:22/",
    "https://u:p@crm.example/",
    "crm",
  ])("are not added at %s", async (wrong) => {
    const { code, output } = await cli(["add", id, wrong]);
    expect(code).toBe(2);
    expect(output.error.kind).toBe("usage");
    expect((await subscribers().look([id])).size).toBe(0);
  });

  it("are not added under an id, for a state or for an outcome that there cannot be", async () => {
    expect((await cli(["add", "a b", url])).code).toBe(2);
    expect((await cli(["add", id, url, "--state", "endet"])).code).toBe(2);
    expect((await cli(["add", id, url, "--outcome", "won"])).code).toBe(2);
  });

  it("are disabled with a reason, and enabled again", async () => {
    await cli(["add", id, url]);
    expect((await cli(["disable", id, "--reason", "moves"])).output).toMatchObject({
      changed: true,
      subscriber: { status: "disabled", reason: "moves" },
    });
    expect((await cli(["disable", id])).output).toMatchObject({ changed: false });
    expect((await cli(["enable", id])).output).toMatchObject({
      changed: true,
      subscriber: { status: "enabled" },
    });
    expect((await cli(["enable", id])).output).toMatchObject({ changed: false });
  });

  it("are removed together with the secret", async () => {
    await cli(["add", id, url]);
    expect((await cli(["remove", id])).output).toEqual({ removed: id });
    for (const command of ["show", "remove", "enable", "disable", "rotate", "test", "replay"])
      expect(await cli([command, id]), command).toMatchObject({
        code: 1,
        output: { error: { kind: "not-found" } },
      });
    expect((await cli(["add", id, url])).code).toBe(0);
  });

  it("are there to be removed again when it failed halfway", async () => {
    await cli(["add", id, url]);
    const { code } = await cli(["remove", id], { AWS_ENDPOINT_URL_SSM: "http://127.0.0.1:1" });
    expect(code).toBe(1);
    expect((await cli(["remove", id])).output).toEqual({ removed: id });
  });

  it("get a signed test notice, and its answer is shown", async () => {
    let status = 204;
    const receiver = await startReceiver((_, answer) => void answer.writeHead(status).end());
    const local = { SUBSCRIBERS_MAY_BE_LOCAL: "true" };
    const { output } = await cli(["add", id, receiver.url], local);

    expect(await cli(["test", id], local)).toMatchObject({
      code: 0,
      output: { delivered: true, status: 204 },
    });
    status = 500;
    expect(await cli(["test", id], local)).toMatchObject({
      code: 1,
      output: { delivered: false, status: 500, why: "it answered 500" },
    });
    await receiver.stop();
    expect((await cli(["test", id], local)).output.why).toBe("no answer (ECONNREFUSED)");

    const [got] = receiver.received;
    const notice = new Webhook(output.secret).verify(got?.body ?? "", got?.headers ?? {});
    expect(notice).toMatchObject({ type: "test", noticeId: got?.headers["webhook-id"] });
    expect(got?.headers["user-agent"]).toMatch(/^contact-automation\/\d+\.\d+\.\d+$/);
  });

  it("change their secret with two signatures in between", async () => {
    const receiver = await startReceiver();
    const local = { SUBSCRIBERS_MAY_BE_LOCAL: "true" };
    const old: string = (await cli(["add", id, receiver.url], local)).output.secret;
    expect((await cli(["rotate", id, "--finish"])).code).toBe(3);
    const young: string = (await cli(["rotate", id])).output.secret;
    expect((await cli(["rotate", id])).code).toBe(3);
    await cli(["test", id], local);
    expect((await cli(["rotate", id, "--finish"])).output).toEqual({ finished: id });
    await cli(["test", id], local);
    await receiver.stop();

    const verifies = (secret: string) =>
      receiver.received.map(({ body, headers }) => {
        try {
          new Webhook(secret).verify(body, headers);
          return true;
        } catch {
          return false;
        }
      });
    expect(verifies(old)).toEqual([true, false]);
    expect(verifies(young)).toEqual([true, true]);
  });
});

describe("replay", () => {
  const firstAt = "2026-11-24T12:00:00.000Z";
  const deadLetter = async (body: object | string) => {
    const MessageBody = typeof body === "string" ? body : JSON.stringify(body);
    await sqs().send(
      new SendMessageCommand({ QueueUrl: queueUrl("NOTICE_DELIVERIES_DLQ_URL"), MessageBody }),
    );
  };
  const missed = (n: number, subscriberId = id, since = firstAt): NoticeDelivery => ({
    subscriberId,
    notice: aNotice({ noticeId: `n-${n}` }),
    tries: 33,
    firstAt: since,
    dueAt: since,
  });
  const bodiesIn = async (queue: string) => {
    const bodies: string[] = [];
    for (let got = 1; got > 0; ) {
      const { Messages = [] } = await sqs().send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl(queue), MaxNumberOfMessages: 10 }),
      );
      bodies.push(...Messages.map(({ Body = "" }) => Body));
      got = Messages.length;
    }
    return bodies;
  };

  const noticeIdsIn = async (queue: string): Promise<string[]> =>
    (await bodiesIn(queue)).map((body) => JSON.parse(body).notice.noticeId);

  beforeEach(async () => {
    for (const queue of ["NOTICE_DELIVERIES_QUEUE_URL", "NOTICE_DELIVERIES_DLQ_URL"])
      await sqs().send(new PurgeQueueCommand({ QueueUrl: queueUrl(queue) }));
    await cli(["add", id, url]);
  });

  it("delivers all that a subscriber has missed with a day before it, and leaves others' as it is", async () => {
    const others = [missed(1, "other"), missed(2, "other")].map((one) => JSON.stringify(one));
    for (let n = 0; n < 23; n += 1) await deadLetter(missed(n));
    for (const body of [...others, "not JSON"]) await deadLetter(body);

    expect(await cli(["replay", id])).toMatchObject({ code: 0, output: { subscriberId: id, moved: 23 } });

    // At once: nothing of others is out of sight.
    expect((await bodiesIn("NOTICE_DELIVERIES_DLQ_URL")).toSorted()).toEqual(
      [...others, "not JSON"].toSorted(),
    );
    const sent = (await bodiesIn("NOTICE_DELIVERIES_QUEUE_URL")).map((body) => JSON.parse(body));
    expect(new Set(sent.map(({ notice }) => notice.noticeId)).size).toBe(23);
    for (const delivery of sent) {
      expect(delivery).toMatchObject({ subscriberId: id, tries: 0 });
      expect(delivery).not.toHaveProperty("dueAt");
      expect(Date.parse(delivery.firstAt)).toBeGreaterThan(Date.parse(firstAt));
    }
  });

  it("leaves what is older than asked for", async () => {
    await deadLetter(missed(1, id, "2026-11-23T23:59:59.000Z"));
    await deadLetter(missed(2, id, "2026-11-24T00:00:00.000Z"));
    const { output } = await cli(["replay", id, "--since", "2026-11-24T00:00:00Z"]);
    expect(output.moved).toBe(1);
    expect(await bodiesIn("NOTICE_DELIVERIES_DLQ_URL")).toHaveLength(1);
    expect((await cli(["replay", id, "--since", "yesterday"])).code).toBe(2);
  });

  it("loses nothing when it is killed", async () => {
    const counts = { mine: 60, others: 20 };
    for (let n = 0; n < counts.mine; n += 1) await deadLetter(missed(n));
    for (let n = 0; n < counts.others; n += 1) await deadLetter(missed(n, "other"));
    const { child, ran } = runCli(["subscribers", "replay", id], env, { cwd: dir });
    await vi.waitUntil(
      async () => {
        const { Attributes } = await sqs().send(
          new GetQueueAttributesCommand({
            QueueUrl: queueUrl("NOTICE_DELIVERIES_QUEUE_URL"),
            AttributeNames: ["ApproximateNumberOfMessages"],
          }),
        );
        return Number(Attributes?.ApproximateNumberOfMessages) > 0;
      },
      { timeout: 20_000, interval: 5 },
    );
    child.kill("SIGKILL");
    await ran;

    const moved = new Set(await noticeIdsIn("NOTICE_DELIVERIES_QUEUE_URL"));
    const { Attributes } = await sqs().send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl("NOTICE_DELIVERIES_DLQ_URL"),
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    const kept = Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
    expect(moved.size + kept).toBeGreaterThanOrEqual(counts.mine + counts.others);
  });

  it("moves nothing to a subscriber that is disabled", async () => {
    await cli(["disable", id]);
    await deadLetter(missed(1));
    expect(await cli(["replay", id])).toMatchObject({ code: 3, output: { error: { kind: "conflict" } } });
    expect(await bodiesIn("NOTICE_DELIVERIES_DLQ_URL")).toHaveLength(1);
  });
});
