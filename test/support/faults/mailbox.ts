import { randomUUID } from "node:crypto";
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { failuresIn } from "../../../local/stack/batch-response.ts";
import type { Invocation } from "../../../local/stack/execution-environment.ts";
import { sqsEvent } from "../../../local/stack/sqs-event.ts";

/** What became of the batches that a function was given. */
export interface Tally {
  /** Messages that the function itself gave back, to be delivered again. */
  handedBack: number;
  /** Invocations that ended because their time was up. */
  cutOff: number;
}

type Invoke = (event: ReturnType<typeof sqsEvent>) => Promise<Invocation>;

/** Gives all that can be seen in a queue to a function, as Lambda does, and deletes what it has dealt with. @returns how many there were */
export async function drain(sqs: SQSClient, QueueUrl: string, invoke: Invoke, tally: Tally): Promise<number> {
  let count = 0;
  while (true) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All"] }),
    );
    if (Messages.length === 0) return count;
    count += Messages.length;
    const event = sqsEvent(Messages, "arn:aws:sqs:us-east-1:000000000000:queue");
    const failed = failedOf(await invoke(event), event.Records, tally);
    const done = Messages.filter(({ MessageId }) => !failed.includes(MessageId));
    const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

/** A message as SQS delivers it for the first time. */
export function recordOf(body: unknown) {
  return {
    messageId: randomUUID(),
    body: typeof body === "string" ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: "1" },
  };
}

/** Of an invocation: the messages that are to come again. */
export function failedOf(
  invocation: Invocation,
  records: { messageId: string | undefined }[],
  tally: Tally,
): (string | undefined)[] {
  const messageIds = records.map(({ messageId }) => String(messageId));
  if (invocation.kind === "timed-out") tally.cutOff += 1;
  if (invocation.kind === "timed-out" || invocation.kind === "died") return messageIds;
  const failures = invocation.kind === "failed" ? "all" : failuresIn(invocation.result, messageIds);
  const failed = failures === "all" ? messageIds : failures;
  tally.handedBack += failed.length;
  return failed;
}

/** How many messages a queue holds, those in flight included. */
export async function depthOf(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  return (
    Number(Attributes?.["ApproximateNumberOfMessages"]) +
    Number(Attributes?.["ApproximateNumberOfMessagesNotVisible"])
  );
}
