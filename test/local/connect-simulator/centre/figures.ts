import {
  GetCurrentMetricDataCommand,
  type GetCurrentMetricDataCommandInput,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricDataV2Command,
  type GetMetricDataV2CommandInput,
  type Grouping,
  type MetricResultV2,
  type MetricV2,
} from "@aws-sdk/client-connect";
import {
  type CurrentMetricName,
  currentUnits,
} from "../../../../local/connect-simulator/metrics/current-metrics.ts";
import {
  type HistoricalMetricName,
  historicalKinds,
} from "../../../../local/connect-simulator/metrics/historical-metrics.ts";
import { type MetricNameV2, metricsV2 } from "../../../../local/connect-simulator/metrics/metrics-v2.ts";
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

const namesV2 = Object.keys(metricsV2) as MetricNameV2[];
export const ofAgentsV2: readonly string[] = namesV2.filter((name) => "ofAgents" in metricsV2[name]);

/** Every metric of the second version; those with a threshold with this one, in seconds. */
export const everyMetricV2 = (ThresholdValue = 60) =>
  namesV2.map((Name) => ({
    Name,
    ...("threshold" in metricsV2[Name] && { Threshold: [{ Comparison: "LT", ThresholdValue }] }),
  }));

export async function resultsV2(
  centre: Centre,
  { from, to }: { from: Date; to: Date },
  members: Partial<GetMetricDataV2CommandInput> = {},
): Promise<MetricResultV2[]> {
  const reply = await centre.client.send(
    new GetMetricDataV2Command({
      ResourceArn: centre.simulator.instanceArn,
      StartTime: from,
      EndTime: to,
      Filters: [{ FilterKey: "QUEUE", FilterValues: queuesOf(centre) }],
      Metrics: everyMetricV2().filter(({ Name }) => !ofAgentsV2.includes(Name)),
      ...members,
    }),
  );
  return reply.MetricResults ?? [];
}

/** By metric; for those that are asked for once. */
export const figuresV2 = ({ Collections = [] }: MetricResultV2): Record<string, number | null> =>
  Object.fromEntries(Collections.map(({ Metric, Value }) => [Metric?.Name, Value ?? null]));

export const valuesV2 = ({ Collections = [] }: MetricResultV2): (number | null)[] =>
  Collections.map(({ Value }) => Value ?? null);

/** The names that the two versions have for the same. */
export const sameInBoth: Readonly<Partial<Record<HistoricalMetricName, MetricNameV2>>> = {
  CONTACTS_QUEUED: "CONTACTS_QUEUED",
  CONTACTS_HANDLED: "CONTACTS_HANDLED",
  CONTACTS_ABANDONED: "CONTACTS_ABANDONED",
  CONTACTS_HOLD_ABANDONS: "CONTACTS_HOLD_ABANDONS",
  CONTACTS_TRANSFERRED_OUT: "CONTACTS_TRANSFERRED_OUT",
  CONTACTS_TRANSFERRED_OUT_FROM_QUEUE: "CONTACTS_TRANSFERRED_OUT_FROM_QUEUE",
  CONTACTS_MISSED: "AGENT_NON_RESPONSE_WITHOUT_CUSTOMER_ABANDONS",
  HANDLE_TIME: "AVG_HANDLE_TIME",
  AFTER_CONTACT_WORK_TIME: "AVG_AFTER_CONTACT_WORK_TIME",
  QUEUED_TIME: "MAX_QUEUED_TIME",
  ABANDON_TIME: "AVG_ABANDON_TIME",
  QUEUE_ANSWER_TIME: "AVG_QUEUE_ANSWER_TIME",
  HOLD_TIME: "AVG_HOLD_TIME",
  INTERACTION_TIME: "AVG_INTERACTION_TIME",
  INTERACTION_AND_HOLD_TIME: "AVG_INTERACTION_AND_HOLD_TIME",
  SERVICE_LEVEL: "SERVICE_LEVEL",
};

export const createdBy = (...methods: string[]): MetricV2 => ({
  Name: "CONTACTS_CREATED",
  MetricFilters: [{ MetricFilterKey: "INITIATION_METHOD", MetricFilterValues: methods }],
});

export const disconnectedFor = (...reasons: string[]): MetricV2 => ({
  Name: "SUM_CONTACTS_DISCONNECTED",
  MetricFilters: [{ MetricFilterKey: "DISCONNECT_REASON", MetricFilterValues: reasons }],
});

/** The end of the interval of five minutes that `at` is in. */
export const intervalEnd = (at: Date): Date => new Date(Math.ceil((at.getTime() + 1) / 300_000) * 300_000);
