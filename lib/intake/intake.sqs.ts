import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Intake } from "./intake.ts";
import { type FitMessage, kinds, type MessageKind } from "./message.ts";

/** SQS takes ten messages at once, and 1 MiB; a message of ours is at most a quarter of that. */
const batchSize = 10;
const batchBytes = 1_000_000;

export class SqsIntake implements Intake {
  private readonly client: SQSClient;
  private readonly queueUrls: Record<MessageKind, string>;

  constructor(client: SQSClient, queueUrls: Record<MessageKind, string>) {
    this.client = client;
    this.queueUrls = queueUrls;
  }

  async put(messages: FitMessage[]): Promise<boolean[]> {
    const taken = new Set<FitMessage>();
    await Promise.all(
      kinds.map(async (kind) => {
        // One batch after the other: updates of one contact keep their order.
        for (const batch of batchesOf(messages.filter((message) => message.kind === kind)))
          for (const message of await this.send(kind, batch)) taken.add(message);
      }),
    );
    return messages.map((message) => taken.has(message));
  }

  private async send(kind: MessageKind, batch: FitMessage[]): Promise<FitMessage[]> {
    const { Successful = [] } = await this.client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.queueUrls[kind],
        Entries: batch.map(({ id, body, group }, index) => ({
          Id: String(index),
          MessageBody: body,
          ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: id }),
        })),
      }),
    );
    return Successful.flatMap(({ Id }) => batch[Number(Id)] ?? []);
  }
}

function batchesOf(messages: FitMessage[]): FitMessage[][] {
  const batches: FitMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const batch = batches.at(-1);
    const size = Buffer.byteLength(message.body);
    if (batch && batch.length < batchSize && bytes + size <= batchBytes) {
      batch.push(message);
      bytes += size;
    } else {
      batches.push([message]);
      bytes = size;
    }
  }
  return batches;
}
