import { type ConnectClient, GetMetricDataV2Command, type MetricV2 } from "@aws-sdk/client-connect";
import { channels } from "../metrics/metric-row.ts";
import type { SecondColumn, SecondMetric } from "../metrics/second-source.ts";
import { answered, known } from "./metrics-answer.ts";
import type { MetricsAnswer, QueueValues } from "./queue-metrics.ts";
import type { SecondQueueMetrics } from "./second-queue-metrics.ts";

const largestPage = 100;
const periods = { "1h": "HOUR", "1d": "DAY" } as const;

export class ConnectSecondQueueMetrics implements SecondQueueMetrics {
  private readonly client: ConnectClient;
  private readonly instanceArn: string;

  constructor(client: ConnectClient, instanceArn: string) {
    this.client = client;
    this.instanceArn = instanceArn;
  }

  intervals(
    { from, to }: { from: number; to: number },
    length: "1h" | "1d",
    queueIds: readonly string[],
    columns: readonly SecondColumn[],
    token?: string,
  ): Promise<MetricsAnswer> {
    return answered(token, async () => {
      const { MetricResults = [], NextToken } = await this.client.send(
        new GetMetricDataV2Command({
          ResourceArn: this.instanceArn,
          StartTime: new Date(from),
          EndTime: new Date(to),
          Interval: { TimeZone: "UTC", IntervalPeriod: periods[length] },
          Filters: [
            { FilterKey: "QUEUE", FilterValues: [...queueIds] },
            // Channels do not count among the hundred values that a request may have.
            { FilterKey: "CHANNEL", FilterValues: [...channels] },
          ],
          Groupings: ["QUEUE", "CHANNEL"],
          Metrics: columns.flatMap(({ metric }) => (metric ? [askedFor(metric)] : [])),
          MaxResults: largestPage,
          NextToken: token,
        }),
      );
      const wanted = columns.map(
        ({ column, metric }) => [column, metric && identityOf(askedFor(metric))] as const,
      );
      const rows = MetricResults.flatMap(({ Dimensions = {}, Collections = [] }): QueueValues[] => {
        // An id, or an ARN, which ends with it.
        const queueId = Dimensions["QUEUE"]?.split("/").at(-1);
        const channel = channels.find((one) => one === Dimensions["CHANNEL"]);
        if (queueId === undefined || channel === undefined) return [];
        const given = new Map(Collections.map(({ Metric = {}, Value }) => [identityOf(Metric), Value]));
        const values = wanted.map(([column, identity]) => [column, identity && known(given.get(identity))]);
        return [{ queueId, channel, values: Object.fromEntries(values) }];
      });
      return { rows, next: NextToken };
    });
  }
}

const askedFor = ({ name, filters = [], threshold }: SecondMetric): MetricV2 => ({
  Name: name,
  ...(filters.length > 0 && {
    MetricFilters: filters.map(({ key, values }) => ({
      MetricFilterKey: key,
      MetricFilterValues: [...values],
    })),
  }),
  ...(threshold !== undefined && { Threshold: [{ Comparison: "LT", ThresholdValue: threshold }] }),
});

/** One name is asked for several times, each with other filters: an answer is known by all of it, in whatever order. */
function identityOf({ Name, MetricFilters = [], Threshold = [] }: MetricV2): string {
  const filters = MetricFilters.map(({ MetricFilterKey, MetricFilterValues = [] }) =>
    [MetricFilterKey, ...MetricFilterValues.toSorted()].join(" "),
  );
  return [Name, ...filters.toSorted(), ...Threshold.map(({ ThresholdValue }) => ThresholdValue)].join("|");
}
