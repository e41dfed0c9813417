import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";

/** What a producer is told, as far as the terminal shows it. */
export interface Told {
  noticeId: string;
  requestId: string;
  state: string;
  attempt?: number;
  outcome?: string;
  reason?: string;
  problems?: string[];
  dueAt?: string;
  revision: number;
}

const queueName = "local-notice-watch";

/** Subscribes a queue of its own to the notices, as any producer would. @returns how to end it */
export async function watchNotices(
  env: Record<string, string>,
  onNotice: (notice: Told) => void,
): Promise<() => Promise<void>> {
  const access = {
    region: String(env["AWS_REGION"]),
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const sqs = new SQSClient({ ...access, endpoint: String(env["AWS_ENDPOINT_URL_SQS"]) });
  const sns = new SNSClient({ ...access, endpoint: String(env["AWS_ENDPOINT_URL_SNS"]) });
  await sqs.send(new CreateQueueCommand({ QueueName: queueName }));
  const queueUrl = `${env["AWS_ENDPOINT_URL_SQS"]}/000000000000/${queueName}`;
  await sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: env["CONTACT_NOTICES_TOPIC_ARN"],
      Protocol: "sqs",
      Endpoint: `arn:aws:sqs:us-east-1:000000000000:${queueName}`,
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  const stopping = new AbortController();
  const polling = (async () => {
    while (!stopping.signal.aborted) {
      try {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
          { abortSignal: stopping.signal },
        );
        for (const { Body } of Messages) onNotice(JSON.parse(Body ?? "{}") as Told);
        const entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        if (entries.length > 0)
          await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
      } catch (error) {
        if (!stopping.signal.aborted) throw error;
      }
    }
  })();
  return async () => {
    stopping.abort();
    await polling;
    sqs.destroy();
    sns.destroy();
  };
}
