import { isDeepStrictEqual } from "node:util";
import { allPages } from "./all-pages.ts";
import { keyOf, type MetricRow, type Resolution, stepAt, stepOf } from "./metric-row.ts";
import type { Metrics, Range } from "./metrics.ts";
import { type ProgressBook, unreadIn } from "./progress.ts";
import { rollUp, type UnreadIn } from "./roll-up.ts";

/** All that rolling up can touch. */
export interface RollUpSteps {
  metrics: Pick<Metrics, "queues" | "range" | "putAll">;
  progress: Pick<ProgressBook, "look">;
  now(): number;
}

export interface RollUpRun {
  queues: number;
  /** Hours and days that were new, or are no longer what they were. */
  rows: number;
  failures: { error: unknown }[];
}

/**
 * For a day Connect gives history: until then a five-minute row may be corrected, or come for the first time. The hour more is for
 * what came at the very last, between two runs.
 */
const correctableMs = stepOf["1d"] + stepOf["1h"];
const queuesAtOnce = 8;

/**
 * Makes the hours and days of every queue anew, as far back as they can have changed: whatever became of their five-minute rows
 * since the last run, they are as if it had been so from the start. Begins with no queue after `mustEndBy`.
 */
export async function rollUpMetrics(steps: RollUpSteps, mustEndBy: number): Promise<RollUpRun> {
  const { metrics, now } = steps;
  const run: RollUpRun = { queues: 0, rows: 0, failures: [] };
  // Before the rows: what is on record as read has its rows on record.
  const progress = await steps.progress.look();
  if (!progress) return run;
  const unread: UnreadIn = (from, to) => unreadIn(progress, from, to);
  const span = { from: stepAt("1d", now() - correctableMs), to: stepAt("1d", now()) + stepOf["1d"] };
  let cursor: string | undefined;
  do {
    const { items, next } = await metrics.queues({ limit: queuesAtOnce, cursor });
    if (now() > mustEndBy) {
      run.failures.push({ error: new Error("The time is up, and there are more queues") });
      return run;
    }
    const rolled = await Promise.allSettled(
      items.map(({ queueId }) => rollUpQueue({ queueId, ...span }, metrics, unread)),
    );
    for (const one of rolled) {
      if (one.status === "rejected") run.failures.push({ error: one.reason });
      else {
        run.queues += 1;
        run.rows += one.value;
      }
    }
    cursor = next;
  } while (cursor !== undefined);
  return run;
}

type Span = Omit<Range, "resolution">;

/** @returns how many rows were written */
async function rollUpQueue(span: Span, metrics: RollUpSteps["metrics"], unread: UnreadIn): Promise<number> {
  const rowsOf = (resolution: Resolution) =>
    allPages((page) => metrics.range({ ...span, resolution, consistent: true }, page));
  const [rows, ...known] = await Promise.all([rowsOf("5m"), rowsOf("1h"), rowsOf("1d")]);
  const hours = rollUp(rows, "1h", unread);
  const days = rollUp(hours, "1d", unread);
  const before = new Map(known.flat().map((row) => [keyOf(row), row]));
  const changed = [...hours, ...days].filter((row) => !saysTheSame(row, before.get(keyOf(row))));
  await metrics.putAll(changed);
  return changed.length;
}

const saysTheSame = (row: MetricRow, before: MetricRow | undefined): boolean =>
  before !== undefined && isDeepStrictEqual({ ...before, asOf: row.asOf }, row);
