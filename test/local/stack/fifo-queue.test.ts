import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Seen, type Stack, startStack } from "../../../local/stack/stack.ts";
import {
  aDirectory,
  aFunction,
  aMapping,
  aQueue,
  aService,
  removeDirectories,
  until,
} from "./small-service.ts";

/** After a failure it leaves the later ones of that group alone, and gives them back as well. */
const worker = `
export const handler = async ({ Records }) => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  const failed = new Set();
  const back = Records.filter(({ body, attributes }) => {
    if (JSON.parse(body).failures >= Number(attributes.ApproximateReceiveCount)) failed.add(attributes.MessageGroupId);
    return failed.has(attributes.MessageGroupId);
  });
  return { batchItemFailures: back.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
`;
const RedrivePolicy = { deadLetterTargetArn: { "Fn::GetAtt": ["Dead", "Arn"] }, maxReceiveCount: 2 };
const Fifo = { FifoQueue: true };

interface Record {
  messageId: string;
  body: string;
  attributes: { [name: string]: string };
}
type Order = { group: string; n: number; failures?: number };

let stack: Stack;
let seen: Seen[] = [];

const start = async (MaximumConcurrency: number, BatchSize = 10) => {
  stack = await startStack({
    service: aService(
      {
        Dead: aQueue("dead.fifo", Fifo),
        Work: aQueue("work.fifo", { ...Fifo, RedrivePolicy, DeduplicationScope: "messageGroup" }),
        Worker: aFunction("worker"),
        Mapping: aMapping("Work", "Worker", {
          BatchSize,
          ScalingConfig: { MaximumConcurrency },
        }),
      },
      { worker },
    ),
    dir: aDirectory(),
    pollers: false,
    warn: () => {},
  });
  stack.onInvocation((one) => void seen.push(one));
};

beforeEach(() => {
  seen = [];
});
afterEach(async () => {
  await stack.stop();
  removeDirectories();
});

const recordsOf = ({ event }: Seen) => (event as { Records: Record[] }).Records;
const orderOf = ({ body }: Record) => JSON.parse(body) as Order;
const urlOf = (queue: string) => `${stack.env["AWS_ENDPOINT_URL_SQS"]}/000000000000/${queue}`;
const deliveriesOf = (group: string) =>
  seen
    .flatMap((one) => (one.phase === "started" ? recordsOf(one).map(orderOf) : []))
    .filter((order) => order.group === group)
    .map(({ n }) => n);
const send = (orders: Order[]) =>
  stack.clients.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: urlOf("work.fifo"),
      Entries: orders.map((order, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify(order),
        MessageGroupId: order.group,
        MessageDeduplicationId: `${order.group}-${order.n}`,
      })),
    }),
  );
const isEmpty = (queue: string) =>
  until(async () => {
    const AttributeNames = [
      "ApproximateNumberOfMessages" as const,
      "ApproximateNumberOfMessagesNotVisible" as const,
    ];
    const { Attributes = {} } = await stack.clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: urlOf(queue), AttributeNames }),
    );
    expect(Object.values(Attributes)).toEqual(["0", "0"]);
  });

/** The most invocations that were under way at once, of all and of one group. */
function overlaps(): { invocations: number; ofOneGroup: number } {
  const underWay = new Map<unknown, string[]>();
  const most = { invocations: 0, ofOneGroup: 0 };
  for (const one of seen) {
    if (one.phase === "ended") underWay.delete(one.event);
    else underWay.set(one.event, [...new Set(recordsOf(one).map((record) => orderOf(record).group))]);
    const groups = [...underWay.values()].flat();
    most.invocations = Math.max(most.invocations, underWay.size);
    most.ofOneGroup = Math.max(
      most.ofOneGroup,
      ...groups.map((group) => groups.filter((other) => other === group).length),
    );
  }
  return most;
}

describe("a FIFO queue's messages", () => {
  it("come in the order of their group, one invocation of a group at a time", async () => {
    await start(5);
    const groups = ["a", "b", "c", "d", "e"];
    for (let n = 0; n < 6; n += 2)
      await send(
        groups.flatMap((group) => [
          { group, n },
          { group, n: n + 1 },
        ]),
      );
    stack.resume("worker");
    await isEmpty("work.fifo");
    for (const group of groups) expect(deliveriesOf(group)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(overlaps().ofOneGroup).toBe(1);
  });

  it("of several groups are worked on at once, by no more than the mapping allows", async () => {
    await start(2, 1);
    stack.resume("worker");
    for (let n = 0; n < 10; n++) await send(["a", "b", "c", "d"].map((group) => ({ group, n })));
    await isEmpty("work.fifo");
    expect(overlaps()).toEqual({ invocations: 2, ofOneGroup: 1 });
  });

  it("come again before the later ones of their group when they fail, and hold up no other group", async () => {
    await start(5);
    await send([
      { group: "a", n: 0 },
      { group: "a", n: 1, failures: 1 },
      { group: "a", n: 2 },
      { group: "b", n: 0 },
      { group: "b", n: 1 },
    ]);
    stack.resume("worker");
    await isEmpty("work.fifo");
    expect(deliveriesOf("a")).toEqual([0, 1, 1, 2]);
    expect(deliveriesOf("b")).toEqual([0, 1]);
    const ends = seen
      .filter(({ phase }) => phase === "ended")
      .flatMap(recordsOf)
      .map(orderOf);
    const at = (group: string, n: number) =>
      ends.findLastIndex((order) => order.group === group && order.n === n);
    expect(at("b", 1)).toBeLessThan(at("a", 1));
  });

  it("keep their order when a function dies under them", async () => {
    await start(5);
    await send([0, 1, 2].map((n) => ({ group: "a", n })));
    const end = stack.onInvocation(({ phase }) => {
      if (phase !== "started") return;
      end();
      stack.kill("worker");
    });
    stack.resume("worker");
    await isEmpty("work.fifo");
    expect(deliveriesOf("a")).toEqual([0, 0, 1, 2]);
  });

  it("go to the dead-letter queue when they fail too often, and let the later ones pass", async () => {
    await start(5);
    await send([
      { group: "a", n: 0, failures: 9 },
      { group: "a", n: 1 },
    ]);
    stack.resume("worker");
    await isEmpty("work.fifo");
    expect(deliveriesOf("a")).toEqual([0, 0, 1]);
    const { Messages = [] } = await stack.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: urlOf("dead.fifo"), MessageSystemAttributeNames: ["All"] }),
    );
    expect(Messages.map(({ Body }) => JSON.parse(String(Body)))).toEqual([{ group: "a", n: 0, failures: 9 }]);
    expect(Messages[0]?.Attributes).toMatchObject({ MessageGroupId: "a", MessageDeduplicationId: "a-0" });
  });

  it("tell their group, their deduplication id and their place", async () => {
    await start(2);
    await send([
      { group: "a", n: 0 },
      { group: "b", n: 0 },
    ]);
    stack.resume("worker");
    await isEmpty("work.fifo");
    const records = seen.filter(({ phase }) => phase === "started").flatMap(recordsOf);
    expect(records.map(({ attributes }) => attributes)).toMatchObject([
      {
        MessageGroupId: "a",
        MessageDeduplicationId: "a-0",
        SequenceNumber: expect.stringMatching(/^\d{20}$/),
      },
      {
        MessageGroupId: "b",
        MessageDeduplicationId: "b-0",
        SequenceNumber: expect.stringMatching(/^\d{20}$/),
      },
    ]);
  });

  it("that say the same within five minutes are one", async () => {
    await start(2);
    const message = { QueueUrl: urlOf("work.fifo"), MessageGroupId: "a", MessageDeduplicationId: "same" };
    for (const n of [0, 1])
      await stack.clients.sqs.send(
        new SendMessageCommand({ ...message, MessageBody: JSON.stringify({ group: "a", n }) }),
      );
    stack.resume("worker");
    await isEmpty("work.fifo");
    expect(deliveriesOf("a")).toEqual([0]);
  });

  it.each([[{ MaximumBatchingWindowInSeconds: 1 }], [{ BatchSize: 11 }]])(
    "cannot be gathered for long or in great numbers, as on AWS: %j",
    async (properties) => {
      await start(2);
      const started = startStack({
        service: aService(
          {
            Work: aQueue("work.fifo", Fifo),
            Worker: aFunction("worker"),
            Mapping: aMapping("Work", "Worker", properties),
          },
          { worker },
        ),
        dir: aDirectory(),
      });
      await expect(started).rejects.toThrow(/^Mapping: of a FIFO queue/);
    },
  );
});
