import type { MetricsAnswer, QueueValues } from "../../lib/connect/queue-metrics.ts";
import type { MetricRow } from "../../lib/metrics/metric-row.ts";
import type { Queue } from "../../lib/metrics/metrics.ts";
import { queueList } from "../../lib/metrics/queue-list.ts";
import type { SnapshotSteps } from "../../lib/metrics/snapshot-metrics.ts";
import { MetricsInMemory } from "./metrics-in-memory.ts";
import { ProgressBookInMemory } from "./progress-book-in-memory.ts";

/** What one request asked for. `from` and `to`: of intervals only; `length` and `columns`: of the second source. */
export interface Asked {
  queueIds: readonly string[];
  token?: string | undefined;
  from?: number;
  to?: number;
  length?: "1h" | "1d";
  columns?: string[];
}

export interface MetricsWorld {
  steps: SnapshotSteps;
  metrics: MetricsInMemory;
  book: ProgressBookInMemory;
  /** Of the second source. */
  outcomeBooks: Record<"1h" | "1d", ProgressBookInMemory>;
  /** The queues that Connect lists. */
  queues: Queue[];
  asked: Asked[];
  /** The rows that whoever watches has been told of, reading by reading. */
  told: Record<"present" | "interval", (readonly MetricRow[])[]>;
  /** Connect's next answers; after them every request gets one row for each queue, on one page. */
  answers: ((asked: Asked) => MetricsAnswer | Error)[];
  pushedBack: number;
  now(): number;
  advance(ms: number): void;
  rows(): MetricRow[];
}

/** Everything in memory, on a clock that only moves when it is told to, or waited for. */
export function aMetricsWorld({ queues = 3, startAt = "2026-11-24T12:00:00Z" } = {}): MetricsWorld {
  let now = Date.parse(startAt);
  let owners = 0;
  const metrics = new MetricsInMemory();
  const book = new ProgressBookInMemory(() => now);
  const outcomeBooks = {
    "1h": new ProgressBookInMemory(() => now),
    "1d": new ProgressBookInMemory(() => now),
  };

  async function answer(asked: Asked): Promise<MetricsAnswer> {
    world.asked.push(asked);
    const given =
      world.answers.shift()?.(asked) ?? aPage(asked.queueIds, { snapshotAt: now, columns: asked.columns });
    if (given instanceof Error) throw given;
    return given;
  }

  const limit = {
    // Nothing is spaced here, but what has no time left gets no moment.
    take: async (count: number, horizonMs: number) => (horizonMs < 0 ? [] : Array(count).fill(now)),
    pushBack: async () => {
      world.pushedBack += 1;
      now += 600;
    },
  };

  const world: MetricsWorld = {
    metrics,
    book,
    outcomeBooks,
    queues: Array.from({ length: queues }, (_, n) => ({ queueId: `queue-${n}`, name: `Queue ${n}` })),
    asked: [],
    told: { present: [], interval: [] },
    answers: [],
    pushedBack: 0,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    rows: () => [...metrics.rows.values()],
    steps: {
      connect: {
        current: (queueIds, token) => answer({ queueIds, token }),
        historical: ({ from, to }, queueIds, _, token) => answer({ queueIds, token, from, to }),
      },
      second: {
        intervals: ({ from, to }, length, queueIds, columns, token) =>
          answer({ queueIds, token, from, to, length, columns: columns.map(({ column }) => column) }),
      },
      outcomes: outcomeBooks,
      backfillMs: 86_400_000,
      queues: queueList({ list: async () => [...world.queues] }, metrics, [], () => now),
      metrics,
      progress: book,
      gauges: {
        present: (rows) => void world.told.present.push(rows),
        interval: (rows) => void world.told.interval.push(rows),
      },
      columns: [],
      rates: { current: limit, historical: limit, outcomes: limit },
      newOwner: () => `run-${++owners}`,
      now: () => now,
      until: async (at) => {
        now = Math.max(now, at);
      },
    },
  };
  return world;
}

/** One row for each queue. */
export function aPage(
  queueIds: readonly string[],
  {
    value = 1,
    columns = ["N"],
    ...rest
  }: { value?: number; columns?: string[] | undefined; snapshotAt?: number; next?: string } = {},
): MetricsAnswer {
  const values = Object.fromEntries(columns.map((column) => [column, value]));
  const rows = queueIds.map((queueId): QueueValues => ({ queueId, channel: "VOICE", values }));
  return { kind: "page", rows, ...rest };
}
