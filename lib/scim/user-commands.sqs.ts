import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { commandMessage } from "../roster/command-message.ts";
import type { UserCommand } from "../roster/user-command.ts";
import type { SendSteps } from "./steps.ts";

type Commands = SendSteps["commands"];

export class SqsScimCommands implements Commands {
  private readonly client: SQSClient;
  private readonly queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.client = client;
    this.queueUrl = queueUrl;
  }

  async send(command: UserCommand): Promise<void> {
    await this.client.send(
      new SendMessageCommand({
        QueueUrl: this.queueUrl,
        ...commandMessage(command, command.username, command.commandId),
      }),
    );
  }
}
