import type { SecondQueueMetrics } from "../connect/second-queue-metrics.ts";
import type { Column } from "./historical-metrics.ts";
import { lostWithin, withLosses } from "./losses.ts";
import { beginning, type Progress, type ProgressBook, type Rhythm } from "./progress.ts";
import { type IntervalSteps, type Intervals, type IntervalsRun, readIntervals } from "./read-intervals.ts";
import type { LongResolution } from "./roll-up.ts";
import { outcomeColumns, secondColumnsOf } from "./second-source.ts";

/** What the second source is read for; days first, for there are few of them. */
const resolutions = ["1d", "1h"] as const;

export type OutcomeBooks = Record<LongResolution, ProgressBook>;

export interface OutcomeSteps extends IntervalSteps {
  second: SecondQueueMetrics;
  /** Of history: its gaps are what is asked for as well. */
  progress: ProgressBook;
  outcomes: OutcomeBooks;
  columns: readonly Column[];
  /** So far back begins who has read nothing yet, in milliseconds. */
  backfillMs: number;
}

export interface OutcomesRun {
  /** Hours and days. */
  outcomesRead: number;
  outcomesReadAgain: number;
  outcomeRows: number;
  outcomeRowsCorrected: number;
  outcomesTaken: number;
  outcomesLeft: number;
  outcomesGivenUp: number;
  failures: { error: unknown }[];
}

const hour = 3_600_000;

/** GetMetricDataV2 gives three months, of which the shortest have 89 days. */
const reachMs = 88 * 24 * hour;

const rhythmOf = (resolution: LongResolution): Rhythm => ({ resolution, settledMs: hour, reachMs });

/**
 * Hours and days of the second source: what it alone has of each, and all that it has of those that history has lost. Days are
 * asked for by themselves, for means of hours do not make the mean of a day.
 */
export async function readOutcomes(steps: OutcomeSteps, mustEndBy: number): Promise<OutcomesRun> {
  const history = await steps.progress.look();
  // Until history has begun, nothing tells what it has lost.
  const runs = history ? await readEach(history, steps, mustEndBy) : [];
  const sum = (count: (run: IntervalsRun) => number) => runs.reduce((all, run) => all + count(run), 0);
  return {
    outcomesRead: sum(({ read }) => read),
    outcomesReadAgain: sum(({ readAgain }) => readAgain),
    outcomeRows: sum(({ rows }) => rows),
    outcomeRowsCorrected: sum(({ rowsCorrected }) => rowsCorrected),
    outcomesTaken: sum(({ taken }) => taken),
    outcomesLeft: sum(({ left }) => left),
    outcomesGivenUp: sum(({ givenUp }) => givenUp),
    failures: runs.flatMap(({ failures }) => failures),
  };
}

async function readEach(history: Progress, steps: OutcomeSteps, mustEndBy: number): Promise<IntervalsRun[]> {
  const runs: IntervalsRun[] = [];
  for (const resolution of resolutions) {
    const own = { ...steps, progress: steps.outcomes[resolution] };
    runs.push(await readIntervals(intervalsOf(resolution, history, steps), own, mustEndBy));
  }
  return runs;
}

function intervalsOf(
  resolution: LongResolution,
  history: Progress,
  { second, columns, backfillMs }: OutcomeSteps,
): Intervals {
  const rhythm = rhythmOf(resolution);
  return {
    rhythm,
    source: "GetMetricDataV2",
    plan: (known, now) =>
      withLosses(known ?? beginning(rhythm, Math.min(backfillMs, reachMs), now), history, rhythm),
    ask: (span) => {
      const lost = lostWithin(history, span.from, span.to) ? secondColumnsOf(columns) : [];
      return (queueIds, token) =>
        second.intervals(span, resolution, queueIds, [...lost, ...outcomeColumns], token);
    },
    told: () => {},
  };
}
