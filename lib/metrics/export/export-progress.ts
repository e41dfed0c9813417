import * as v from "valibot";
import { iso } from "../instant.ts";
import { stepAt, stepOf } from "../metric-row.ts";
import type { Progress } from "../progress.ts";

const instant = v.pipe(v.string(), v.isoTimestamp());

/** How far the hours have been exported. Instants are ISO 8601. */
export const exportProgressSchema = v.object({
  /** Every hour before this one has its object, unless it was given up. */
  exportedUntil: instant,
  /** By queueId all that may have rows in the hours to come: since when the queue has been gone, null while it is there. */
  queues: v.record(v.string(), v.nullable(instant)),
});

export type ExportProgress = v.InferOutput<typeof exportProgressSchema>;

/** The bookkeeping of one instance's export. */
export interface ExportBook {
  /** @returns undefined where nothing has been exported yet */
  look(): Promise<ExportProgress | undefined>;
  /** @returns false when what is on record is no longer as far as `before`: nothing is written then */
  keep(progress: ExportProgress, before: ExportProgress | undefined): Promise<boolean>;
}

const hour = stepOf["1h"];

/** Begins with the first hour of which history has anything. */
export const beginningOf = ({ since }: Progress): ExportProgress => ({
  exportedUntil: iso(stepAt("1h", Date.parse(since))),
  queues: {},
});

/** An hour is given up before the first of its rows expires: what is left of it would pass for all of it. */
export function giveUp(progress: ExportProgress, keepMs: number, now: number): ExportProgress {
  // The rows of the first hour that is kept live for an hour more, longer than any run.
  const earliest = iso(stepAt("1h", now - keepMs) + 2 * hour);
  return progress.exportedUntil < earliest ? { ...progress, exportedUntil: earliest } : progress;
}

/** How many hours were given up between the two. */
export const givenUpBetween = (before: ExportProgress, after: ExportProgress): number =>
  (Date.parse(after.exportedUntil) - Date.parse(before.exportedUntil)) / hour;

/** A queue that is no longer listed still has the rows of when it was. */
export function withListed(progress: ExportProgress, listed: readonly string[], now: number): ExportProgress {
  const gone = Object.entries(progress.queues).map(([queueId, since]) => [queueId, since ?? iso(now)]);
  return {
    ...progress,
    queues: { ...Object.fromEntries(gone), ...Object.fromEntries(listed.map((queueId) => [queueId, null])) },
  };
}

/** The oldest hour, in epoch milliseconds, that is to be exported, undefined while nothing can be: no interval of it will change. */
export function nextHour(
  { exportedUntil }: ExportProgress,
  { readUntil, amendable }: Progress,
): number | undefined {
  const start = Date.parse(exportedUntil);
  const finalUntil = [readUntil, ...amendable].toSorted()[0] ?? readUntil;
  return start + hour <= Date.parse(finalUntil) ? start : undefined;
}

export function exported({ queues }: ExportProgress, start: number): ExportProgress {
  const exportedUntil = iso(start + hour);
  const left = Object.entries(queues).filter(
    ([, goneSince]) => goneSince === null || goneSince >= exportedUntil,
  );
  return { exportedUntil, queues: Object.fromEntries(left) };
}
