import type { SecondColumn } from "../metrics/second-source.ts";
import type { MetricsAnswer } from "./queue-metrics.ts";

/** GetMetricDataV2, as far as it concerns queues. */
export interface SecondQueueMetrics {
  /**
   * At most 100 queues are asked about at once; `token` is `next` of the page before.
   * @param span one hour or one day of UTC, in epoch milliseconds, over and at most three months back
   * @throws where asking again cannot help
   */
  intervals(
    span: { from: number; to: number },
    length: "1h" | "1d",
    queueIds: readonly string[],
    columns: readonly SecondColumn[],
    token?: string,
  ): Promise<MetricsAnswer>;
}
