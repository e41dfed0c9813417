import { randomUUID } from "node:crypto";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { commandMessage } from "./command-message.ts";
import type { Again } from "./user-command.ts";

export class SqsUserCommands {
  private readonly client: () => SQSClient;
  private readonly queueUrl: string;

  constructor(client: () => SQSClient, queueUrl: string) {
    this.client = client;
    this.queueUrl = queueUrl;
  }

  /** Behind all others of the same user. */
  async send(again: Again): Promise<void> {
    await this.client().send(
      new SendMessageCommand({
        QueueUrl: this.queueUrl,
        ...commandMessage(again, again.command.username, randomUUID()),
      }),
    );
  }
}
