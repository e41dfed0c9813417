import { type BenchRun, batchSize, isNotice, isPlaced, noLimit } from "../bench-run.ts";
import type { AwsRequest } from "../counting-proxy.ts";
import { type Emulators, startEmulators } from "../emulators.ts";
import { restOfService } from "../rest-of-service.ts";
import { batchesOf, type Message, messages } from "../sqs-event.ts";
import type { Pair, Subject } from "../subjects.ts";
import { startWorker } from "../workers.ts";

export interface RequestCounts {
  /** Requests per message, by service and operation; only a placed call or its duplicate has been counted. */
  fresh: Record<string, number>;
  duplicate: Record<string, number>;
  perFresh: number;
  perDuplicate: number;
  noticesPerFresh: number;
  noticesPerDuplicate: number;
}

/** Requests in batches of ten, then the very same messages once more to another worker. */
export async function countAwsRequests(run: BenchRun): Promise<Pair<RequestCounts>> {
  run.say(`AWS requests: ${run.extent.countedCalls} calls, and every message once more`);
  return { ours: await count(run.subjects.ours, run), recipe: await count(run.subjects.recipe, run) };
}

async function count(subject: Subject, run: BenchRun): Promise<RequestCounts> {
  const emulators = await startEmulators(run.packaged, noLimit);
  const sent = messages("counted", run.extent.countedCalls);
  const fresh = await deliver(sent, subject, emulators, run);
  const duplicate = await deliver(sent, subject, emulators, run);
  await emulators.stop();

  expectPlaced(subject, "fresh requests", fresh, sent.length);
  expectPlaced(subject, "duplicates", duplicate, 0);
  const perMessage = (requests: AwsRequest[]) => requests.length / sent.length;
  return {
    fresh: byOperation(fresh, sent.length),
    duplicate: byOperation(duplicate, sent.length),
    perFresh: perMessage(fresh.filter((request) => !isNotice(request))),
    perDuplicate: perMessage(duplicate.filter((request) => !isNotice(request))),
    noticesPerFresh: perMessage(fresh.filter(isNotice)),
    noticesPerDuplicate: perMessage(duplicate.filter(isNotice)),
  };
}

async function deliver(
  sent: Message[],
  subject: Subject,
  emulators: Emulators,
  run: BenchRun,
): Promise<AwsRequest[]> {
  const worker = await startWorker(subject.bundle, emulators.variables);
  const rest = restOfService(subject, emulators);
  for (const batch of batchesOf(batchSize, sent)) {
    const { failures } = await worker.invoke(batch, run.packaged.timeoutMs);
    if (failures.length > 0) throw new Error(`${subject.name}: ${failures.length} of a batch have failed`);
    await rest.endCalls();
  }
  await worker.stop();
  rest.close();
  return emulators.requests();
}

function expectPlaced({ name }: Subject, what: string, requests: AwsRequest[], expected: number): void {
  const placed = requests.filter(isPlaced).length;
  if (placed !== expected)
    throw new Error(`${name}: ${placed} calls placed for ${what}, expected ${expected}`);
}

function byOperation(requests: AwsRequest[], count: number): Record<string, number> {
  const groups = Object.groupBy(requests, ({ service, operation }) => `${service} ${operation}`);
  return Object.fromEntries(
    Object.entries(groups).map(([operation, group]) => [operation, (group?.length ?? 0) / count]),
  );
}
