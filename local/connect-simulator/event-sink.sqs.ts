import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

export type QueueSink = {
  send(message: object): Promise<void>;
  close(): void;
};

/** Puts messages on one SQS queue, as an EventBridge rule or a Pipe would. Region, endpoint, keys: the SDK's environment. */
export function queueSink(queueUrl: string, region: string): QueueSink {
  const client = new SQSClient({ region: process.env["AWS_REGION"] ?? region });
  return {
    async send(message) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message) }));
    },
    close: () => client.destroy(),
  };
}
