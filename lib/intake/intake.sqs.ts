import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { batchesOf } from "./batches.ts";
import { groupIdOf } from "./group-id.ts";
import type { Intake } from "./intake.ts";
import { type FitMessage, kinds, type MessageKind } from "./message.ts";

/** What has an order keeps it, so a FIFO queue gets one batch after the other. */
const batchesAtOnce = {
  "call-request": 8,
  "stop-request": 8,
  "attribute-update": 1,
  "user-command": 1,
} satisfies Record<MessageKind, number>;

export class SqsIntake implements Intake {
  private readonly client: SQSClient;
  private readonly queueUrls: Partial<Record<MessageKind, string>>;
  private readonly onFailure: (error: unknown) => void;

  /** @param onFailure is told why a queue did not take messages, once for each batch */
  constructor(
    client: SQSClient,
    queueUrls: Partial<Record<MessageKind, string>>,
    onFailure: (error: unknown) => void,
  ) {
    this.client = client;
    this.queueUrls = queueUrls;
    this.onFailure = onFailure;
  }

  async put(messages: FitMessage[]): Promise<boolean[]> {
    const taken = new Set<FitMessage>();
    await Promise.all(
      kinds.flatMap((kind) => {
        const batches = batchesOf(messages.filter((message) => message.kind === kind));
        return Array.from({ length: batchesAtOnce[kind] }, () => this.sendNext(kind, batches, taken));
      }),
    );
    return messages.map((message) => taken.has(message));
  }

  /** Batch after batch, until none is left or one has failed: each failure costs a timeout, and the next would fail too. */
  private async sendNext(kind: MessageKind, batches: FitMessage[][], taken: Set<FitMessage>): Promise<void> {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      try {
        for (const message of await this.send(kind, batch)) taken.add(message);
      } catch (error) {
        this.onFailure(error);
        batches.length = 0;
      }
    }
  }

  private async send(kind: MessageKind, batch: FitMessage[]): Promise<FitMessage[]> {
    const { Successful = [], Failed = [] } = await this.client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.queueUrls[kind],
        Entries: batch.map(({ id, body, group }, index) => ({
          Id: String(index),
          MessageBody: body,
          ...(group !== undefined && { MessageGroupId: groupIdOf(group), MessageDeduplicationId: id }),
        })),
      }),
    );
    if (Failed[0]) this.onFailure(new EntriesRefused(Failed[0].Code));
    return Successful.flatMap(({ Id }) => batch[Number(Id)] ?? []);
  }
}

/** SQS took the batch, and not every message of it. */
class EntriesRefused extends Error {
  override readonly name = "EntriesRefused";
  readonly code: string | undefined;

  /** @param code SQS's, of the first message that it did not take */
  constructor(code: string | undefined) {
    super(`SQS did not take every message of a batch: ${code}`);
    this.code = code;
  }
}
