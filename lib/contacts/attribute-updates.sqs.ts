import { randomUUID } from "node:crypto";
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { batchesOf } from "../intake/batches.ts";
import { groupIdOf } from "../intake/group-id.ts";
import type { AttributeUpdates } from "./hand-over.ts";

export class SqsAttributeUpdates implements AttributeUpdates {
  private readonly client: () => SQSClient;
  private readonly queueUrl: string;

  constructor(client: () => SQSClient, queueUrl: string) {
    this.client = client;
    this.queueUrl = queueUrl;
  }

  async send(messages: Parameters<AttributeUpdates["send"]>[0]): Promise<void> {
    for (const batch of batchesOf(messages)) {
      const { Failed } = await this.client().send(
        new SendMessageBatchCommand({
          QueueUrl: this.queueUrl,
          Entries: batch.map(({ group, body }, index) => ({
            Id: String(index),
            MessageBody: body,
            MessageGroupId: groupIdOf(group),
            // A repetition is meant: the last one may have been dealt with before there was anything to do.
            MessageDeduplicationId: randomUUID(),
          })),
        }),
      );
      if (Failed?.length) throw new Error(`SQS did not take ${Failed.length} of ${batch.length} messages`);
    }
  }
}
