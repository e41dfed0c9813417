import {
  type ConnectClient,
  type CurrentMetricResult,
  GetCurrentMetricDataCommand,
  GetMetricDataCommand,
  type HistoricalMetricResult,
} from "@aws-sdk/client-connect";
import { currentMetrics, currentNames } from "../metrics/current-metrics.ts";
import { type Column, historicalMetrics } from "../metrics/historical-metrics.ts";
import { channels } from "../metrics/metric-row.ts";
import { answered, known } from "./metrics-answer.ts";
import type { MetricsAnswer, QueueMetrics, QueueValues } from "./queue-metrics.ts";

const largestPage = 100;

/** Always grouped by queue and channel: ungrouped, Connect gives OLDEST_CONTACT_AGE in milliseconds. */
const grouped = { Groupings: ["QUEUE", "CHANNEL"], MaxResults: largestPage } as const;

export class ConnectQueueMetrics implements QueueMetrics {
  private readonly client: ConnectClient;
  private readonly instanceId: string;

  constructor(client: ConnectClient, instanceId: string) {
    this.client = client;
    this.instanceId = instanceId;
  }

  current(queueIds: readonly string[], token?: string): Promise<MetricsAnswer> {
    return answered(token, async () => {
      const answer = await this.client.send(
        new GetCurrentMetricDataCommand({
          InstanceId: this.instanceId,
          Filters: filtersOf(queueIds),
          Groupings: [...grouped.Groupings],
          MaxResults: grouped.MaxResults,
          CurrentMetrics: currentNames.map((name) => ({ Name: name, Unit: currentMetrics[name].unit })),
          NextToken: token,
        }),
      );
      const rows = (answer.MetricResults ?? []).flatMap((result) => rowOf(result, currentNames, nameOf));
      return {
        rows,
        ...(answer.DataSnapshotTime && { snapshotAt: answer.DataSnapshotTime.getTime() }),
        next: answer.NextToken,
      };
    });
  }

  historical(
    { from, to }: { from: number; to: number },
    queueIds: readonly string[],
    columns: readonly Column[],
    token?: string,
  ): Promise<MetricsAnswer> {
    return answered(token, async () => {
      const { MetricResults = [], NextToken } = await this.client.send(
        new GetMetricDataCommand({
          InstanceId: this.instanceId,
          StartTime: new Date(from),
          EndTime: new Date(to),
          Filters: filtersOf(queueIds),
          Groupings: [...grouped.Groupings],
          MaxResults: grouped.MaxResults,
          HistoricalMetrics: columns.map(askedFor),
          NextToken: token,
        }),
      );
      const names = columns.map(({ column }) => column);
      return { rows: MetricResults.flatMap((result) => rowOf(result, names, columnOf)), next: NextToken };
    });
  }
}

const filtersOf = (queueIds: readonly string[]) => ({ Queues: [...queueIds], Channels: [...channels] });

function askedFor({ metric, threshold }: Column) {
  const { statistic, unit } = historicalMetrics[metric];
  return {
    Name: metric,
    Statistic: statistic,
    Unit: unit,
    ...(threshold !== undefined && { Threshold: { Comparison: "LT" as const, ThresholdValue: threshold } }),
  };
}

type Result = CurrentMetricResult | HistoricalMetricResult;
type Collection<Of extends Result> = NonNullable<Of["Collections"]>[number];

const nameOf = ({ Metric }: Collection<CurrentMetricResult>): string | undefined => Metric?.Name;

function columnOf({ Metric }: Collection<HistoricalMetricResult>): string | undefined {
  const threshold = Metric?.Threshold?.ThresholdValue;
  return threshold === undefined ? Metric?.Name : `${Metric?.Name}_${threshold}`;
}

/** Nothing of a channel that nobody here knows. */
function rowOf<Of extends Result>(
  { Dimensions, Collections = [] }: Of,
  columns: readonly string[],
  columnIn: (collection: Collection<Of>) => string | undefined,
): QueueValues[] {
  const queueId = Dimensions?.Queue?.Id;
  const channel = channels.find((one) => one === Dimensions?.Channel);
  if (queueId === undefined || channel === undefined) return [];
  const given = new Map(Collections.map((one) => [columnIn(one), one.Value]));
  const values = Object.fromEntries(columns.map((column) => [column, known(given.get(column))]));
  return [{ queueId, channel, values }];
}
