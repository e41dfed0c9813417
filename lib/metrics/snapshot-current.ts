import type { QueueMetrics } from "../connect/queue-metrics.ts";
import type { Gauges } from "./gauges.ts";
import { iso } from "./instant.ts";
import { type MetricRow, stepAt, stepOf } from "./metric-row.ts";
import type { Metrics } from "./metrics.ts";
import { type ReadingSteps, readSets } from "./read-sets.ts";

export interface CurrentSteps extends ReadingSteps {
  connect: Pick<QueueMetrics, "current">;
  metrics: Pick<Metrics, "openSnapshot" | "putAll" | "closeSnapshot">;
  gauges: Pick<Gauges, "present">;
  /** Names this run. */
  newOwner(): string;
}

export interface CurrentRun {
  snapshotsWhole: number;
  snapshotsPartial: number;
  /** Another run had the minute. */
  snapshotsTaken: number;
  rows: number;
  failures: { error: unknown }[];
}

/** The present minute's snapshot: claim the minute ▸ read ▸ write ▸ close ▸ tell. */
export async function snapshotCurrent(steps: CurrentSteps, mustEndBy: number): Promise<CurrentRun> {
  const run: CurrentRun = {
    snapshotsWhole: 0,
    snapshotsPartial: 0,
    snapshotsTaken: 0,
    rows: 0,
    failures: [],
  };
  const at = await openMinute(steps);
  if (at === undefined) return { ...run, snapshotsTaken: 1 };

  const { sets, lacking, errors } = await readSets(
    steps.connect.current.bind(steps.connect),
    steps,
    mustEndBy,
  );
  const partial = lacking > 0;
  const rows = sets.flatMap(({ rows: read, snapshotAt }) =>
    read.map((row): MetricRow => ({ ...row, resolution: "now", at, asOf: iso(snapshotAt), partial })),
  );
  await steps.metrics.putAll(rows);
  const channels = [...new Set(rows.map(({ channel }) => channel))].sort();
  await steps.metrics.closeSnapshot({ at, state: partial ? "partial" : "whole", channels, lacking });
  steps.gauges.present(rows);
  return {
    ...run,
    [partial ? "snapshotsPartial" : "snapshotsWhole"]: 1,
    rows: rows.length,
    failures: errors.map((error) => ({ error })),
  };
}

/** Schedules are not exact: of two runs that meet in one minute, the later one may have come so much too early for its own. */
const earlyMs = 5_000;

/** @returns the minute that this run has, ISO 8601; undefined when another one has it */
async function openMinute({ metrics, newOwner, now, until }: CurrentSteps): Promise<string | undefined> {
  const owner = newOwner();
  const at = stepAt("now", now());
  if (await metrics.openSnapshot(iso(at), owner)) return iso(at);
  const next = at + stepOf.now;
  if (next - now() > earlyMs) return undefined;
  await until(next);
  return (await metrics.openSnapshot(iso(next), owner)) ? iso(next) : undefined;
}
