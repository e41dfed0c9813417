import { randomUUID } from "node:crypto";
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { commandMessage } from "../command-message.ts";
import { orderOf } from "../ledger.ts";
import type { UserCommand } from "../user-command.ts";
import type { CommandQueue } from "./apply-roster.ts";

export class SqsCommandQueue implements CommandQueue {
  private readonly client: SQSClient;
  private readonly queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.client = client;
    this.queueUrl = queueUrl;
  }

  async send(commands: UserCommand[]): Promise<(string | undefined)[]> {
    const { Successful = [] } = await this.client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.queueUrl,
        Entries: commands.map((command, index) => ({
          Id: String(index),
          // The same command is to be carried out again when it is sent again: the user may have been changed meanwhile.
          ...commandMessage(command, command.username, randomUUID()),
        })),
      }),
    );
    const orders = new Map(Successful.map(({ Id, SequenceNumber }) => [Number(Id), SequenceNumber]));
    return commands.map((_, index) => {
      const sequenceNumber = orders.get(index);
      return sequenceNumber === undefined ? undefined : orderOf(sequenceNumber);
    });
  }
}
