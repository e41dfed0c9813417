import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll } from "vitest";
import { sqs } from "../../../lib/edge/clients.ts";
import type { UserCommand } from "../../../lib/roster/user-command.ts";
import { SqsScimCommands } from "../../../lib/scim/user-commands.sqs.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { scimCommandsContract } from "../../support/scim-commands-contract.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

let queues = 0;
scimCommandsContract(async () => {
  queues += 1;
  const QueueName = `commands-${queues}.fifo`;
  await sqs().send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: "true" } }));
  const QueueUrl = `${emulators.env["AWS_ENDPOINT_URL_SQS"]}/000000000000/${QueueName}`;
  return {
    commands: new SqsScimCommands(sqs(), QueueUrl),
    queued: async () => {
      const commands: UserCommand[] = [];
      for (;;) {
        // The next of a group is to be had when this one is done with.
        const { Messages = [] } = await sqs().send(new ReceiveMessageCommand({ QueueUrl }));
        if (Messages.length === 0) return commands;
        for (const { Body = "", ReceiptHandle } of Messages) {
          commands.push(JSON.parse(Body));
          await sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
  };
});
