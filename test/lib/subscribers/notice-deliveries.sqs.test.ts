import { ReceiveMessageCommand, type SendMessageBatchCommandInput } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sqs } from "../../../lib/edge/clients.ts";
import { SqsNoticeDeliveries } from "../../../lib/subscribers/notice-deliveries.sqs.ts";
import { aNotice, minutes } from "../../support/builders.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

it("the queue takes any number of deliveries, each in the group of its subscriber, and holds back what is due later", async () => {
  const QueueUrl = String(emulators.env["NOTICE_DELIVERIES_QUEUE_URL"]);
  const client = sqs();
  const groups: (string | undefined)[] = [];
  client.middlewareStack.add(
    (next) => (sending) => {
      const { Entries = [] } = sending.input as SendMessageBatchCommandInput;
      groups.push(...Entries.map(({ MessageGroupId }) => MessageGroupId));
      return next(sending);
    },
    { step: "initialize" },
  );
  const queue = new SqsNoticeDeliveries(() => client, QueueUrl, Date.now);
  const firstAt = new Date().toISOString();
  const deliveries = Array.from({ length: 23 }, (_, index) => ({
    subscriberId: `s-${index % 3}`,
    notice: aNotice({ noticeId: `n-${index}` }),
    tries: 0,
    firstAt,
  }));
  const dueAt = new Date(Date.now() + minutes(60)).toISOString();
  const later = { subscriberId: "s-9", notice: aNotice(), tries: 1, firstAt, dueAt };

  const taken = await queue.send([...deliveries, later]);

  expect(taken).toEqual(Array(24).fill(true));
  const received: unknown[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    received.push(...Messages.map(({ Body = "" }) => JSON.parse(Body)));
  }
  expect(received).toHaveLength(23);
  expect(received).toEqual(expect.arrayContaining(deliveries));
  // fauxqs takes a group, and does not give it back from a standard queue.
  expect(groups).toEqual([...deliveries, later].map(({ subscriberId }) => subscriberId));
});
