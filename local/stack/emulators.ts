import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import dynalite from "dynalite";
import { startFauxqs } from "fauxqs";

export { createQueue } from "./queues.ts";
export { createTable } from "./tables.ts";
export { createTopic } from "./topics.ts";

/** fauxqs knows one account. */
export const accountId = "000000000000";
export const region = "us-east-1";
export const credentials = { accessKeyId: "local", secretAccessKey: "local" };

export interface Database {
  url: string;
  client: DynamoDBClient;
  stop(): Promise<void>;
}

/** @param dir where it keeps its tables; in memory when absent */
export async function startDatabase(port: number, dir: string | undefined): Promise<Database> {
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

export interface Messaging {
  url: string;
  sqs: SQSClient;
  sns: SNSClient;
  queueUrl(name: string): string;
  stop(): Promise<void>;
}

/** @param dir where it keeps its messages; in memory when absent */
export async function startMessaging(port: number, dir: string | undefined): Promise<Messaging> {
  if (dir) mkdirSync(dir, { recursive: true });
  const server = await startFauxqs({ port, logger: false, ...(dir && { dataDir: dir }) });
  const url = `http://127.0.0.1:${server.port}`;
  const sqs = new SQSClient({ endpoint: url, region, credentials });
  const sns = new SNSClient({ endpoint: url, region, credentials });
  const stop = async () => {
    sqs.destroy();
    sns.destroy();
    await server.stop();
  };
  return { url, sqs, sns, queueUrl: (name) => `${url}/${accountId}/${name}`, stop };
}
