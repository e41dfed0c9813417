import type { Column } from "../metrics/historical-metrics.ts";
import type { Channel, Values } from "../metrics/metric-row.ts";
import type { Queue } from "../metrics/metrics.ts";

/** What Connect tells of one queue and channel; a value that it does not give is null. */
export interface QueueValues {
  queueId: string;
  channel: Channel;
  values: Values;
}

export type MetricsAnswer =
  /** `snapshotAt`: epoch milliseconds, the same on all pages. `next`: there are more, to be had for five minutes. */
  | { kind: "page"; rows: QueueValues[]; snapshotAt?: number; next?: string }
  | { kind: "too-fast" }
  /** No answer, or none that tells anything; asking again may help. */
  | { kind: "unclear" }
  /** The token has expired: only from the first page on is there more. */
  | { kind: "token-gone" }
  /** One of the queues is there no longer. */
  | { kind: "unknown-queue" };

/** At most 100 queues are asked about at once; `token` is `next` of the page before. Both throw where asking again cannot help. */
export interface QueueMetrics {
  /** Times in seconds. */
  current(queueIds: readonly string[], token?: string): Promise<MetricsAnswer>;
  /** `span`: epoch milliseconds on whole five minutes, at most 24 hours back. */
  historical(
    span: { from: number; to: number },
    queueIds: readonly string[],
    columns: readonly Column[],
    token?: string,
  ): Promise<MetricsAnswer>;
}

/** The standard queues of the instance. */
export interface QueueLister {
  list(): Promise<Queue[]>;
}
