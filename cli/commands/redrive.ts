import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { Argument, type Command } from "commander";
import { sqs } from "../../lib/edge/clients.ts";
import { exitCodes } from "../failure.ts";
import { type CommonOptions, examples, positiveInteger } from "../options.ts";
import { print, progress } from "../print.ts";
import { type Queue, queues, Settings } from "../settings.ts";

interface Options extends CommonOptions {
  limit?: number;
  dryRun?: true;
}

/** Seconds. Until then a message that was received and not moved is out of sight. */
const outOfSight = 60;
const batchSize = 10;
/** All messages of a batch together: what any SQS takes. One that is larger goes alone. */
const batchBytes = 256 * 1024;

export function addRedrive(program: Command): void {
  program
    .command("redrive")
    .description("Moves the messages of a dead-letter queue back to their queue; it can never dial twice")
    .addArgument(new Argument("<queue>", "the queue that they go back to").choices(queues))
    .option("--limit <n>", "how many to move at most", positiveInteger)
    .option("--dry-run", "only say how many there are")
    .addHelpText(
      "after",
      examples(
        "redrive call-requests --dry-run",
        "redrive call-requests --limit 1",
        "redrive contact-events --stage prod",
      ),
    )
    .action(redrive);
}

async function redrive(queue: Queue, _options: unknown, command: Command): Promise<void> {
  const { json, stage, limit, dryRun } = command.optsWithGlobals<Options>();
  const settings = new Settings(stage);
  const client = sqs();
  const [to, from] = await Promise.all([
    settings.queueUrl(queue, client),
    settings.deadLetterQueueUrl(queue, client),
  ]);
  const { waiting, inFlight } = await countOf(from, client);
  if (dryRun) {
    print(json, { queue, dryRun: true, moved: 0, waiting, inFlight }, [
      `${messages(Math.min(waiting, limit ?? waiting))} would go back to ${queue}${inFlight > 0 ? `; ${inFlight} in flight would stay` : ""}.`,
    ]);
    return;
  }
  const moved = await move(client, from, to, { limit: limit ?? Number.POSITIVE_INFINITY, about: waiting });
  progress("");
  const left = await countOf(from, client);
  print(json, { queue, dryRun: false, ...moved, ...left }, [
    `${messages(moved.moved)} went back to ${queue}. In the dead-letter queue: ${left.waiting}, and ${left.inFlight} in flight.`,
    ...(moved.came > 0
      ? [`${messages(moved.came)} came in meanwhile and stayed: see why before the next redrive.`]
      : []),
    ...(moved.stopped ? [moved.stopped] : []),
  ]);
  if (moved.stopped) process.exitCode = exitCodes.failed;
}

interface Moved {
  moved: number;
  /** Dead letters of after the start, which would otherwise go round and round. */
  came: number;
  /** Why it ended before the queue was empty or the limit was reached. */
  stopped?: string;
}

/** Receive, send, and only then delete: whatever fails in between, a message is in one of the queues or in both. */
async function move(
  client: SQSClient,
  from: string,
  to: string,
  { limit, about }: { limit: number; about: number },
): Promise<Moved> {
  const startedAt = Date.now();
  const interrupted = onInterrupt();
  const came = new Set<string | undefined>();
  let moved = 0;
  const now = () => ({ moved, came: came.size });
  while (moved < limit) {
    if (interrupted()) return { ...now(), stopped: "Interrupted: run it again for the rest." };
    const received = await receive(client, from, Math.min(batchSize, limit - moved));
    if (received.length === 0) return now();
    const old = received.filter((message) => sentAt(message) <= startedAt);
    for (const message of received) if (!old.includes(message)) came.add(message.MessageId);
    for (const batch of inBatches(old)) {
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
      MessageSystemAttributeNames: ["SentTimestamp"],
    }),
  );
  return Messages;
}

/** @returns those that were taken */
async function send(client: SQSClient, to: string, batch: Message[]): Promise<Message[]> {
  const { Successful = [] } = await client.send(
    new SendMessageBatchCommand({
      QueueUrl: to,
      Entries: batch.map(({ Body, MessageAttributes }, index) => ({
        Id: String(index),
        MessageBody: Body,
        MessageAttributes,
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

async function countOf(url: string, client: SQSClient): Promise<{ waiting: number; inFlight: number }> {
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

function messages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}
