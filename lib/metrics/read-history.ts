import type { QueueMetrics } from "../connect/queue-metrics.ts";
import type { Gauges } from "./gauges.ts";
import type { Column } from "./historical-metrics.ts";
import { iso } from "./instant.ts";
import { keyOf, type MetricRow, stepOf } from "./metric-row.ts";
import type { Metrics } from "./metrics.ts";
import { beginning, done, givenUpIn, giveUp, nextTask, type ProgressBook, type Task } from "./progress.ts";
import { type ReadingSteps, readSets } from "./read-sets.ts";

export interface HistorySteps extends ReadingSteps {
  connect: Pick<QueueMetrics, "historical">;
  metrics: Pick<Metrics, "put" | "putAll" | "look">;
  progress: ProgressBook;
  gauges: Pick<Gauges, "interval">;
  columns: readonly Column[];
  /** Names this run. */
  newOwner(): string;
}

export interface HistoryRun {
  intervalsRead: number;
  intervalsReadAgain: number;
  rows: number;
  rowsCorrected: number;
  /** Another run was at it. */
  historyTaken: number;
  /** Intervals that could not be read for the moment, or for lack of time: the next run goes on there. */
  intervalsLeft: number;
  /** Out of Connect's reach before they could be read. */
  intervalsGivenUp: number;
  failures: { error: unknown }[];
}

/** After the run must have ended, what it has sent may still be on its way for so long. */
const graceMs = 30_000;

/** Every closed interval since the last one on record, oldest first; those that may have been amended once more. */
export async function readHistory(steps: HistorySteps, mustEndBy: number): Promise<HistoryRun> {
  const run: HistoryRun = {
    intervalsRead: 0,
    intervalsReadAgain: 0,
    rows: 0,
    rowsCorrected: 0,
    historyTaken: 0,
    intervalsLeft: 0,
    intervalsGivenUp: 0,
    failures: [],
  };
  const owner = steps.newOwner();
  if (!(await steps.progress.claim(owner, mustEndBy + graceMs))) return { ...run, historyTaken: 1 };
  // What was done until then, and given up, is told all the same.
  const failed = (error: unknown) => void run.failures.push({ error });
  await goOn(steps, owner, mustEndBy, run).catch(failed);
  await steps.progress.release(owner).catch(failed);
  return run;
}

async function goOn(steps: HistorySteps, owner: string, mustEndBy: number, run: HistoryRun): Promise<void> {
  const known = (await steps.progress.look()) ?? beginning(steps.now());
  let progress = giveUp(known, steps.now());
  // Where history begins, and what is given up, stands before anything else is done.
  while (await steps.progress.keep(progress, owner)) {
    run.intervalsGivenUp = givenUpIn(progress) - givenUpIn(known);
    const task = nextTask(progress, steps.now());
    if (task === undefined) return;
    const readAt = steps.now();
    const rows = await read(task, readAt, steps, mustEndBy, run);
    if (rows === undefined) {
      run.intervalsLeft += 1;
      return;
    }
    await write(task, rows, steps, run);
    progress = giveUp(done(progress, task, readAt), steps.now());
  }
}

/** @returns undefined unless all queues could be read */
async function read(
  { at }: Task,
  readAt: number,
  steps: HistorySteps,
  mustEndBy: number,
  run: HistoryRun,
): Promise<MetricRow[] | undefined> {
  const span = { from: at, to: at + stepOf["5m"] };
  const { sets, lacking, errors } = await readSets(
    (queueIds, token) => steps.connect.historical(span, queueIds, steps.columns, token),
    steps,
    mustEndBy,
  );
  run.failures.push(...errors.map((error) => ({ error })));
  if (lacking > 0) return undefined;
  const common = { resolution: "5m", at: iso(at), asOf: iso(readAt), partial: false } as const;
  return sets.flatMap(({ rows }) => rows.map((row): MetricRow => ({ ...row, ...common })));
}

async function write(task: Task, rows: MetricRow[], steps: HistorySteps, run: HistoryRun): Promise<void> {
  if (task.kind === "read") {
    await steps.metrics.putAll(rows);
    steps.gauges.interval(rows);
    run.intervalsRead += 1;
    run.rows += rows.length;
    return;
  }
  const before = new Map((await steps.metrics.look(rows)).map((row) => [keyOf(row), row]));
  const amended = rows.filter((row) => !sameValues(row, before.get(keyOf(row))));
  run.rowsCorrected += await steps.metrics.put(amended);
  run.intervalsReadAgain += 1;
}

function sameValues({ values }: MetricRow, before: MetricRow | undefined): boolean {
  return Object.entries(values).every(([column, value]) => before?.values[column] === value);
}
