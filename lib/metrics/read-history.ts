import type { QueueMetrics } from "../connect/queue-metrics.ts";
import type { Gauges } from "./gauges.ts";
import type { Column } from "./historical-metrics.ts";
import { beginning, type Rhythm } from "./progress.ts";
import { type IntervalSteps, readIntervals } from "./read-intervals.ts";

export interface HistorySteps extends IntervalSteps {
  connect: Pick<QueueMetrics, "historical">;
  gauges: Pick<Gauges, "interval">;
  columns: readonly Column[];
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

/** GetMetricData gives the last 24 hours; what slips out of them while a run is under way is let go a little earlier. */
export const ofHistory: Rhythm = {
  resolution: "5m",
  settledMs: 15 * 60_000,
  reachMs: 24 * 3_600_000 - 120_000,
};

/** History in five minutes, as far back as GetMetricData gives it. */
export async function readHistory(steps: HistorySteps, mustEndBy: number): Promise<HistoryRun> {
  const { connect, columns, gauges } = steps;
  const run = await readIntervals(
    {
      rhythm: ofHistory,
      plan: (known, now) => known ?? beginning(ofHistory, ofHistory.reachMs, now),
      ask: (span) => (queueIds, token) => connect.historical(span, queueIds, columns, token),
      told: (rows) => gauges.interval(rows),
    },
    steps,
    mustEndBy,
  );
  return {
    intervalsRead: run.read,
    intervalsReadAgain: run.readAgain,
    rows: run.rows,
    rowsCorrected: run.rowsCorrected,
    historyTaken: run.taken,
    intervalsLeft: run.left,
    intervalsGivenUp: run.givenUp,
    failures: run.failures,
  };
}
