import { mkdirSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
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
  const idle = idleAfterRequests(server);
  const stop = async () => {
    client.destroy();
    await idle();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };
  return { url, client, stop };
}

/**
 * dynalite fails, and the process with it, when its tables are closed while it works on a request, be its client gone or not.
 * @returns what waits until it works on none
 */
function idleAfterRequests(server: Server): () => Promise<void> {
  const underWay = new Set<ServerResponse>();
  server.prependListener("request", (_request: IncomingMessage, response: ServerResponse) => {
    underWay.add(response);
    const end = response.end.bind(response);
    response.end = ((...args: Parameters<typeof end>) => {
      underWay.delete(response);
      return end(...args);
    }) as typeof response.end;
  });
  return async () => {
    const deadline = Date.now() + 2_000;
    while (underWay.size > 0 && Date.now() < deadline) await sleep(5);
  };
}

export interface Messaging {
  url: string;
  sqs: SQSClient;
  sns: SNSClient;
  s3: S3Client;
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
  const s3 = new S3Client({ endpoint: url, region, credentials });
  const stop = async () => {
    sqs.destroy();
    sns.destroy();
    s3.destroy();
    await server.stop();
  };
  return { url, sqs, sns, s3, queueUrl: (name) => `${url}/${accountId}/${name}`, stop };
}
