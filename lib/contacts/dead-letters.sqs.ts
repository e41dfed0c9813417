import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Delivery } from "./delivery.ts";

/** Straight to the dead-letter queue: five deliveries would not make such a message readable. */
export class SqsDeadLetters {
  private readonly client: () => SQSClient;
  private readonly queueUrl: string;

  constructor(client: () => SQSClient, queueUrl: string) {
    this.client = client;
    this.queueUrl = queueUrl;
  }

  async put(delivery: Delivery, why: string): Promise<void> {
    await this.client().send(
      new SendMessageCommand({
        QueueUrl: this.queueUrl,
        MessageBody: delivery.body,
        MessageAttributes: { reason: { DataType: "String", StringValue: why } },
        ...(this.queueUrl.endsWith(".fifo") && {
          MessageGroupId: delivery.fifo?.group ?? "unusable",
          MessageDeduplicationId: delivery.messageId,
        }),
      }),
    );
  }
}
