import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Release } from "./release-due.ts";

/** SQS delays a message by at most 15 minutes. */
const longestDelaySeconds = 900;

export class SqsCallRequests {
  private readonly client: SQSClient;
  private readonly queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.client = client;
    this.queueUrl = queueUrl;
  }

  /** Ten at most. */
  async send(releases: Release[]): Promise<void> {
    const { Failed } = await this.client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.queueUrl,
        Entries: releases.map(({ body, delaySeconds }, index) => ({
          Id: String(index),
          MessageBody: body,
          DelaySeconds: Math.min(delaySeconds, longestDelaySeconds),
        })),
      }),
    );
    if (Failed?.length) throw new Error(`SQS did not take ${Failed.length} of ${releases.length} messages`);
  }
}
