import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

export type QueueSink = {
  send(message: object): Promise<void>;
  close(): void;
};

/** Puts messages on one SQS queue, as an EventBridge rule or a Pipe would. Region, endpoint, keys: the SDK's environment. */
export function queueSink(queueUrl: string, region: string): QueueSink {
  const { AWS_REGION, AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL } = process.env;
  const client = new SQSClient({
    region: AWS_REGION ?? region,
    // The SDK would take the queue URL's host even so, and an emulator's host name need not resolve.
    useQueueUrlAsEndpoint: AWS_ENDPOINT_URL_SQS === undefined && AWS_ENDPOINT_URL === undefined,
  });
  return {
    async send(message) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message) }));
    },
    close: () => client.destroy(),
  };
}
