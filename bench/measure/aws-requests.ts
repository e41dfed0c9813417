import { type BenchRun, batchSize, isNoNotice, isNotice, isPlaced, noLimit } from "../bench-run.ts";
import type { AwsRequest } from "../counting-proxy.ts";
import { type Emulators, startEmulators } from "../emulators.ts";
import { restOfService } from "../rest-of-service.ts";
import { batchesOf, type Message, messages } from "../sqs-event.ts";
import type { Pair, Subject } from "../subjects.ts";
import { startWorker } from "../workers.ts";

export interface RequestCounts {
  /** The first batch of a new worker on new tables: it makes the pacer's one item, and reads it once. */
  perFirst: number;
  /** Requests per message, by service and operation; only a placed call or its duplicate has been counted. */
  fresh: Record<string, number>;
  duplicate: Record<string, number>;
  perFresh: number;
  perDuplicate: number;
  noticesPerFresh: number;
  noticesPerDuplicate: number;
}

/** One batch that is shown apart, then batches of ten, then the very same messages once more to another worker. */
export async function countAwsRequests(run: BenchRun): Promise<Pair<RequestCounts>> {
  run.say(`AWS requests: ${run.extent.countedCalls} calls, and every message once more`);
  return { ours: await count(run.subjects.ours, run), recipe: await count(run.subjects.recipe, run) };
}

async function count(subject: Subject, run: BenchRun): Promise<RequestCounts> {
  const emulators = await startEmulators(run.template, noLimit);
  const [first, sent] = [messages("first", batchSize), messages("counted", run.extent.countedCalls)];
  const [start, fresh] = await deliver([first, sent], subject, emulators);
  const [duplicate] = await deliver([sent], subject, emulators);
  await emulators.stop();

  expectPlaced(subject, "the first batch", start, first.length);
  expectPlaced(subject, "fresh requests", fresh, sent.length);
  expectPlaced(subject, "duplicates", duplicate, 0);
  const perMessage = (requests: AwsRequest[] = [], count = sent.length) => requests.length / count;
  return {
    perFirst: perMessage(start?.filter(isNoNotice), first.length),
    fresh: byOperation(fresh, sent.length),
    duplicate: byOperation(duplicate, sent.length),
    perFresh: perMessage(fresh?.filter(isNoNotice)),
    perDuplicate: perMessage(duplicate?.filter(isNoNotice)),
    noticesPerFresh: perMessage(fresh?.filter(isNotice)),
    noticesPerDuplicate: perMessage(duplicate?.filter(isNotice)),
  };
}

/** By one new worker. @returns the requests that each part has made */
async function deliver(parts: Message[][], subject: Subject, emulators: Emulators): Promise<AwsRequest[][]> {
  const worker = await startWorker(subject.bundle, emulators.variables);
  const rest = restOfService(subject, emulators);
  const requests: AwsRequest[][] = [];
  for (const part of parts) {
    for (const batch of batchesOf(batchSize, part)) {
      const { failures } = await worker.invoke(batch, emulators.timeoutMs);
      if (failures.length > 0) throw new Error(`${subject.name}: ${failures.length} of a batch have failed`);
      await rest.endCalls();
    }
    requests.push(await emulators.requests());
  }
  await worker.stop();
  rest.close();
  return requests;
}

function expectPlaced({ name }: Subject, what: string, requests: AwsRequest[] = [], expected: number): void {
  const placed = requests.filter(isPlaced).length;
  if (placed !== expected)
    throw new Error(`${name}: ${placed} calls placed for ${what}, expected ${expected}`);
}

function byOperation(requests: AwsRequest[] = [], count: number): Record<string, number> {
  const groups = Object.groupBy(requests, ({ service, operation }) => `${service} ${operation}`);
  return Object.fromEntries(
    Object.entries(groups).map(([operation, group]) => [operation, (group?.length ?? 0) / count]),
  );
}
