import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";

/** `call-requests` → `CALL_REQUESTS`, with which the variables begin that tell of a queue. */
export const variableOf = (queue: string): string => queue.toUpperCase().replace("-", "_");

const counted = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

/** How many messages a queue holds, those in flight and those that are delayed included. */
export async function depthOf(sqs: SQSClient, QueueUrl: string | undefined): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counted] }),
  );
  return counted.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
}

/** Takes all that a queue holds. Of a FIFO queue the next message of a group comes when the last one is gone. */
export async function takeAll(sqs: SQSClient, QueueUrl: string | undefined): Promise<string[]> {
  const bodies: string[] = [];
  while (true) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = "" }) => Body));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
