import { setTimeout as sleep } from "node:timers/promises";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { accountId, credentials, region } from "./emulators.ts";

/** What a producer is told, as far as the terminal shows it. */
export interface Told {
  noticeId: string;
  type?: string;
  requestId: string;
  contactId?: string;
  updateId?: string;
  username?: string;
  state: string;
  attempt?: number;
  outcome?: string;
  reason?: string;
  problems?: string[];
  dueAt?: string;
  revision: number;
}

export const noticeWatchQueue = "local-notice-watch";

/** Subscribes a queue of its own to the notices, as any producer would. @returns how to end it */
export async function watchNotices(
  env: Record<string, string>,
  onNotice: (notice: Told) => void,
): Promise<() => Promise<void>> {
  const sqs = new SQSClient({ region, credentials, endpoint: String(env["AWS_ENDPOINT_URL_SQS"]) });
  const sns = new SNSClient({ region, credentials, endpoint: String(env["AWS_ENDPOINT_URL_SNS"]) });
  const queueUrl = `${env["AWS_ENDPOINT_URL_SQS"]}/${accountId}/${noticeWatchQueue}`;
  await sqs.send(new CreateQueueCommand({ QueueName: noticeWatchQueue }));
  await sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: env["CONTACT_NOTICES_TOPIC_ARN"],
      Protocol: "sqs",
      Endpoint: `arn:aws:sqs:${region}:${accountId}:${noticeWatchQueue}`,
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  const stopping = new AbortController();
  const { signal } = stopping;
  const polling = (async () => {
    while (!signal.aborted) {
      try {
        await takeNotices(sqs, queueUrl, onNotice, signal);
      } catch {
        // The stack goes on without the view of it.
        await sleep(1_000, undefined, { signal }).catch(() => {});
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

async function takeNotices(
  sqs: SQSClient,
  QueueUrl: string,
  onNotice: (notice: Told) => void,
  abortSignal: AbortSignal,
): Promise<void> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
    { abortSignal },
  );
  for (const { Body } of Messages) onNotice(JSON.parse(Body ?? "{}") as Told);
  const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
}
