import type { MetricsAnswer, QueueValues } from "../connect/queue-metrics.ts";
import type { RateLimit } from "../pacing/rate.ts";
import { inParallel, portions } from "../portions.ts";
import type { QueueList } from "./queue-list.ts";

/** What reading takes, whatever is read. */
export interface ReadingSteps {
  queues: QueueList;
  /** Of the operation that is asked. */
  rate: RateLimit;
  now(): number;
  /** Resolves at that instant, at once when it has passed. */
  until(at: number): Promise<void>;
}

export type Ask = (queueIds: readonly string[], token?: string) => Promise<MetricsAnswer>;

/** What one request gave, page after page, as of one instant (epoch milliseconds). */
export interface PageSet {
  rows: QueueValues[];
  snapshotAt: number;
}

export interface Reading {
  sets: PageSet[];
  /** How many queues are in none of the sets. */
  lacking: number;
  /** Errors of those sets that asking again would not have helped. */
  errors: unknown[];
}

/** Connect takes so many queues in one request. */
const mostQueues = 100;
const setsAtOnce = 4;
/** So often a set is begun before it is left out. */
const mostTries = 4;
const firstPauseMs = 250;
/** Until a moment is asked for again that the limit did not give. */
const againMs = 200;
/** What must be left for a request to be begun: its timeouts. */
const requestMs = 4_000;

/** All queues, a hundred at a time. Of each hundred the whole set of pages or nothing. */
export async function readSets(ask: Ask, steps: ReadingSteps, mustEndBy: number): Promise<Reading> {
  const reading: Reading = { sets: [], lacking: 0, errors: [] };
  const queueIds = (await steps.queues.current()).map(({ queueId }) => queueId);
  await inParallel(portions(queueIds, mostQueues), setsAtOnce, async (hundred) => {
    const set = await readSet(hundred, ask, steps, mustEndBy).catch((error) => {
      reading.errors.push(error);
    });
    if (set) reading.sets.push(set);
    else reading.lacking += hundred.length;
  });
  return reading;
}

/** @returns undefined when there was no whole set to be had in time */
async function readSet(
  queueIds: readonly string[],
  ask: Ask,
  steps: ReadingSteps,
  mustEndBy: number,
): Promise<PageSet | undefined> {
  let asked = queueIds;
  for (let tries = 0; tries < mostTries && asked.length > 0; tries += 1) {
    const outcome = await readPages(asked, ask, steps, mustEndBy);
    if (outcome === "no time") return undefined;
    if (outcome === "unknown queue") asked = await stillThere(asked, steps);
    else if (outcome !== "broken off") return outcome;
    await steps.until(steps.now() + firstPauseMs * 2 ** tries);
  }
  return asked.length === 0 ? { rows: [], snapshotAt: steps.now() } : undefined;
}

/** From the first page to the last. Pages of different instants are no set. */
async function readPages(
  queueIds: readonly string[],
  ask: Ask,
  steps: ReadingSteps,
  mustEndBy: number,
): Promise<PageSet | "broken off" | "unknown queue" | "no time"> {
  const rows: QueueValues[] = [];
  let snapshotAt: number | undefined;
  let token: string | undefined;
  for (;;) {
    if (!(await itsMoment(steps, mustEndBy - requestMs))) return "no time";
    const answer = await ask(queueIds, token);
    switch (answer.kind) {
      case "page":
        snapshotAt ??= answer.snapshotAt ?? steps.now();
        if ((answer.snapshotAt ?? snapshotAt) !== snapshotAt) return "broken off";
        rows.push(...answer.rows);
        if (answer.next === undefined) return { rows, snapshotAt };
        token = answer.next;
        break;
      case "too-fast":
        await steps.rate.pushBack();
        break;
      case "unknown-queue":
        return "unknown queue";
      case "unclear":
      case "token-gone":
        return "broken off";
    }
  }
}

/** @returns false when there is none up to `latest` */
async function itsMoment({ rate, now, until }: ReadingSteps, latest: number): Promise<boolean> {
  while (now() <= latest) {
    const [moment] = await rate.take(1, latest - now());
    await until(moment ?? now() + againMs);
    if (moment !== undefined) return true;
  }
  return false;
}

async function stillThere(queueIds: readonly string[], { queues }: ReadingSteps): Promise<string[]> {
  queues.forget();
  const known = new Set((await queues.current()).map(({ queueId }) => queueId));
  return queueIds.filter((queueId) => known.has(queueId));
}
