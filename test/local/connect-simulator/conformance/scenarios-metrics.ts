import { expect } from "vitest";
import { currentUnits } from "../../../../local/connect-simulator/metrics/current-metrics.ts";
import { historicalKinds } from "../../../../local/connect-simulator/metrics/historical-metrics.ts";
import type { ConnectSimulatorOptions } from "../../../../local/connect-simulator/simulator.ts";
import { createdBy, disconnectedFor, everyMetricV2, ofAgentsV2 } from "../centre/figures.ts";
import { InstanceId, instanceArn } from "../operations/support.ts";
import type { Centre } from "../support.ts";
import type { Input } from "./sample.ts";
import type { Scenarios, Scene } from "./scenario.ts";

const profile = "5ca1ab1e-0000-4000-8000-0000000000a1";
/** A multiple of five minutes. */
const begin = new Date("2026-03-02T09:00:00Z");

/** Two queues, one agent, customers who come every minute and want to be called back. */
const options: ConnectSimulatorOptions = {
  startAt: begin,
  centre: {
    instances: [
      {
        queues: [
          { name: "Sales", id: "sales" },
          { name: "Support", id: "support" },
        ],
        routingProfiles: [
          { name: "Both", id: profile, channels: ["VOICE", "CHAT"], queues: ["Sales", "Support"] },
        ],
        users: [{ username: "ana" }, { username: "ben", status: "Break" }],
        behaviour: { callbacks: 0.5, holds: 0.5, consults: 0.5 },
        load: [
          { queue: "Sales", perHour: 60 },
          { queue: "Support", channel: "CHAT", perHour: 20 },
        ],
      },
    ],
  },
};

const everyCurrent = Object.entries(currentUnits).map(([Name, Unit]) => ({ Name, Unit }));
const everyHistorical = Object.entries(historicalKinds).map(([Name, { statistic, unit }]) => ({
  Name,
  Statistic: statistic,
  Unit: unit,
  ...(Name === "SERVICE_LEVEL" && { Threshold: { Comparison: "LT", ThresholdValue: 60 } }),
}));
const queues = { Filters: { Queues: ["sales", "support"] } };
const profiles = { Filters: { RoutingProfiles: [profile] } };

const afterAnHour =
  (members: Input) =>
  async (centre: Centre): Promise<Input> => {
    await centre.advance(3_600);
    return { InstanceId, ...members };
  };
const current = (members: Input = {}): Scene => ({
  options,
  input: afterAnHour({ ...queues, CurrentMetrics: everyCurrent, ...members }),
});
const anHour = { StartTime: begin, EndTime: new Date(begin.getTime() + 3_600_000) };
const historical = (members: Input = {}): Scene => ({
  options,
  input: afterAnHour({ ...queues, ...anHour, HistoricalMetrics: everyHistorical, ...members }),
});
const filters = (FilterKey: string, ...FilterValues: string[]) => [{ FilterKey, FilterValues }];
const everyV2 = everyMetricV2().filter(({ Name }) => !ofAgentsV2.includes(Name));
const afterAnHourV2 =
  (members: Input) =>
  async (centre: Centre): Promise<Input> => {
    await centre.advance(3_600);
    const Filters = filters("QUEUE", "sales", "support");
    return { ResourceArn: instanceArn, ...anHour, Filters, Metrics: everyV2, ...members };
  };
const second = (members: Input = {}): Scene => ({ options, input: afterAnHourV2(members) });
const agentsOnline = [{ Name: "AGENTS_ONLINE", Unit: "COUNT" }];
const rows = (count: number): Pick<Scene, "holds"> => ({
  holds: ({ output }) => expect(output["MetricResults"]).toHaveLength(count),
});

export const metricScenarios = {
  GetCurrentMetricData: {
    replies: {
      "every metric": {
        ...current(),
        holds({ output }) {
          const { MetricResults } = output as { MetricResults?: { Collections?: { Value?: number }[] }[] };
          const values = MetricResults?.[0]?.Collections?.map(({ Value }) => Value ?? 0) ?? [];
          expect(values).toHaveLength(everyCurrent.length);
          expect(values.filter((value) => value > 0).length).toBeGreaterThan(6);
        },
      },
      "by queue and channel": { ...current({ Groupings: ["QUEUE", "CHANNEL"] }), ...rows(4) },
      "by routing profile, sorted": {
        ...current({
          ...profiles,
          Groupings: ["ROUTING_PROFILE"],
          SortCriteria: [{ SortByMetric: "CONTACTS_IN_QUEUE", SortOrder: "DESCENDING" }],
        }),
        ...rows(1),
      },
      "by agent status": {
        ...current({ Groupings: ["QUEUE", "AGENT_STATUS"], CurrentMetrics: agentsOnline }),
        ...rows(8),
      },
      "a page": { ...current({ Groupings: ["QUEUE"], MaxResults: 1 }), ...rows(1) },
    },
    refusals: {
      InvalidRequestException: { "no metric": current({ CurrentMetrics: [] }) },
      InvalidParameterException: {
        "a unit of another metric": current({ CurrentMetrics: [{ Name: "AGENTS_ONLINE", Unit: "SECONDS" }] }),
        "101 results": current({ MaxResults: 101 }),
      },
      ResourceNotFoundException: { "an unknown queue": current({ Filters: { Queues: ["unknown"] } }) },
    },
  },
  GetMetricData: {
    replies: {
      "every metric": {
        ...historical(),
        holds({ output }) {
          const { MetricResults } = output as { MetricResults?: { Collections?: { Value?: number }[] }[] };
          const values = MetricResults?.[0]?.Collections?.map(({ Value }) => Value ?? 0) ?? [];
          expect(values).toHaveLength(everyHistorical.length);
          expect(values.filter((value) => value > 0).length).toBeGreaterThan(12);
        },
      },
      "by queue and channel": { ...historical({ Groupings: ["QUEUE", "CHANNEL"] }), ...rows(2) },
      "by routing profile": { ...historical({ ...profiles, Groupings: ["ROUTING_PROFILE"] }), ...rows(1) },
      "a page": { ...historical({ Groupings: ["QUEUE"], MaxResults: 1 }), ...rows(1) },
    },
    refusals: {
      InvalidRequestException: { "no filter": historical({ Filters: {} }) },
      InvalidParameterException: {
        "a time that is no multiple of five minutes": historical({
          StartTime: new Date(begin.getTime() + 1_000),
        }),
        "a day ago": historical({ StartTime: new Date(begin.getTime() - 86_400_000) }),
      },
      ResourceNotFoundException: {
        "an unknown routing profile": historical({ Filters: { RoutingProfiles: ["unknown"] } }),
      },
    },
  },
  GetMetricDataV2: {
    replies: {
      "every metric of contacts": {
        ...second(),
        holds({ output }) {
          const { MetricResults } = output as { MetricResults?: { Collections?: { Value?: number }[] }[] };
          const values = MetricResults?.[0]?.Collections?.map(({ Value }) => Value ?? 0) ?? [];
          expect(values).toHaveLength(everyV2.length);
          expect(values.filter((value) => value > 0).length).toBeGreaterThan(24);
        },
      },
      "every metric of agents, by routing profile": {
        ...second({
          Filters: filters("ROUTING_PROFILE", profile),
          Groupings: ["ROUTING_PROFILE"],
          Metrics: ofAgentsV2.map((Name) => ({ Name })),
        }),
        ...rows(1),
      },
      "by queue and channel, in quarters of an hour": {
        ...second({ Groupings: ["QUEUE", "CHANNEL"], Interval: { IntervalPeriod: "FIFTEEN_MIN" } }),
        ...rows(8),
      },
      "calls that nobody answered": {
        options,
        async input(centre) {
          await centre.call({ QueueId: "sales", DestinationPhoneNumber: "+12065550150" });
          return afterAnHourV2({ Metrics: [createdBy("API"), disconnectedFor("TELECOM_BUSY")] })(centre);
        },
        holds({ output }) {
          const Collections = [{ Value: 1 }, { Value: 1 }];
          expect(output).toMatchObject({ MetricResults: [{ Collections }] });
        },
      },
      "a page": { ...second({ Groupings: ["QUEUE"], MaxResults: 1 }), ...rows(1) },
    },
    refusals: {
      InvalidRequestException: {
        "no queue and no profile": second({ Filters: filters("CHANNEL", "VOICE") }),
      },
      InvalidParameterException: {
        "a metric that the simulator lacks": second({ Metrics: [{ Name: "AVG_TALK_TIME" }] }),
        "an end to come": second({ EndTime: new Date(begin.getTime() + 3_601_000) }),
      },
      ResourceNotFoundException: {
        "an unknown instance": second({ ResourceArn: `${instanceArn}x` }),
        "an unknown queue": second({ Filters: filters("QUEUE", "unknown") }),
      },
    },
  },
} satisfies Record<string, Scenarios>;
