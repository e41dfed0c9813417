import {
  GetCurrentMetricDataCommand,
  type GetCurrentMetricDataCommandInput,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type Grouping,
} from "@aws-sdk/client-connect";
import {
  type CurrentMetricName,
  currentUnits,
} from "../../../../local/connect-simulator/metrics/current-metrics.ts";
import {
  type HistoricalMetricName,
  historicalKinds,
} from "../../../../local/connect-simulator/metrics/historical-metrics.ts";
import type { Centre } from "../support.ts";

const currentNames = Object.keys(currentUnits) as CurrentMetricName[];
const historicalNames = Object.keys(historicalKinds) as HistoricalMetricName[];

export const countNames = historicalNames.filter((name) => historicalKinds[name].unit === "COUNT");

/** Values by metric, and by the queue's id, or `all` where the answer is not grouped. */
export type Figures<Name extends string> = Map<string, Record<Name, number | null>>;

type Result = {
  Dimensions?: { Queue?: { Id?: string | undefined } | undefined } | undefined;
  Collections?:
    | { Metric?: { Name?: string | undefined } | undefined; Value?: number | undefined }[]
    | undefined;
};

function figuresOf<Name extends string>(results: Result[] | undefined): Figures<Name> {
  return new Map(
    results?.map(({ Dimensions, Collections }) => [
      Dimensions?.Queue?.Id ?? "all",
      Object.fromEntries(
        Collections?.map(({ Metric, Value }) => [Metric?.Name, Value ?? null]) ?? [],
      ) as Record<Name, number | null>,
    ]),
  );
}

const queuesOf = ({ simulator }: Centre) => simulator.instances()[0]?.queues.map(({ id }) => id) ?? [];

export async function currentFigures(
  centre: Centre,
  Groupings: Grouping[] = [],
  more: Partial<GetCurrentMetricDataCommandInput> = {},
): Promise<Figures<CurrentMetricName>> {
  const reply = await centre.client.send(
    new GetCurrentMetricDataCommand({
      InstanceId: centre.simulator.instanceId,
      Filters: { Queues: queuesOf(centre) },
      Groupings,
      CurrentMetrics: currentNames.map((Name) => ({ Name, Unit: currentUnits[Name] })),
      ...more,
    }),
  );
  return figuresOf(reply.MetricResults);
}

/** Every historical metric; SERVICE_LEVEL with the one threshold, in seconds. */
export async function historicalFigures(
  centre: Centre,
  { from, to, threshold = 60 }: { from: Date; to: Date; threshold?: number },
  Groupings: Grouping[] = [],
  more: Partial<GetMetricDataCommandInput> = {},
): Promise<Figures<HistoricalMetricName>> {
  const reply = await centre.client.send(
    new GetMetricDataCommand({
      InstanceId: centre.simulator.instanceId,
      StartTime: from,
      EndTime: to,
      Filters: { Queues: queuesOf(centre) },
      Groupings,
      HistoricalMetrics: historicalNames.map((Name) => ({
        Name,
        Statistic: historicalKinds[Name].statistic,
        Unit: historicalKinds[Name].unit,
        ...(Name === "SERVICE_LEVEL" && { Threshold: { Comparison: "LT", ThresholdValue: threshold } }),
      })),
      ...more,
    }),
  );
  return figuresOf(reply.MetricResults);
}

/** The end of the interval of five minutes that `at` is in. */
export const intervalEnd = (at: Date): Date => new Date(Math.ceil((at.getTime() + 1) / 300_000) * 300_000);
