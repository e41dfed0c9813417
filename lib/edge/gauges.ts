import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import {
  byQueue,
  type Gauge,
  type Gauges,
  intervalGauges,
  presentGauges,
  queueGauges,
} from "../metrics/gauges.ts";
import { metrics } from "./log.ts";

/**
 * As metrics in CloudWatch, by its embedded metric format.
 * @param perQueue also for each queue by itself, which CloudWatch bills by the queue
 */
export const gaugesInCloudWatch = (perQueue: boolean): Gauges => ({
  present(rows) {
    add(metrics, presentGauges(rows));
    if (!perQueue) return;
    for (const [queueId, own] of byQueue(rows)) {
      const ofQueue = new Metrics();
      ofQueue.addDimension("queueId", queueId);
      add(ofQueue, queueGauges(own));
      ofQueue.publishStoredMetrics();
    }
  },
  interval(rows) {
    add(metrics, intervalGauges(rows, Date.now()));
  },
});

function add(to: Metrics, gauges: readonly Gauge[]): void {
  for (const { name, unit, value } of gauges) to.addMetric(name, MetricUnit[unit], value);
}
