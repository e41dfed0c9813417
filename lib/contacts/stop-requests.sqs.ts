import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { StopRequests } from "./stop-contact.ts";

/** SQS takes ten messages at once. */
const batchSize = 10;

export class SqsStopRequests implements StopRequests {
  private readonly client: () => SQSClient;
  private readonly queueUrl: string;

  constructor(client: () => SQSClient, queueUrl: string) {
    this.client = client;
    this.queueUrl = queueUrl;
  }

  async send(stops: Parameters<StopRequests["send"]>[0]): Promise<void> {
    for (let from = 0; from < stops.length; from += batchSize) {
      const batch = stops.slice(from, from + batchSize);
      const { Failed } = await this.client().send(
        new SendMessageBatchCommand({
          QueueUrl: this.queueUrl,
          Entries: batch.map(({ stop, delaySeconds }, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify(stop),
            DelaySeconds: delaySeconds,
          })),
        }),
      );
      if (Failed?.length) throw new Error(`SQS did not take ${Failed.length} of ${batch.length} stops`);
    }
  }
}
