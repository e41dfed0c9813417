import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from "@aws-sdk/client-sns";
import type { Notice, Notices } from "./notice.ts";

/** SNS takes ten messages, and 256 KiB, in one request; a notice stays far below a tenth of that. */
const batchSize = 10;

export class SnsNotices implements Notices {
  private readonly client: () => SNSClient;
  private readonly topicArn: string;

  constructor(client: () => SNSClient, topicArn: string) {
    this.client = client;
    this.topicArn = topicArn;
  }

  async publish(notices: Notice[]): Promise<Set<string>> {
    const distinct = [...new Map(notices.map((notice) => [notice.noticeId, notice])).values()];
    const failed = new Set<string>();
    for (let from = 0; from < distinct.length; from += batchSize) {
      const entries = distinct.slice(from, from + batchSize).map(entryOf);
      const { Failed } = await this.client().send(
        new PublishBatchCommand({ TopicArn: this.topicArn, PublishBatchRequestEntries: entries }),
      );
      for (const { Id } of Failed ?? []) if (Id) failed.add(Id);
    }
    return failed;
  }
}

function entryOf(notice: Notice): PublishBatchRequestEntry {
  return {
    Id: notice.noticeId,
    Message: JSON.stringify(notice),
    MessageAttributes: {
      type: { DataType: "String", StringValue: notice.type },
      ...("state" in notice && { state: { DataType: "String", StringValue: notice.state } }),
      ...("outcome" in notice && { outcome: { DataType: "String", StringValue: notice.outcome } }),
    },
  };
}
