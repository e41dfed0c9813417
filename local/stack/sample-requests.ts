import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";

export interface Sample {
  requestId: string;
  body: string;
}

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
  for (let from = 0; from < samples.length; from += 10) {
    const entries = samples
      .slice(from, from + 10)
      .map(({ body }, index) => ({ Id: String(index), MessageBody: body }));
    const { Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
    if (Failed?.length) throw new Error(`${Failed.length} sample requests could not be sent`);
  }
}
