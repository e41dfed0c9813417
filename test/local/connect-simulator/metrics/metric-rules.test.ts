import { paginateGetCurrentMetricData, paginateGetMetricData } from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import type { ConnectSimulatorOptions } from "../../../../local/connect-simulator/simulator.ts";
import { midnight } from "../centre/any-day.ts";
import { currentFigures, historicalFigures } from "../centre/figures.ts";
import { aCentre, minutes } from "../support.ts";

const queues = Array.from({ length: 120 }, (_, at) => `Queue ${String(at).padStart(3, "0")}`);
const noon = new Date(midnight.getTime() + 12 * 3_600_000);
const seconds = (at: Date) => at.getTime() / 1000;

const manyQueues = (options: ConnectSimulatorOptions = {}) =>
  aCentre({
    startAt: noon,
    centre: {
      instances: [{ queues, routingProfiles: [{ name: "All", queues, channels: ["VOICE", "CHAT"] }] }],
    },
    ...options,
  });

async function questions(options: ConnectSimulatorOptions = {}) {
  const centre = await manyQueues(options);
  const [instance] = centre.simulator.instances();
  const ids = instance?.queues.map(({ id }) => id) ?? [];
  const profile = instance?.routingProfiles[0]?.id ?? "";
  const current = (members: object) =>
    centre.raw("POST", `/metrics/current/${instance?.id}`, {
      Filters: { Queues: ids.slice(0, 3) },
      CurrentMetrics: [{ Name: "AGENTS_ONLINE", Unit: "COUNT" }],
      ...members,
    });
  const historical = (members: object) =>
    centre.raw("POST", `/metrics/historical/${instance?.id}`, {
      StartTime: seconds(noon) - 3600,
      EndTime: seconds(noon),
      Filters: { Queues: ids.slice(0, 3) },
      HistoricalMetrics: [{ Name: "CONTACTS_QUEUED", Statistic: "SUM", Unit: "COUNT" }],
      ...members,
    });
  return { centre, ids, profile, current, historical };
}

const parameter = "InvalidParameterException";
const invalid = "InvalidRequestException";

type Case = [what: string, members: (ids: string[], profile: string) => object, type: string, says: string];

const ofBoth: Case[] = [
  ["101 queues", (ids) => ({ Filters: { Queues: ids.slice(0, 101) } }), parameter, "at most 100"],
  ["no queue in the list", () => ({ Filters: { Queues: [] } }), parameter, "at least 1"],
  ["neither queues nor profiles", () => ({ Filters: { Channels: ["VOICE"] } }), invalid, "at least one of"],
  [
    "queues and profiles together",
    (ids, profile) => ({ Filters: { Queues: ids.slice(0, 1), RoutingProfiles: [profile] } }),
    parameter,
    "cannot be given together",
  ],
  ["an unknown queue", () => ({ Filters: { Queues: ["x"] } }), "ResourceNotFoundException", "Filters.Queues"],
  [
    "an unknown profile",
    () => ({ Filters: { RoutingProfiles: ["x"] } }),
    "ResourceNotFoundException",
    "Filters.RoutingProfiles",
  ],
  [
    "an unknown channel",
    (ids) => ({ Filters: { Queues: ids.slice(0, 1), Channels: ["FAX"] } }),
    parameter,
    "VOICE",
  ],
  ["three groupings", () => ({ Groupings: ["QUEUE", "CHANNEL", "ROUTING_PROFILE"] }), parameter, "at most 2"],
  ["the same grouping twice", () => ({ Groupings: ["QUEUE", "QUEUE"] }), parameter, "must differ"],
  ["a subtype first", () => ({ Groupings: ["SUBTYPE", "QUEUE"] }), parameter, "after QUEUE"],
  [
    "agent statuses without queues",
    (_, profile) => ({ Filters: { RoutingProfiles: [profile], AgentStatuses: ["x"] } }),
    parameter,
    "needs Filters.Queues",
  ],
  [
    "routing steps of two queues",
    (ids) => ({
      Filters: { Queues: ids.slice(0, 2), RoutingStepExpressions: ["a"] },
      Groupings: ["ROUTING_STEP_EXPRESSION"],
    }),
    parameter,
    "exactly one queue",
  ],
  ["101 results", () => ({ MaxResults: 101 }), parameter, "at most 100"],
  ["a token that was never given", () => ({ NextToken: "x" }), parameter, "not a token"],
];

const ofCurrent: Case[] = [
  ["no metric", () => ({ CurrentMetrics: [] }), invalid, "at least one"],
  ["a metric without unit", () => ({ CurrentMetrics: [{ Name: "AGENTS_ONLINE" }] }), invalid, "Unit"],
  [
    "a metric with another's unit",
    () => ({ CurrentMetrics: [{ Name: "OLDEST_CONTACT_AGE", Unit: "COUNT" }] }),
    parameter,
    "SECONDS",
  ],
  [
    "a metric of one's own",
    () => ({ CurrentMetrics: [{ MetricId: "5ca1ab1e-0000-4000-8000-000000000001" }] }),
    "ResourceNotFoundException",
    "MetricId",
  ],
  [
    "a metric by name and id",
    () => ({ CurrentMetrics: [{ Name: "AGENTS_ONLINE", MetricId: "5ca1ab1e-0000-4000-8000-000000000001" }] }),
    parameter,
    "not both",
  ],
  [
    "queued contacts by profile without that filter",
    () => ({
      Groupings: ["ROUTING_PROFILE"],
      CurrentMetrics: [{ Name: "CONTACTS_IN_QUEUE", Unit: "COUNT" }],
    }),
    parameter,
    "needs Filters.RoutingProfiles",
  ],
  [
    "an unknown agent status",
    (ids) => ({ Filters: { Queues: ids.slice(0, 1), AgentStatuses: ["unheard"] } }),
    "ResourceNotFoundException",
    "Filters.AgentStatuses",
  ],
  [
    "agent statuses of another metric",
    () => ({
      Groupings: ["QUEUE", "AGENT_STATUS"],
      CurrentMetrics: [{ Name: "AGENTS_ERROR", Unit: "COUNT" }],
    }),
    parameter,
    "only AGENTS_ONLINE",
  ],
  [
    "slots as the order",
    () => ({ SortCriteria: [{ SortByMetric: "SLOTS_ACTIVE", SortOrder: "ASCENDING" }] }),
    parameter,
    "cannot sort",
  ],
];

const ofHistorical: Case[] = [
  ["a start off the five minutes", () => ({ StartTime: seconds(noon) - 301 }), parameter, "multiple of 5"],
  ["a fraction of a second", () => ({ EndTime: seconds(noon) - 0.5 }), parameter, "multiple of 5"],
  ["an end before the start", () => ({ EndTime: seconds(noon) - 3900 }), parameter, "later than StartTime"],
  ["an end at the start", () => ({ EndTime: seconds(noon) - 3600 }), parameter, "later than StartTime"],
  [
    "a start 24 hours and 5 minutes ago",
    () => ({ StartTime: seconds(noon) - 86_700 }),
    parameter,
    "24 hours ago",
  ],
  ["a span of 24 hours", () => ({ StartTime: seconds(noon) - 86_400 }), parameter, "less than 24 hours"],
  ["an end to come", () => ({ EndTime: seconds(noon) + 300 }), parameter, "future"],
  ["no metric", () => ({ HistoricalMetrics: [] }), invalid, "at least one"],
  [
    "another statistic",
    () => ({ HistoricalMetrics: [{ Name: "CONTACTS_QUEUED", Statistic: "AVG", Unit: "COUNT" }] }),
    parameter,
    "SUM",
  ],
  [
    "a service level without threshold",
    () => ({ HistoricalMetrics: [{ Name: "SERVICE_LEVEL", Statistic: "AVG", Unit: "PERCENT" }] }),
    invalid,
    "Threshold",
  ],
  ...[0, 604_801, 1.5].map(
    (ThresholdValue): Case => [
      `a threshold of ${ThresholdValue}`,
      () => ({ HistoricalMetrics: [serviceLevel(ThresholdValue)] }),
      parameter,
      "from 1 to 604800",
    ],
  ),
  [
    "21 thresholds",
    () => ({ HistoricalMetrics: Array.from({ length: 21 }, (_, at) => serviceLevel(at + 1)) }),
    parameter,
    "at most 20",
  ],
  [
    "a threshold of another metric",
    () => ({ HistoricalMetrics: [{ ...serviceLevel(20), Name: "OCCUPANCY" }] }),
    parameter,
    "takes none",
  ],
];

function serviceLevel(ThresholdValue: number) {
  return {
    Name: "SERVICE_LEVEL",
    Threshold: { Comparison: "LT", ThresholdValue },
    Statistic: "AVG",
    Unit: "PERCENT",
  };
}

describe.each([
  ["GetCurrentMetricData", "current", [...ofBoth, ...ofCurrent]],
  ["GetMetricData", "historical", [...ofBoth, ...ofHistorical]],
] as const)("%s refuses", (_, which, cases) => {
  it.each(cases)("%s", async (_what, members, type, says) => {
    const { ids, profile, ...ask } = await questions();
    const answer = await ask[which](members(ids, profile));
    expect(answer).toMatchObject({ type, body: { Message: expect.stringContaining(says) } });
  });
});

describe("GetMetricData accepts", () => {
  it("an end to come, when the switch says so", async () => {
    const { historical } = await questions({ deviations: { metricsEndInTheFuture: "allowed" } });
    expect((await historical({ EndTime: seconds(noon) + 300 })).status).toBe(200);
  });

  it("the longest span, and the widest thresholds", async () => {
    const { historical } = await questions();
    const StartTime = seconds(noon) - 86_400;
    expect((await historical({ StartTime, EndTime: seconds(noon) - 300 })).status).toBe(200);
    const HistoricalMetrics = [serviceLevel(1), serviceLevel(604_800)];
    expect((await historical({ HistoricalMetrics })).status).toBe(200);
  });
});

describe("what has no data", () => {
  it("is left out of the history, or zero and null when the switch says so", async () => {
    const { historical } = await questions();
    expect((await historical({})).body["MetricResults"]).toEqual([]);
    const { centre, ids } = await questions({ deviations: { historyWithoutData: "zero" } });
    const span = { from: midnight, to: noon };
    const some = { Filters: { Queues: ids.slice(0, 3) } };
    expect((await historicalFigures(centre, span, [], some)).get("all")).toMatchObject({
      CONTACTS_QUEUED: 0,
      HANDLE_TIME: null,
      SERVICE_LEVEL: null,
      QUEUED_TIME: null,
    });
  });
});

describe("pages of metrics", () => {
  const metrics = { CurrentMetrics: [{ Name: "AGENTS_ONLINE" as const, Unit: "COUNT" as const }] };

  it("are walked by the SDK, all of one snapshot", async () => {
    const { centre, ids } = await questions();
    centre.simulator.arrive({ queue: queues[0] });
    const times: unknown[] = [];
    const seen: unknown[] = [];
    const pages = paginateGetCurrentMetricData(
      { client: centre.client, pageSize: 7 },
      {
        InstanceId: centre.simulator.instanceId,
        Filters: { Queues: ids.slice(0, 100) },
        Groupings: ["QUEUE"],
        ...metrics,
      },
    );
    for await (const page of pages) {
      await centre.advance(60);
      times.push(page.DataSnapshotTime?.getTime());
      seen.push(...(page.MetricResults?.map(({ Dimensions }) => Dimensions?.Queue?.Id) ?? []));
      expect(page.ApproximateTotalCount).toBe(100);
    }
    expect(times).toHaveLength(15);
    expect(new Set(times)).toEqual(new Set([noon.getTime()]));
    expect(seen.toSorted()).toEqual(ids.slice(0, 100).toSorted());
  });

  it("of history too", async () => {
    const { centre, ids } = await questions();
    for (const queue of queues.slice(0, 25)) centre.simulator.arrive({ queue });
    await centre.advance(minutes(10));
    const seen: unknown[] = [];
    const pages = paginateGetMetricData(
      { client: centre.client, pageSize: 10 },
      {
        InstanceId: centre.simulator.instanceId,
        StartTime: noon,
        EndTime: new Date(noon.getTime() + 300_000),
        Filters: { Queues: ids.slice(0, 100) },
        Groupings: ["QUEUE"],
        HistoricalMetrics: [{ Name: "CONTACTS_QUEUED", Statistic: "SUM", Unit: "COUNT" }],
      },
    );
    for await (const page of pages)
      seen.push(...(page.MetricResults?.map(({ Collections }) => Collections?.[0]?.Value) ?? []));
    expect(seen).toEqual(Array.from({ length: 25 }, () => 1));
  });

  it("need a token of the last 5 real minutes, with the same parameters, as often as one likes", async () => {
    let real = Date.now();
    const { current } = await questions({ realClock: () => real });
    const first = await current({ Groupings: ["QUEUE"], MaxResults: 1 });
    const NextToken = first.body["NextToken"];
    const again = await current({ Groupings: ["QUEUE"], MaxResults: 1, NextToken });
    expect(await current({ Groupings: ["QUEUE"], MaxResults: 1, NextToken })).toMatchObject({
      body: { MetricResults: again.body["MetricResults"] },
    });

    const other = await current({ Groupings: ["CHANNEL"], NextToken });
    expect(other).toMatchObject({
      type: parameter,
      body: { Message: expect.stringContaining("same parameters") },
    });
    real += 5 * 60_000;
    const late = await current({ Groupings: ["QUEUE"], MaxResults: 1, NextToken });
    expect(late).toMatchObject({ type: parameter, body: { Message: expect.stringContaining("expired") } });
  });
});

describe("current metrics", () => {
  it("give the age of the oldest contact in seconds where grouped, and in milliseconds where not", async () => {
    const { centre } = await questions({ durations: { flow: [1, 1], patience: [900, 900] } });
    for (const { username } of centre.simulator.agents())
      centre.simulator.agent({ username, status: "Break" });
    centre.simulator.arrive({ queue: queues[0] });
    await centre.advance(25.25);
    const first = { Filters: { Queues: [centre.simulator.instances()[0]?.queues[0]?.id ?? ""] } };
    expect((await currentFigures(centre, [], first)).get("all")?.OLDEST_CONTACT_AGE).toBe(24_250);
    expect([...(await currentFigures(centre, ["QUEUE"], first)).values()][0]?.OLDEST_CONTACT_AGE).toBe(24);
  });

  it("are sorted by AGENTS_ONLINE unless something else is asked for", async () => {
    const centre = await aCentre({
      centre: {
        instances: [
          {
            queues: ["One", "Three", "Two"],
            routingProfiles: [
              { name: "1", queues: ["One"] },
              { name: "2", queues: ["Two"] },
              { name: "3", queues: ["Three"] },
            ],
            users: ["1", "2", "3"].map((name) => ({
              username: name,
              count: Number(name),
              routingProfile: name,
            })),
          },
        ],
      },
    });
    const online = async (more: object) =>
      [...(await currentFigures(centre, ["QUEUE"], more)).values()].map(({ AGENTS_ONLINE }) => AGENTS_ONLINE);
    expect(await online({})).toEqual([3, 2, 1]);
    const ascending = { SortCriteria: [{ SortByMetric: "AGENTS_STAFFED", SortOrder: "ASCENDING" }] };
    expect(await online(ascending)).toEqual([1, 2, 3]);
  });

  it("count an agent once in the sum over several queues, and by status where that is asked for", async () => {
    const { centre, current, ids } = await questions();
    centre.simulator.agent({ username: "agent-0001", status: "Lunch" });
    expect(
      (await currentFigures(centre, [], { Filters: { Queues: ids.slice(0, 50) } })).get("all"),
    ).toMatchObject({
      AGENTS_ONLINE: 20,
      AGENTS_NON_PRODUCTIVE: 1,
    });
    const byStatus = await current({
      Filters: { Queues: ids.slice(0, 1) },
      Groupings: ["QUEUE", "AGENT_STATUS"],
    });
    const values = ({ body }: typeof byStatus) =>
      (body["MetricResults"] as { Collections: { Value: number }[] }[]).map(
        (row) => row.Collections[0]?.Value,
      );
    // Available, Break, Lunch, Training; sorted by their figure.
    expect(values(byStatus)).toEqual([19, 1, 0, 0]);
    const lunch = (byStatus.body["MetricResults"] as { Dimensions: { AgentStatus: { Arn: string } } }[])[1];
    const AgentStatuses = [lunch?.Dimensions.AgentStatus.Arn];
    expect(values(await current({ Filters: { Queues: ids.slice(0, 1), AgentStatuses } }))).toEqual([1]);
  });

  it("take ARNs and ids alike, by queue, channel and routing profile", async () => {
    const { centre, current, ids, profile } = await questions();
    const { instanceArn } = centre.simulator;
    const byArn = {
      Filters: { Queues: [`${instanceArn}/queue/${ids[0]}`, ids[1]] },
      Groupings: ["QUEUE", "CHANNEL"],
    };
    const { body } = await current(byArn);
    expect((body["MetricResults"] as { Dimensions: object }[]).map(({ Dimensions }) => Dimensions)).toEqual([
      { Queue: { Id: ids[0], Arn: `${instanceArn}/queue/${ids[0]}` }, Channel: "VOICE" },
      { Queue: { Id: ids[0], Arn: `${instanceArn}/queue/${ids[0]}` }, Channel: "CHAT" },
      { Queue: { Id: ids[1], Arn: `${instanceArn}/queue/${ids[1]}` }, Channel: "VOICE" },
      { Queue: { Id: ids[1], Arn: `${instanceArn}/queue/${ids[1]}` }, Channel: "CHAT" },
    ]);
    const byProfile = await current({
      Filters: { RoutingProfiles: [`${instanceArn}/routing-profile/${profile}`] },
      Groupings: ["ROUTING_PROFILE"],
    });
    expect(byProfile.body["MetricResults"]).toMatchObject([
      { Dimensions: { RoutingProfile: { Id: profile } }, Collections: [{ Value: 20 }] },
    ]);
  });
});
