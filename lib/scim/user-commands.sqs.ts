import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { groupIdOf } from "../intake/group-id.ts";
import { textForSqs } from "../intake/text-for-sqs.ts";
import type { UserCommand } from "../roster/user-command.ts";
import type { SendSteps } from "./steps.ts";

export class SqsScimCommands implements Pick<SendSteps["commands"], "send"> {
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
        MessageBody: textForSqs(command),
        MessageGroupId: groupIdOf(command.username),
        MessageDeduplicationId: command.commandId,
      }),
    );
  }
}
