import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { NoticeDeliveries, NoticeDelivery } from "./notice-delivery.ts";
import { delaySecondsUntil } from "./retry-schedule.ts";

/** SQS takes ten messages, and a mebibyte, in one request; a delivery stays far below a tenth of that. */
const batchSize = 10;

export class SqsNoticeDeliveries implements NoticeDeliveries {
  private readonly client: () => SQSClient;
  private readonly queueUrl: string;
  private readonly now: () => number;

  constructor(client: () => SQSClient, queueUrl: string, now: () => number) {
    this.client = client;
    this.queueUrl = queueUrl;
    this.now = now;
  }

  async send(deliveries: NoticeDelivery[]): Promise<boolean[]> {
    const taken: boolean[] = [];
    for (let from = 0; from < deliveries.length; from += batchSize) {
      const batch = deliveries.slice(from, from + batchSize);
      const { Failed = [] } = await this.client().send(
        new SendMessageBatchCommand({
          QueueUrl: this.queueUrl,
          Entries: batch.map((delivery, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify(delivery),
            // A standard queue keeps no order by it, but serves each group its fair share (SQS fair queues).
            MessageGroupId: delivery.subscriberId,
            ...(delivery.dueAt && {
              DelaySeconds: delaySecondsUntil(Date.parse(delivery.dueAt), this.now()),
            }),
          })),
        }),
      );
      const failed = new Set(Failed.map(({ Id }) => Number(Id)));
      taken.push(...batch.map((_, index) => !failed.has(index)));
    }
    return taken;
  }
}
