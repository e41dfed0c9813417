import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import dynalite from "dynalite";
import { startFauxqs } from "fauxqs";
import type { Resource } from "./cloudformation.ts";

/** fauxqs knows one account. */
export const accountId = "000000000000";
export const region = "us-east-1";
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

export interface Running {
  url: string;
  stop(): Promise<void>;
}

export async function startDatabase(
  port: number,
  dir: string | undefined,
): Promise<Running & { client: DynamoDBClient }> {
  if (dir) mkdirSync(dir, { recursive: true });
  const server = dynalite({
    ...(dir && { path: dir }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({ endpoint: url, region, credentials });
  const stop = async () => {
    client.destroy();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };
  return { url, client, stop };
}

export async function startMessaging(
  port: number,
  dir: string | undefined,
): Promise<Running & { sqs: SQSClient; sns: SNSClient }> {
  if (dir) mkdirSync(dir, { recursive: true });
  const server = await startFauxqs({ port, logger: false, ...(dir && { dataDir: join(dir) }) });
  const url = `http://127.0.0.1:${server.port}`;
  const sqs = new SQSClient({ endpoint: url, region, credentials });
  const sns = new SNSClient({ endpoint: url, region, credentials });
  const stop = async () => {
    sqs.destroy();
    sns.destroy();
    await server.stop();
  };
  return { url, sqs, sns, stop };
}

/** Encryption, recovery and time to live have no meaning in dynalite, so they are left out here. */
export async function createTable(client: DynamoDBClient, { properties }: Resource): Promise<void> {
  const { TableName, BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } =
    properties as unknown as CreateTableCommandInput;
  const indexes = GlobalSecondaryIndexes && { GlobalSecondaryIndexes };
  try {
    await client.send(
      new CreateTableCommand({ TableName, BillingMode, AttributeDefinitions, KeySchema, ...indexes }),
    );
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ResourceInUseException") throw error;
  }
}

const queueAttributes = [
  "VisibilityTimeout",
  "MessageRetentionPeriod",
  "DelaySeconds",
  "ReceiveMessageWaitTimeSeconds",
  "FifoQueue",
  "ContentBasedDeduplication",
] as const satisfies QueueAttributeName[];

/** Made without its redrive policy at first: the dead-letter queue may come later. */
export async function createQueue(sqs: SQSClient, { properties }: Resource, url: string): Promise<void> {
  const given = queueAttributes.flatMap((name) =>
    properties[name] === undefined ? [] : [[name, String(properties[name])]],
  );
  const attributes: Record<string, string> = Object.fromEntries(given);
  try {
    await sqs.send(
      new CreateQueueCommand({ QueueName: String(properties["QueueName"]), Attributes: attributes }),
    );
  } catch (error) {
    if (!(error instanceof Error) || !/Exists/.test(error.name)) throw error;
    const { FifoQueue, ...changeable } = attributes;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: changeable }));
  }
}

export async function setRedrivePolicy(sqs: SQSClient, { properties }: Resource, url: string): Promise<void> {
  const policy = properties["RedrivePolicy"];
  if (policy === undefined) return;
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { RedrivePolicy: JSON.stringify(policy) } }),
  );
}

export async function createTopic(sns: SNSClient, { properties }: Resource): Promise<void> {
  await sns.send(new CreateTopicCommand({ Name: String(properties["TopicName"]) }));
}
