import type { SQSEvent } from "aws-lambda";

export interface Message {
  requestId: string;
  messageId: string;
  body: string;
  /** Which time this is that it is received, from 1. */
  receives: number;
}

/** A valid number that the simulator answers, and a request that uses every default. */
export function aMessage(requestId: string): Message {
  return {
    requestId,
    messageId: `message-${requestId}`,
    body: JSON.stringify({ requestId, destination: "+12065550100" }),
    receives: 1,
  };
}

/** The same message, when its visibility timeout has passed. */
export function received(message: Message): Message {
  return { ...message, receives: message.receives + 1 };
}

/** Another message of the same content, as release-due sends it. */
export function sentAnew(message: Message): Message {
  return { ...message, messageId: `${message.messageId}'`, receives: 1 };
}

export function messages(prefix: string, count: number): Message[] {
  return Array.from({ length: count }, (_, index) => aMessage(`${prefix}-${index + 1}`));
}

export function batchesOf<T>(size: number, items: T[]): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

export function sqsEvent(batch: Message[]): SQSEvent {
  return {
    Records: batch.map(({ messageId, body, receives }) => ({
      messageId,
      receiptHandle: `receipt-${messageId}-${receives}`,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(Date.now()),
        SenderId: "AIDAEXAMPLE",
        ApproximateFirstReceiveTimestamp: String(Date.now()),
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:111122223333:call-requests",
      awsRegion: "us-east-1",
    })),
  };
}
