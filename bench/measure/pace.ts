import { setTimeout as sleep } from "node:timers/promises";
import { type BenchRun, batchSize, isNoNotice, isPlaced, isRejected } from "../bench-run.ts";
import type { AwsRequest } from "../counting-proxy.ts";
import { type Emulators, type Quota, startEmulators } from "../emulators.ts";
import { type MessageQueue, messageQueue } from "../message-queue.ts";
import { type RestOfService, restOfService } from "../rest-of-service.ts";
import { messages, received, sentAnew } from "../sqs-event.ts";
import type { Pair, Subject } from "../subjects.ts";
import { startWorker, type Worker } from "../workers.ts";

export interface PaceSetting extends Quota {
  workers: number;
  calls: number;
}

export interface PaceFigures {
  placed: number;
  seconds: number;
  /** Calls placed ÷ what the token bucket would have given from the first to the last of them. */
  use: number;
  /** 429 answers per call placed. */
  rejections: number;
  /** AWS requests per call placed, notices aside. */
  requests: number;
  /** Deliveries per message. */
  deliveries: number;
  /** Times per message that start-contact wrote it down for later, for release-due to send it again. */
  putOff: number;
  /** Messages that a queue with five receives would have moved to its dead-letter queue. */
  deadLettered: number;
}

export interface PaceCell {
  setting: PaceSetting;
  figures: Pair<PaceFigures>;
}

const burst = 5;
const workerCounts = [1, 4, 20];
const maxReceives = 5;

/** An event source mapping begins with five at a time and adds five every second. */
const joining = 5;

const callsToWarmUp = 3;

/** Short, so that it does not decide the figures: the service's own is three minutes. */
const visibilityMs = 1_000;

export async function measurePace(run: BenchRun): Promise<PaceCell[]> {
  run.say("Pace: 1, 4 and 20 workers at 2/s (both at once) and at 50/s (in turns)");
  const cells: PaceCell[] = [];
  for (const workers of workerCounts) {
    const setting = { ratePerSecond: 2, burst, workers, calls: run.extent.slowCalls };
    // Two calls a second keep no processor busy, so both can have theirs at the same time.
    const [ours, recipe] = await Promise.all([
      drain(setting, run.subjects.ours, run),
      drain(setting, run.subjects.recipe, run),
    ]);
    cells.push({ setting, figures: { ours, recipe } });
  }
  for (const workers of workerCounts) {
    const setting = { ratePerSecond: 50, burst, workers, calls: run.extent.fastCalls };
    const ours = await drain(setting, run.subjects.ours, run);
    const recipe = await drain(setting, run.subjects.recipe, run);
    cells.push({ setting, figures: { ours, recipe } });
  }
  return cells;
}

async function drain(setting: PaceSetting, subject: Subject, run: BenchRun): Promise<PaceFigures> {
  const emulators = await startEmulators(run.template, setting);
  const workers = await startWarm(setting.workers, subject, emulators);
  const tally: Tally = { deliveries: 0, putOff: 0, deadLettered: 0 };
  const queue = messageQueue(messages("paced", setting.calls));
  const rest = restOfService(subject, emulators);
  const calls = setInterval(() => rest.endCalls(), 250);
  // Small enough that there is something for everybody, or twenty workers would not be twenty.
  const atMost = Math.min(batchSize, Math.ceil(setting.calls / setting.workers));
  await Promise.all(
    workers.map(async (worker, index) => {
      await sleep(Math.floor(index / joining) * 1_000);
      await serve(worker, queue, atMost, rest, emulators.timeoutMs, tally);
    }),
  );
  clearInterval(calls);

  const figures = figuresOf(await emulators.requests(), setting, tally);
  await Promise.all(workers.map((worker) => worker.stop()));
  await emulators.stop();
  rest.close();
  run.say(sentenceOf(subject, setting, figures));
  return figures;
}

/** One after the other: twenty cold starts at once on two processors would measure the processors. */
async function startWarm(count: number, subject: Subject, emulators: Emulators): Promise<Worker[]> {
  const workers: Worker[] = [];
  for (let index = 0; index < count; index += 1) {
    const worker = await startWorker(subject.bundle, emulators.variables);
    await worker.invoke(messages(`warm-up-${index}`, callsToWarmUp), emulators.timeoutMs);
    await emulators.forgetPace();
    workers.push(worker);
  }
  await emulators.limit();
  return workers;
}

interface Tally {
  deliveries: number;
  putOff: number;
  deadLettered: number;
}

/** The event source mapping of one worker, and release-due for what the function has put off. */
async function serve(
  worker: Worker,
  queue: MessageQueue,
  atMost: number,
  rest: RestOfService,
  timeoutMs: number,
  tally: Tally,
): Promise<void> {
  for (let batch = await queue.receive(atMost); batch; batch = await queue.receive(atMost)) {
    const { failures } = await worker.invoke(batch, timeoutMs);
    tally.deliveries += batch.length;
    const failed = new Set(failures);
    const due = await rest.dueTimes(
      batch.filter((it) => !failed.has(it.messageId)).map((it) => it.requestId),
    );
    for (const message of batch) {
      const dueAt = due.get(message.requestId);
      if (failed.has(message.messageId)) {
        if (message.receives === maxReceives) tally.deadLettered += 1;
        queue.putBack(received(message), visibilityMs);
      } else if (dueAt !== undefined) {
        tally.putOff += 1;
        queue.putBack(sentAnew(message), dueAt - Date.now());
      } else {
        queue.delete();
      }
    }
  }
}

function figuresOf(requests: AwsRequest[], setting: PaceSetting, tally: Tally): PaceFigures {
  const placedAt = requests.filter(isPlaced).map(({ at }) => at);
  const placed = placedAt.length;
  const seconds = (Math.max(...placedAt) - Math.min(...placedAt)) / 1000;
  return {
    placed,
    seconds,
    use: placed / (setting.ratePerSecond * seconds + setting.burst),
    rejections: requests.filter(isRejected).length / placed,
    requests: requests.filter(isNoNotice).length / placed,
    deliveries: tally.deliveries / setting.calls,
    putOff: tally.putOff / setting.calls,
    deadLettered: tally.deadLettered,
  };
}

function sentenceOf({ name }: Subject, setting: PaceSetting, figures: PaceFigures): string {
  const { ratePerSecond, workers, calls } = setting;
  const share = (figures.use * 100).toFixed(1);
  return (
    `  ${ratePerSecond}/s, ${workers} workers, ${name}: ${figures.placed} of ${calls} calls in ` +
    `${figures.seconds.toFixed(1)} s, ${share} % of the rate, ${figures.rejections.toFixed(3)} rejections per call`
  );
}
