import { isDeepStrictEqual } from "node:util";
import { inParallel } from "../../portions.ts";
import { allPages } from "../all-pages.ts";
import { type MetricRow, stepOf } from "../metric-row.ts";
import type { Metrics } from "../metrics.ts";
import { type Progress, type ProgressBook, unreadIn } from "../progress.ts";
import { intervalsIn } from "../roll-up.ts";
import {
  beginningOf,
  type ExportBook,
  exported,
  givenUpBetween,
  giveUp,
  nextHour,
  withListed,
} from "./export-progress.ts";
import { type Exported, hourObject, isPartial, type ObjectStore } from "./hour-object.ts";

/** All that exporting can touch. */
export interface ExportSteps {
  instanceId: string;
  metrics: Pick<Metrics, "queues" | "range">;
  exports: readonly Export[];
  objects: ObjectStore;
  now(): number;
}

/** One kind of rows, and how far they are. */
export interface Export {
  what: Exported;
  history: Pick<ProgressBook, "look">;
  book: ExportBook;
  /** For how long such rows are kept, in milliseconds. */
  keepMs: number;
}

export interface ExportRun {
  hoursExported: number;
  /** Of these, those that lack intervals. */
  hoursPartial: number;
  rowsExported: number;
  /** Not exported while their rows were still there. */
  hoursGivenUp: number;
  failures: { error: unknown }[];
}

const queuesAtOnce = 8;

/**
 * Every hour that is final and has no object yet, oldest first. Begins with no hour after `mustEndBy`. Whatever fails, the next
 * run begins with the hour that this one was at, and puts the same object under the same key.
 */
export async function exportMetrics(steps: ExportSteps, mustEndBy: number): Promise<ExportRun> {
  const run: ExportRun = {
    hoursExported: 0,
    hoursPartial: 0,
    rowsExported: 0,
    hoursGivenUp: 0,
    failures: [],
  };
  for (const one of steps.exports) {
    await goOn(one, steps, mustEndBy, run).catch((error) => run.failures.push({ error }));
  }
  return run;
}

async function goOn(one: Export, steps: ExportSteps, mustEndBy: number, run: ExportRun): Promise<void> {
  const { what, book, keepMs } = one;
  // Before the rows: what is on record as final has its rows on record.
  const history = await one.history.look();
  if (!history) return;
  const known = await book.look();
  const kept = giveUp(known ?? beginningOf(history), keepMs, steps.now());
  const listed = await allPages((page) => steps.metrics.queues(page));
  const queueIds = listed.map(({ queueId }) => queueId);
  let progress = withListed(kept, queueIds, steps.now());
  // A queue is remembered before it can be gone, and what is given up stands, before anything else is done.
  if (!isDeepStrictEqual(progress, known) && !(await book.keep(progress, known))) return;
  if (known) run.hoursGivenUp += givenUpBetween(known, kept);

  while (steps.now() <= mustEndBy) {
    const hour = nextHour(progress, history);
    if (hour === undefined) return;
    await exportHour(what, hour, Object.keys(progress.queues), history, steps, run);
    const next = exported(progress, hour);
    // Another run is at it.
    if (!(await book.keep(next, progress))) return;
    progress = next;
  }
}

async function exportHour(
  what: Exported,
  hour: number,
  queueIds: readonly string[],
  history: Progress,
  steps: ExportSteps,
  run: ExportRun,
): Promise<void> {
  const end = hour + stepOf["1h"];
  const rows: MetricRow[] = [];
  await inParallel(queueIds, queuesAtOnce, async (queueId) => {
    const range = { queueId, resolution: what.resolution, from: hour, to: end, consistent: true } as const;
    const found = await allPages((page) => steps.metrics.range(range, page));
    rows.push(...found.filter(({ source }) => source === what.source));
  });
  const intervals = intervalsIn("1h") - unreadIn(history, hour, end);
  const object = hourObject(what, steps.instanceId, hour, rows, intervals);
  await steps.objects.put(object);
  run.hoursExported += 1;
  run.rowsExported += object.rows;
  if (isPartial(object)) run.hoursPartial += 1;
}
