import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { isSettled } from "./live-view.ts";

export interface Sample {
  requestId: string;
  body: string;
}

/** What SQS and DynamoDB take at once. */
const [mostSent, mostRead] = [10, 100];

/** The sample call requests, with ids of their own for each run: a requestId that was seen before would dial nobody. */
export function sampleRequests(dir: string, run: string): Sample[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => {
      const request = JSON.parse(readFileSync(join(dir, name), "utf8")) as { requestId: string };
      const requestId = `${request.requestId}.${run}`;
      return { requestId, body: JSON.stringify({ ...request, requestId }) };
    });
}

export async function sendSamples(sqs: SQSClient, queueUrl: string, samples: Sample[]): Promise<void> {
  for (let from = 0; from < samples.length; from += mostSent) {
    const entries = samples
      .slice(from, from + mostSent)
      .map(({ body }, index) => ({ Id: String(index), MessageBody: body }));
    const { Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
    if (Failed?.length) throw new Error(`${Failed.length} sample requests could not be sent`);
  }
}

export interface OnRecord {
  state: string;
  /** release-due is still to look at it. */
  toCheck: boolean;
}

/** What is on record of each request that has a record. */
export async function onRecord(
  client: DynamoDBClient,
  table: string,
  requestIds: string[],
): Promise<Map<string, OnRecord>> {
  const records = new Map<string, OnRecord>();
  for (let from = 0; from < requestIds.length; from += mostRead) {
    const Keys = requestIds
      .slice(from, from + mostRead)
      .map((requestId) => ({ requestId: { S: requestId } }));
    const { Responses } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
    );
    for (const { requestId, state, checkAt } of Responses?.[table] ?? [])
      records.set(String(requestId?.S), { state: String(state?.S), toCheck: checkAt !== undefined });
  }
  return records;
}

/** An attempt that has ended and is still to be looked at is one that its retry policy wants again. */
export function isFinished(record: OnRecord | undefined): boolean {
  return record !== undefined && isSettled(record.state) && !(record.state === "ended" && record.toCheck);
}
