import type { QueueMetrics } from "../connect/queue-metrics.ts";
import { iso } from "./instant.ts";
import { keyOf, type MetricRow, type Source, stepOf } from "./metric-row.ts";
import type { Metrics } from "./metrics.ts";
import {
  done,
  givenUpIn,
  giveUp,
  nextTask,
  type Progress,
  type ProgressBook,
  type Rhythm,
  type Task,
} from "./progress.ts";
import { type Ask, type ReadingSteps, readSets } from "./read-sets.ts";

export interface IntervalSteps extends ReadingSteps {
  metrics: Pick<Metrics, "put" | "putAll" | "look">;
  progress: ProgressBook;
  /** Names this run. */
  newOwner(): string;
}

/** One kind of intervals, from one source. */
export interface Intervals {
  rhythm: Rhythm;
  /** Absent for the first source. */
  source?: Source;
  /** What is to be read, by what is on record; undefined where nothing has been read yet. */
  plan(known: Progress | undefined, now: number): Progress;
  /** Of one interval; epoch milliseconds. */
  ask(span: Span): Ask;
  /** Is told of each interval when it is first read. */
  told(rows: readonly MetricRow[]): void;
}

export type Span = Parameters<QueueMetrics["historical"]>[0];

export interface IntervalsRun {
  read: number;
  readAgain: number;
  rows: number;
  rowsCorrected: number;
  /** Another run was at it. */
  taken: number;
  /** Could not be read for the moment, or for lack of time: the next run goes on there. */
  left: number;
  /** Out of Connect's reach before they could be read. */
  givenUp: number;
  failures: { error: unknown }[];
}

/** After the run must have ended, what it has sent may still be on its way for so long. */
const graceMs = 30_000;

/** Every closed interval since the last one on record, oldest first; those that may have been amended once more. */
export async function readIntervals(
  intervals: Intervals,
  steps: IntervalSteps,
  mustEndBy: number,
): Promise<IntervalsRun> {
  const run: IntervalsRun = {
    read: 0,
    readAgain: 0,
    rows: 0,
    rowsCorrected: 0,
    taken: 0,
    left: 0,
    givenUp: 0,
    failures: [],
  };
  const owner = steps.newOwner();
  if (!(await steps.progress.claim(owner, mustEndBy + graceMs))) return { ...run, taken: 1 };
  // What was done until then, and given up, is told all the same.
  const failed = (error: unknown) => void run.failures.push({ error });
  await goOn(intervals, steps, owner, mustEndBy, run).catch(failed);
  await steps.progress.release(owner).catch(failed);
  return run;
}

async function goOn(
  intervals: Intervals,
  steps: IntervalSteps,
  owner: string,
  mustEndBy: number,
  run: IntervalsRun,
): Promise<void> {
  const { rhythm } = intervals;
  const known = intervals.plan(await steps.progress.look(), steps.now());
  let progress = giveUp(known, rhythm, steps.now());
  // Where it begins, and what is given up, stands before anything else is done.
  while (await steps.progress.keep(progress, owner)) {
    run.givenUp = givenUpIn(progress, rhythm) - givenUpIn(known, rhythm);
    const task = nextTask(progress, rhythm, steps.now());
    if (task === undefined) return;
    const readAt = steps.now();
    const rows = await read(task, readAt, intervals, steps, mustEndBy, run);
    if (rows === undefined) {
      run.left += 1;
      return;
    }
    await write(task, rows, intervals, steps, run);
    progress = giveUp(done(progress, task, rhythm, readAt), rhythm, steps.now());
  }
}

/** @returns undefined unless all queues could be read */
async function read(
  { at }: Task,
  readAt: number,
  { rhythm: { resolution }, source, ask }: Intervals,
  steps: IntervalSteps,
  mustEndBy: number,
  run: IntervalsRun,
): Promise<MetricRow[] | undefined> {
  const span = { from: at, to: at + stepOf[resolution] };
  const { sets, lacking, errors } = await readSets(ask(span), steps, mustEndBy);
  run.failures.push(...errors.map((error) => ({ error })));
  if (lacking > 0) return undefined;
  const common = {
    resolution,
    at: iso(at),
    asOf: iso(readAt),
    partial: false,
    ...(source && { source }),
  };
  return sets.flatMap(({ rows }) => rows.map((row): MetricRow => ({ ...row, ...common })));
}

async function write(
  task: Task,
  rows: MetricRow[],
  { told }: Intervals,
  { metrics }: IntervalSteps,
  run: IntervalsRun,
): Promise<void> {
  if (task.kind === "read") {
    await metrics.putAll(rows);
    told(rows);
    run.read += 1;
    run.rows += rows.length;
    return;
  }
  const before = new Map((await metrics.look(rows)).map((row) => [keyOf(row), row]));
  const amended = rows.filter((row) => !sameValues(row, before.get(keyOf(row))));
  run.rowsCorrected += await metrics.put(amended);
  run.readAgain += 1;
}

function sameValues({ values }: MetricRow, before: MetricRow | undefined): boolean {
  return Object.entries(values).every(([column, value]) => before?.values[column] === value);
}
