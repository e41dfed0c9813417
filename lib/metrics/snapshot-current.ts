import type { QueueMetrics } from "../connect/queue-metrics.ts";
import type { Gauges } from "./gauges.ts";
import { iso } from "./instant.ts";
import { type MetricRow, stepAt } from "./metric-row.ts";
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
  const at = iso(stepAt("now", steps.now()));
  const run: CurrentRun = {
    snapshotsWhole: 0,
    snapshotsPartial: 0,
    snapshotsTaken: 0,
    rows: 0,
    failures: [],
  };
  if (!(await steps.metrics.openSnapshot(at, steps.newOwner()))) return { ...run, snapshotsTaken: 1 };

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
