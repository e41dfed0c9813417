import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SqsIntake } from "../../../lib/intake/intake.sqs.ts";
import { checkMessage, longestMessageInBytes } from "../../../lib/intake/message.ts";
import { startHoldingProxy } from "../../support/holding-proxy.ts";
import { aMessage, intakeContract } from "../../support/intake-contract.ts";
import { type IntakeQueues, startIntakeQueues } from "../../support/intake-queues.ts";

let queues: IntakeQueues;
let failures: unknown[];
beforeAll(async () => {
  queues = await startIntakeQueues();
});
beforeEach(() => {
  failures = [];
  queues.renew();
});
afterAll(() => queues.stop());

const anIntake = (client = queues.sqs, urls: Partial<IntakeQueues["urls"]> = queues.urls) =>
  new SqsIntake(client, urls, (error) => void failures.push(error));

intakeContract(({ longest, down } = {}) => {
  queues.renew(longest);
  const nowhere = `${queues.urls["call-request"]}-of-nobody`;
  const urls = { ...queues.urls, ...(down && { [down]: nowhere }) };
  return { intake: anIntake(queues.sqs, urls), held: queues.held };
});

describe("the queues of SQS", () => {
  it("get ten of the longest messages, which are too much for one batch", async () => {
    const body = "x".repeat(longestMessageInBytes);
    const messages = Array.from({ length: 10 }, (_, index) =>
      aMessage("call-request", `m-${index}`, { body }),
    );
    expect(await anIntake().put(messages)).toEqual(messages.map(() => true));
    expect(queues.held("call-request")).toHaveLength(10);
  });

  it("tell why they did not take a message, with SQS's code and nothing of the message", async () => {
    queues.renew(1_024);
    await anIntake().put([aMessage("call-request", "r-1", { body: "secret".repeat(200) })]);
    expect(failures).toEqual([
      expect.objectContaining({ name: "EntriesRefused", code: "InvalidParameterValue" }),
    ]);
    expect(String(failures)).not.toContain("secret");
  });

  it("have not certainly taken a message when their answer is lost, which they may hold all the same", async () => {
    const proxy = await startHoldingProxy(queues.access.endpoint);
    const requestHandler = { requestTimeout: 300, throwOnRequestTimeout: true };
    const client = new SQSClient({ ...queues.access, endpoint: proxy.url, maxAttempts: 1, requestHandler });
    const lost = proxy.hold("SendMessageBatch", "reply", "stop-requests");
    const messages = [aMessage("stop-request", "s-1"), aMessage("call-request", "r-1")];

    expect(await anIntake(client).put(messages)).toEqual([false, true]);
    await lost;

    expect(failures).toEqual([expect.objectContaining({ name: "TimeoutError" })]);
    expect(queues.held("stop-request")).toHaveLength(1);
    client.destroy();
    await proxy.stop();
  });

  it.each([
    ["attribute-update", 1],
    ["call-request", 8],
  ] as const)("get batches of %ss %i at a time", async (kind, atOnce) => {
    let [sending, most] = [0, 0];
    const client = new SQSClient(queues.access);
    client.middlewareStack.add(
      (next) => async (args) => {
        sending += 1;
        most = Math.max(most, sending);
        const answer = await next(args);
        sending -= 1;
        return answer;
      },
      { step: "initialize" },
    );
    await anIntake(client).put(Array.from({ length: 100 }, (_, index) => aMessage(kind, `m-${index}`)));
    expect(most).toBe(atOnce);
    client.destroy();
  });

  it("are not asked on when they cannot be reached", async () => {
    const client = new SQSClient({ ...queues.access, endpoint: "http://127.0.0.1:1", maxAttempts: 1 });
    const messages = Array.from({ length: 500 }, (_, index) => aMessage("call-request", `m-${index}`));
    expect(await anIntake(client).put(messages)).toEqual(messages.map(() => false));
    expect(failures.length).toBeLessThanOrEqual(8);
    client.destroy();
  });

  it.each([
    ["a UUID", "0b1c8c52-3f5e-4a3f-8f0e-2f7c4f1d9a11", /^0b1c8c52-3f5e-4a3f-8f0e-2f7c4f1d9a11$/],
    ["128 characters", "x".repeat(128), /^x{128}$/],
    ["129 characters", "x".repeat(129), /^[0-9a-f]{64}$/],
    ["a space", "a b", /^[0-9a-f]{64}$/],
    ["letters of any alphabet", "é", /^[0-9a-f]{64}$/],
  ])("can group the updates of a contact whose id is %s", async (_, contactId, group) => {
    await anIntake().put([aMessage("attribute-update", "u-1", { group: contactId })]);
    expect(queues.held("attribute-update")).toEqual([
      expect.objectContaining({ group: expect.stringMatching(group) }),
    ]);
  });

  it("get characters that SQS does not take as what they stand for in JSON", async () => {
    const attributes = { odd: "\uFFFE \uFFFF \u0000 😀 \uD83D é" };
    const update = { updateId: "u-1", requestId: "r-1", attributes, occurredAt: "2026-11-24T12:00:00Z" };
    const checked = checkMessage("attribute-update", update, {}, Date.parse(update.occurredAt));
    if (checked.kind === "unfit") throw new Error(checked.problems.join());
    expect(await anIntake().put([checked.message])).toEqual([true]);
    expect(queues.held("attribute-update").map(({ body }) => JSON.parse(body))).toEqual([update]);
  });
});
