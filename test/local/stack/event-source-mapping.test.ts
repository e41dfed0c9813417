import { GetQueueAttributesCommand, type QueueAttributeName } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Seen, type Stack, startStack } from "../../../local/stack/stack.ts";
import {
  aDirectory,
  aFunction,
  aMapping,
  aQueue,
  aService,
  obedientBundle,
  removeDirectories,
  send,
  until,
} from "./small-service.ts";

const RedrivePolicy = { deadLetterTargetArn: { "Fn::GetAtt": ["Dead", "Arn"] }, maxReceiveCount: 2 };
const service = () =>
  aService(
    {
      Dead: aQueue("dead"),
      Work: aQueue("work", { RedrivePolicy }),
      Single: aQueue("single", { VisibilityTimeout: 30 }),
      Worker: aFunction("worker"),
      SingleWorker: aFunction("single", { Timeout: 10 }),
      Mapping: aMapping("Work", "Worker", { BatchSize: 10, ScalingConfig: { MaximumConcurrency: 2 } }),
      SingleMapping: aMapping("Single", "SingleWorker", {
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 2 },
      }),
    },
    { worker: obedientBundle, single: obedientBundle },
  );

interface Record {
  messageId: string;
  body: string;
  attributes: { [name: string]: string };
}
const recordsOf = ({ event }: Seen) => (event as { Records: Record[] }).Records;

describe("a queue's messages", () => {
  let stack: Stack;
  let seen: Seen[] = [];
  const warnings: string[] = [];

  beforeAll(async () => {
    stack = await startStack({
      service: service(),
      dir: aDirectory(),
      warn: (message) => void warnings.push(message),
    });
    stack.onInvocation((one) => void seen.push(one));
  });
  beforeEach(() => {
    seen = [];
    warnings.length = 0;
  });
  afterAll(async () => {
    await stack.stop();
    removeDirectories();
  });

  const startsOf = (name: string) =>
    seen
      .filter(({ phase }) => phase === "started")
      .flatMap(recordsOf)
      .filter(({ body }) => JSON.parse(body).name === name);
  const endings = () => seen.flatMap((one) => (one.phase === "ended" ? [one.invocation.kind] : []));
  const held = async (queue: string) => {
    const AttributeNames: QueueAttributeName[] = [
      "ApproximateNumberOfMessages",
      "ApproximateNumberOfMessagesNotVisible",
    ];
    const { Attributes = {} } = await stack.clients.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: `${stack.env["AWS_ENDPOINT_URL_SQS"]}/000000000000/${queue}`,
        AttributeNames,
      }),
    );
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  };
  const isEmpty = (queue: string) => until(async () => expect(await held(queue)).toBe(0));
  /** All in one batch. */
  const sendTogether = async (orders: object[]) => {
    await stack.pause("worker");
    await send(stack, "work", orders);
    stack.resume("worker");
  };

  it("come as Lambda's records, and are deleted", async () => {
    await send(stack, "work", [{ name: "one" }]);
    await until(() => expect(endings()).toEqual(["result"]));
    expect(startsOf("one")[0]).toMatchObject({
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      receiptHandle: expect.any(String),
      body: '{"name":"one"}',
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        ApproximateFirstReceiveTimestamp: expect.any(String),
        SenderId: expect.any(String),
      },
      messageAttributes: {},
      md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:work",
      awsRegion: "us-east-1",
    });
    await isEmpty("work");
  });

  it("that a function names as failed come back, the others of the batch do not", async () => {
    await sendTogether([{ name: "good" }, { name: "bad", does: "fail" }]);
    await until(() => expect(startsOf("bad")).toHaveLength(2));
    expect(startsOf("bad").map(({ attributes }) => attributes["ApproximateReceiveCount"])).toEqual([
      "1",
      "2",
    ]);
    await isEmpty("work");
    expect(startsOf("good")).toHaveLength(1);
  });

  it.each(["throw", "exit", "nonsense", "stranger", "hang"])(
    "come back all when the function does this to one of them: %s",
    async (does) => {
      await sendTogether([{ name: "good" }, { name: "bad", does }]);
      await until(() => expect([startsOf("good").length, startsOf("bad").length]).toEqual([2, 2]));
      await isEmpty("work");
      const first = { throw: "failed", exit: "died", hang: "timed-out" }[does] ?? "result";
      expect(endings()[0]).toBe(first);
      expect(warnings[0]).toMatch(/^small-worker .*2 messages come back$/);
    },
  );

  it("are dealt with when the function answers nothing", async () => {
    await send(stack, "work", [{ name: "one", does: "silence" }]);
    await until(() => expect(endings()).toEqual(["result"]));
    await isEmpty("work");
  });

  it("come back when their worker is killed in mid-flight", async () => {
    const end = stack.onInvocation(({ phase, functionName }) => {
      if (phase !== "started") return;
      end();
      expect(stack.kill(functionName)).toBe(1);
    });
    await send(stack, "work", [{ name: "one" }]);
    await until(() => expect(endings()).toEqual(["died", "result"]));
    await isEmpty("work");
  });

  it("go to the dead-letter queue after so many receives", async () => {
    await send(stack, "work", [{ name: "bad", does: "fail", times: 9 }]);
    await until(async () => expect(await held("dead")).toBe(1));
    expect(startsOf("bad")).toHaveLength(2);
    expect(await held("work")).toBe(0);
  });

  it("stay in the queue while their function is paused", async () => {
    await stack.pause("worker");
    await send(stack, "work", [{ name: "one" }]);
    expect(await held("work")).toBe(1);
    expect(seen).toEqual([]);
    stack.resume("worker");
    await isEmpty("work");
  });

  it("are given to no more invocations at once than the mapping allows", async () => {
    let now = 0;
    let most = 0;
    const end = stack.onInvocation(({ phase }) => {
      now += phase === "started" ? 1 : -1;
      most = Math.max(most, now);
    });
    await send(stack, "single", Array(6).fill({ name: "slow", does: "take-time" }));
    await until(() => expect(endings()).toHaveLength(6));
    end();
    expect(most).toBe(2);
    expect(seen.every((one) => recordsOf(one).length === 1)).toBe(true);
    expect(stack.environments("single")).toHaveLength(2);
  });
});
