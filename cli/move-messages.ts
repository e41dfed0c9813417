import { randomUUID } from "node:crypto";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { progress } from "./print.ts";

/** Seconds. Until then a message that was received and not moved is out of sight. */
const outOfSight = 60;
const batchSize = 10;
/** After so many receives in a row with nothing new: what is to stay comes round again in a queue that takes long. */
const mostFruitless = 20;
/** All messages of a batch together: what any SQS takes. One that is larger goes alone. */
const batchBytes = 256 * 1024;

export interface Moved {
  moved: number;
  /** Dead letters of after the start, which would otherwise go round and round. */
  came: number;
  /** Why it ended before the queue was empty or the limit was reached. */
  stopped?: string;
}

interface MoveOptions {
  limit: number;
  /** How many there are, for whoever watches. */
  about: number;
  /** What is sent in place of a message; undefined for one that is to stay, and to be seen again at once. */
  pick?(message: Message): Message | undefined;
}

/** Receive, send, and only then delete: whatever fails in between, a message is in one of the queues or in both. */
export async function moveMessages(
  client: SQSClient,
  from: string,
  to: string,
  { limit, about, pick = (message) => message }: MoveOptions,
): Promise<Moved> {
  const left = new Map<string | undefined, Message>();
  try {
    return await move(client, from, to, { limit, about, pick, left });
  } finally {
    await showAgain(client, from, [...left.values()]);
  }
}

async function move(
  client: SQSClient,
  from: string,
  to: string,
  { limit, about, pick, left }: Required<MoveOptions> & { left: Map<string | undefined, Message> },
): Promise<Moved> {
  const startedAt = Date.now();
  const interrupted = onInterrupt();
  const came = new Set<string | undefined>();
  let moved = 0;
  let fruitless = 0;
  const now = () => ({ moved, came: came.size });
  while (moved < limit) {
    if (interrupted()) return { ...now(), stopped: "Interrupted: run it again for the rest." };
    const received = await receive(client, from, Math.min(batchSize, limit - moved));
    fruitless = received.every(({ MessageId }) => left.has(MessageId)) ? fruitless + 1 : 0;
    if (received.length === 0 || fruitless === mostFruitless) return now();
    const picked: Message[] = [];
    for (const message of received) {
      const sent = sentAt(message) <= startedAt ? pick(message) : undefined;
      if (sent) picked.push(sent);
      else left.set(message.MessageId, message);
      if (sentAt(message) > startedAt) came.add(message.MessageId);
    }
    for (const batch of inBatches(picked)) {
      const sent = await send(client, to, batch);
      const deleted = await remove(client, from, sent);
      moved += deleted;
      if (deleted < batch.length) {
        const failed = batch.length - deleted;
        return { ...now(), stopped: `SQS did not take ${messages(failed)}: they stay, run it again.` };
      }
    }
    progress(`${moved} of about ${about} moved`);
  }
  return now();
}

async function receive(client: SQSClient, from: string, most: number): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: from,
      MaxNumberOfMessages: most,
      VisibilityTimeout: outOfSight,
      // Asks all of SQS's servers: without waiting, none may be found although there are some.
      WaitTimeSeconds: 1,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["SentTimestamp", "MessageGroupId"],
    }),
  );
  return Messages;
}

/** @returns those that were taken */
async function send(client: SQSClient, to: string, batch: Message[]): Promise<Message[]> {
  const { Successful = [] } = await client.send(
    new SendMessageBatchCommand({
      QueueUrl: to,
      Entries: batch.map(({ Body, MessageAttributes, Attributes }, index) => ({
        Id: String(index),
        MessageBody: Body,
        MessageAttributes,
        ...(Attributes?.MessageGroupId !== undefined && {
          MessageGroupId: Attributes.MessageGroupId,
          // What was sent minutes ago is not to be taken for what is sent now.
          ...(to.endsWith(".fifo") && { MessageDeduplicationId: randomUUID() }),
        }),
      })),
    }),
  );
  return Successful.flatMap(({ Id }) => batch[Number(Id)] ?? []);
}

/** @returns how many are gone */
async function remove(client: SQSClient, from: string, batch: Message[]): Promise<number> {
  if (batch.length === 0) return 0;
  const { Successful = [] } = await client.send(
    new DeleteMessageBatchCommand({
      QueueUrl: from,
      Entries: batch.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    }),
  );
  return Successful.length;
}

/** Whoever looks next finds them; without it they would be out of sight for a while longer. */
async function showAgain(client: SQSClient, from: string, left: Message[]): Promise<void> {
  for (let first = 0; first < left.length; first += batchSize) {
    const Entries = left.slice(first, first + batchSize).map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: from, Entries }));
  }
}

function inBatches(all: Message[]): Message[][] {
  const batches: { messages: Message[]; bytes: number }[] = [];
  for (const message of all) {
    const bytes = bytesOf(message);
    const last = batches.at(-1);
    if (last && last.bytes + bytes <= batchBytes) {
      last.messages.push(message);
      last.bytes += bytes;
    } else batches.push({ messages: [message], bytes });
  }
  return batches.map((batch) => batch.messages);
}

function bytesOf({ Body = "", MessageAttributes = {} }: Message): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType = "", StringValue = "", BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.byteLength ?? 0),
    Buffer.byteLength(Body),
  );
}

/** Epoch milliseconds. */
function sentAt({ Attributes }: Message): number {
  return Number(Attributes?.SentTimestamp ?? 0);
}

export async function countOf(
  url: string,
  client: SQSClient,
): Promise<{ waiting: number; inFlight: number }> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return {
    waiting: Number(Attributes["ApproximateNumberOfMessages"] ?? 0),
    inFlight: Number(Attributes["ApproximateNumberOfMessagesNotVisible"] ?? 0),
  };
}

/** The first Ctrl-C lets the batch under way be finished, the second one ends at once, which harms nothing either. */
function onInterrupt(): () => boolean {
  let interrupted = false;
  process.once("SIGINT", () => {
    interrupted = true;
  });
  return () => interrupted;
}

export function messages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}
