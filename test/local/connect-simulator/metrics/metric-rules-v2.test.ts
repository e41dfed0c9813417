import { paginateGetMetricDataV2 } from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import knownV2 from "../../../../local/connect-simulator/metrics/known-v2.json" with { type: "json" };
import { metricsV2 } from "../../../../local/connect-simulator/metrics/metrics-v2.ts";
import type { ConnectSimulatorOptions } from "../../../../local/connect-simulator/simulator.ts";
import { midnight } from "../centre/any-day.ts";
import { figuresV2, ofAgentsV2, resultsV2, valuesV2 } from "../centre/figures.ts";
import { aCentre, minutes } from "../support.ts";

const queues = Array.from({ length: 120 }, (_, at) => `Queue ${String(at).padStart(3, "0")}`);
const noon = new Date(midnight.getTime() + 12 * 3_600_000);
const seconds = (at: Date) => at.getTime() / 1000;
const day = 86_400;
const always = (value: number): [number, number] => [value, value];

async function questions(options: ConnectSimulatorOptions = {}) {
  const centre = await aCentre({
    startAt: noon,
    centre: {
      instances: [
        {
          queues,
          routingProfiles: [
            { name: "All", queues, channels: ["VOICE", "CHAT"] },
            { name: "First", queues: queues.slice(0, 1) },
          ],
          users: [{ username: "ana", count: 20, routingProfile: "All" }],
        },
      ],
    },
    ...options,
  });
  const [instance] = centre.simulator.instances();
  const ids = instance?.queues.map(({ id }) => id) ?? [];
  const profiles = instance?.routingProfiles.map(({ id }) => id) ?? [];
  const ask = (members: object) =>
    centre.raw("POST", "/metrics/data", {
      ResourceArn: instance?.arn,
      StartTime: seconds(noon) - 3600,
      EndTime: seconds(noon),
      Filters: [filter("QUEUE", ids.slice(0, 3))],
      Metrics: [{ Name: "CONTACTS_QUEUED" }],
      ...members,
    });
  return { centre, ids, profiles, ask };
}

const filter = (FilterKey: string, FilterValues: string[]) => ({ FilterKey, FilterValues });
const filters = (...all: object[]) => ({ Filters: all });
const metric = (Name: string, more: object = {}) => ({ Metrics: [{ Name, ...more }] });
const threshold = (ThresholdValue: number, Comparison = "LT") => ({
  Threshold: [{ Comparison, ThresholdValue }],
});
const only = (MetricFilterKey: string, ...MetricFilterValues: string[]) => ({
  MetricFilters: [{ MetricFilterKey, MetricFilterValues }],
});
const every = (IntervalPeriod: string) => ({ Interval: { IntervalPeriod } });

const parameter = "InvalidParameterException";
const invalid = "InvalidRequestException";
const missing = "ResourceNotFoundException";

type Case = [
  what: string,
  members: (ids: string[], profiles: string[]) => object,
  type: string,
  says: string,
];

const ofPlaces: Case[] = [
  [
    "an instance by its bare id",
    () => ({ ResourceArn: "5ca1ab1e-0000-4000-8000-000000000001" }),
    missing,
    "ResourceArn",
  ],
  ["an unknown queue", () => filters(filter("QUEUE", ["x"])), missing, "Filters.QUEUE"],
  [
    "an unknown routing profile",
    () => filters(filter("ROUTING_PROFILE", ["x"])),
    missing,
    "Filters.ROUTING_PROFILE",
  ],
  [
    "an agent's queue",
    (ids) => filters(filter("QUEUE", [ids[0] ?? "", "agent/x"])),
    missing,
    "Filters.QUEUE",
  ],
];

const ofFilters: Case[] = [
  ["no filter", () => filters(), parameter, "at least 1"],
  [
    "six filters",
    () => filters(...Array.from({ length: 6 }, () => filter("CHANNEL", ["VOICE"]))),
    parameter,
    "at most 5",
  ],
  ["a channel alone", () => filters(filter("CHANNEL", ["VOICE"])), invalid, "at least one of"],
  [
    "an unknown channel",
    (ids) => filters(filter("QUEUE", ids.slice(0, 1)), filter("CHANNEL", ["FAX"])),
    parameter,
    "VOICE",
  ],
  [
    "a key twice",
    (ids) => filters(filter("QUEUE", ids.slice(0, 1)), filter("QUEUE", ids.slice(1, 2))),
    parameter,
    "once",
  ],
  ["a filter without key", () => filters({ FilterValues: ["x"] }), invalid, "FilterKey"],
  ["a filter without values", () => filters({ FilterKey: "QUEUE" }), invalid, "FilterValues"],
  [
    "what has no queue",
    () => filters({ FilterKey: "QUEUE", StringCondition: { Comparison: "NOT_EXISTS" } }),
    parameter,
    "StringCondition",
  ],
  [
    "a filter of AWS's that it lacks",
    () => filters(filter("AGENT", ["x"])),
    parameter,
    "that the simulator does not have",
  ],
  [
    "a filter that AWS lacks",
    () => filters(filter("PHONENUMBER", ["x"])),
    parameter,
    "Amazon Connect has no PHONENUMBER",
  ],
  ["101 queues", (ids) => filters(filter("QUEUE", ids.slice(0, 101))), parameter, "at most 100"],
  [
    "101 values in all",
    (ids, profiles) =>
      filters(filter("QUEUE", ids.slice(0, 100)), filter("ROUTING_PROFILE", profiles.slice(0, 1))),
    parameter,
    "at most 100 values in all",
  ],
  [
    "five groupings",
    () => ({ Groupings: ["QUEUE", "CHANNEL", "ROUTING_PROFILE", "AGENT", "FEATURE"] }),
    parameter,
    "at most 4",
  ],
  ["a grouping twice", () => ({ Groupings: ["QUEUE", "QUEUE"] }), parameter, "must differ"],
  [
    "a grouping of AWS's that it lacks",
    () => ({ Groupings: ["DISCONNECT_REASON"] }),
    parameter,
    "that the simulator does not have",
  ],
  ["a grouping that AWS lacks", () => ({ Groupings: ["queue"] }), parameter, "Amazon Connect has no queue"],
];

const ofMetrics: Case[] = [
  ["no metric", () => ({ Metrics: [] }), invalid, "at least one"],
  [
    "101 metrics",
    () => ({ Metrics: Array.from({ length: 101 }, () => ({ Name: "CONTACTS_QUEUED" })) }),
    parameter,
    "at most 100",
  ],
  ["a metric without name", () => ({ Metrics: [{}] }), invalid, "Name or a MetricId"],
  [
    "a metric of AWS's that it lacks",
    () => metric("AVG_TALK_TIME"),
    parameter,
    "AVG_TALK_TIME is a metric of Amazon Connect that the simulator",
  ],
  [
    "a metric of the first version",
    () => metric("CONTACTS_MISSED"),
    parameter,
    "Amazon Connect has no metric CONTACTS_MISSED",
  ],
  [
    "a metric named after a member of every object",
    () => metric("constructor"),
    parameter,
    "no metric constructor",
  ],
  [
    "a metric of one's own",
    () => ({ Metrics: [{ MetricId: "5ca1ab1e-0000-4000-8000-000000000001" }] }),
    missing,
    "MetricId",
  ],
  ["a metric by name and id", () => metric("CONTACTS_QUEUED", { MetricId: "x" }), parameter, "not both"],
  [
    "21 metrics by id",
    () => ({ Metrics: Array.from({ length: 21 }, () => ({ MetricId: "x" })) }),
    parameter,
    "at most 20",
  ],
  ["agents by queue", () => metric("AGENT_OCCUPANCY"), parameter, "cannot be filtered by QUEUE"],
  [
    "agents by channel",
    (_, profiles) => ({
      ...filters(filter("ROUTING_PROFILE", profiles)),
      Groupings: ["CHANNEL"],
      ...metric("SUM_IDLE_TIME_AGENT"),
    }),
    parameter,
    "cannot be grouped by CHANNEL",
  ],
  [
    "the contacts queued by their enqueuing, by routing profile",
    () => ({ Groupings: ["ROUTING_PROFILE"], ...metric("CONTACTS_QUEUED_BY_ENQUEUE") }),
    parameter,
    "cannot be grouped by ROUTING_PROFILE",
  ],
  ["a service level without threshold", () => metric("SERVICE_LEVEL"), invalid, "Threshold"],
  [
    "a threshold without comparison",
    () => metric("SERVICE_LEVEL", { Threshold: [{ ThresholdValue: 1 }] }),
    invalid,
    "Comparison",
  ],
  ["two thresholds", () => metric("SERVICE_LEVEL", { Threshold: [{}, {}] }), parameter, "at most 1"],
  [
    "a threshold that is exceeded",
    () => metric("SERVICE_LEVEL", threshold(20, "GT")),
    parameter,
    "LT and LTE",
  ],
  ...[0, 604_801, 1.5].map(
    (value): Case => [
      `a threshold of ${value}`,
      () => metric("SERVICE_LEVEL", threshold(value)),
      parameter,
      "from 1 to 604800",
    ],
  ),
  ["a threshold of another metric", () => metric("CONTACTS_QUEUED", threshold(20)), parameter, "takes none"],
  [
    "21 service levels",
    () => ({
      Metrics: Array.from({ length: 21 }, (_, at) => ({ Name: "SERVICE_LEVEL", ...threshold(at + 1) })),
    }),
    parameter,
    "at most 20",
  ],
  [
    "a metric filter of another metric",
    () => metric("CONTACTS_QUEUED", only("INITIATION_METHOD", "API")),
    parameter,
    "takes none",
  ],
  [
    "a metric filter by reason where there is one by method",
    () => metric("CONTACTS_CREATED", only("DISCONNECT_REASON", "OTHER")),
    parameter,
    "takes INITIATION_METHOD",
  ],
  [
    "an unheard-of initiation method",
    () => metric("CONTACTS_CREATED", only("INITIATION_METHOD", "FAX")),
    parameter,
    "FAX is no INITIATION_METHOD",
  ],
  [
    "an odd disconnect reason",
    () => metric("SUM_CONTACTS_DISCONNECTED", only("DISCONNECT_REASON", "busy")),
    parameter,
    "busy is no DISCONNECT_REASON",
  ],
  [
    "a metric filter without key",
    () => metric("CONTACTS_CREATED", { MetricFilters: [{ MetricFilterValues: ["API"] }] }),
    invalid,
    "MetricFilterKey",
  ],
  [
    "a metric filter without values",
    () => metric("CONTACTS_CREATED", { MetricFilters: [{ MetricFilterKey: "INITIATION_METHOD" }] }),
    invalid,
    "MetricFilterValues",
  ],
  [
    "a metric filter twice",
    () =>
      metric("CONTACTS_CREATED", {
        MetricFilters: Array.from({ length: 2 }, () => only("INITIATION_METHOD", "API").MetricFilters[0]),
      }),
    parameter,
    "must differ",
  ],
];

const ofTimes: Case[] = [
  ["an end at the start", () => ({ EndTime: seconds(noon) - 3600 }), parameter, "later than StartTime"],
  ["an end to come", () => ({ EndTime: seconds(noon) + 1 }), parameter, "future"],
  ...["FIFTEEN_MIN", "THIRTY_MIN", "HOUR"].map(
    (period): Case => [
      `three days in ${period}`,
      () => ({ StartTime: seconds(noon) - 3 * day, ...every(period) }),
      parameter,
      "less than 3 days",
    ],
  ),
  ...["DAY", "WEEK", "TOTAL"].map(
    (period): Case => [
      `35 days in ${period}`,
      () => ({ StartTime: seconds(noon) - 35 * day, ...every(period) }),
      parameter,
      "less than 35 days",
    ],
  ),
  [
    "35 days in what is TOTAL unless it is said",
    () => ({ StartTime: seconds(noon) - 35 * day }),
    parameter,
    "less than 35 days",
  ],
  [
    "a start before three months",
    () => ({
      StartTime: Date.parse("2026-08-23T11:59:59Z") / 1000,
      EndTime: Date.parse("2026-08-24T00:00:00Z") / 1000,
    }),
    parameter,
    "3 months ago",
  ],
  [
    "a time before the calendar",
    () => ({ StartTime: -1e300, EndTime: -1e299 }),
    parameter,
    "less than 35 days",
  ],
  ["an unknown period", () => every("MONTH"), parameter, "FIFTEEN_MIN"],
  [
    "an unknown time zone",
    () => ({ Interval: { TimeZone: "Mars/Olympus" } }),
    parameter,
    "Interval.TimeZone",
  ],
  ["101 results", () => ({ MaxResults: 101 }), parameter, "at most 100"],
  ["a token that was never given", () => ({ NextToken: "x" }), parameter, "not a token"],
];

describe("GetMetricDataV2 refuses", () => {
  it.each([...ofPlaces, ...ofFilters, ...ofMetrics, ...ofTimes])("%s", async (_what, members, type, says) => {
    const { ids, profiles, ask } = await questions();
    const answer = await ask(members(ids, profiles));
    expect(answer).toMatchObject({ type, body: { Message: expect.stringContaining(says) } });
  });

  it("every metric of AWS's that it does not serve, by name", async () => {
    const { ask } = await questions();
    const lacking = knownV2.metrics.filter((name) => !Object.hasOwn(metricsV2, name));
    expect(lacking.length + Object.keys(metricsV2).length).toBe(knownV2.metrics.length);
    for (const name of lacking) {
      expect(await ask(metric(name))).toMatchObject({
        type: parameter,
        body: {
          Message: `Metrics.0.Name: ${name} is a metric of Amazon Connect that the simulator does not have`,
        },
      });
    }
  });
});

describe("GetMetricDataV2 accepts", () => {
  it.each<[string, object]>([
    ["the longest span of quarters", { StartTime: seconds(noon) - 3 * day + 1, ...every("FIFTEEN_MIN") }],
    ["the longest span of weeks", { StartTime: seconds(noon) - 35 * day + 1, ...every("WEEK") }],
    [
      "the last three months",
      {
        StartTime: Date.parse("2026-08-23T12:00:00Z") / 1000,
        EndTime: Date.parse("2026-08-24T00:00:00Z") / 1000,
      },
    ],
    [
      "the widest thresholds",
      { Metrics: [1, 604_800].map((at) => ({ Name: "SERVICE_LEVEL", ...threshold(at, "LTE") })) },
    ],
    ["any second, and fractions of one", { StartTime: seconds(noon) - 61.5, EndTime: seconds(noon) - 0.25 }],
    ["four channels beside 100 queues", {}],
  ])("%s", async (_what, members) => {
    const { ids, ask } = await questions();
    const wide = filters(
      filter("QUEUE", ids.slice(0, 100)),
      filter("CHANNEL", ["VOICE", "CHAT", "TASK", "EMAIL"]),
    );
    expect(await ask({ ...wide, ...members })).toMatchObject({ status: 200 });
  });
});

describe("a result of GetMetricDataV2", () => {
  it("names its dimensions, its interval and its metrics as they were asked for", async () => {
    const { centre, ids } = await questions();
    const { instanceArn } = centre.simulator;
    centre.simulator.arrive({ queue: queues[0] });
    await centre.advance(minutes(40));
    const to = new Date(noon.getTime() + minutes(40) * 1000 - 1000);
    const Metrics = [
      { Name: "SERVICE_LEVEL", Threshold: [{ Comparison: "LTE", ThresholdValue: 60 }] },
      {
        Name: "CONTACTS_HANDLED",
        MetricFilters: [
          { MetricFilterKey: "INITIATION_METHOD", MetricFilterValues: ["INBOUND"], Negate: true },
        ],
      },
      { Name: "CONTACTS_QUEUED" },
    ];
    const results = await resultsV2(
      centre,
      { from: noon, to },
      {
        Filters: [filter("QUEUE", [`${instanceArn}/queue/${ids[0]}`])],
        Groupings: ["QUEUE", "CHANNEL"],
        Interval: { IntervalPeriod: "HOUR", TimeZone: "UTC" },
        Metrics,
      },
    );
    expect(results).toEqual([
      {
        Dimensions: { QUEUE: ids[0], QUEUE_ARN: `${instanceArn}/queue/${ids[0]}`, CHANNEL: "VOICE" },
        MetricInterval: { Interval: "HOUR", StartTime: noon, EndTime: to },
        Collections: [
          { Metric: Metrics[0], Value: 100 },
          { Metric: Metrics[1], Value: 0 },
          { Metric: Metrics[2], Value: 1 },
        ],
      },
    ]);
  });

  it("has no value where none can be computed, and none of what nobody asked for", async () => {
    const { centre } = await questions();
    await centre.call({
      QueueId: centre.simulator.instances()[0]?.queues[0]?.id,
      DestinationPhoneNumber: "+12065550150",
    });
    await centre.advance(minutes(5));
    const some = filters(
      filter(
        "QUEUE",
        centre.simulator
          .instances()[0]
          ?.queues.slice(0, 1)
          .map(({ id }) => id) ?? [],
      ),
    );
    const [result = {}] = await resultsV2(
      centre,
      { from: noon, to: new Date(noon.getTime() + 300_000) },
      some,
    );
    expect(result.Dimensions).toBeUndefined();
    expect(figuresV2(result)).toMatchObject({
      CONTACTS_CREATED: 1,
      SUM_CONTACTS_DISCONNECTED: 1,
      CONTACTS_QUEUED: 0,
      ABANDONMENT_RATE: null,
      AVG_HANDLE_TIME: null,
      MAX_QUEUED_TIME: null,
      SUM_HANDLE_TIME: 0,
    });
  });

  it("is left out without data, or zero and null when the switch says so", async () => {
    const { ask } = await questions();
    expect((await ask(every("FIFTEEN_MIN"))).body["MetricResults"]).toEqual([]);
    const { centre } = await questions({
      deviations: { historyWithoutData: "zero", ungroupedDimensions: "empty" },
    });
    const some = filters(filter("QUEUE", [centre.simulator.instances()[0]?.queues[0]?.id ?? ""]));
    const results = await resultsV2(centre, { from: midnight, to: noon }, {
      ...some,
      ...every("HOUR"),
    } as object);
    expect(results).toHaveLength(12);
    expect(results[11]?.Dimensions).toEqual({});
    expect(figuresV2(results[11] ?? {})).toMatchObject({ CONTACTS_QUEUED: 0, SERVICE_LEVEL: null });
  });

  it("is about the queues of the routing profiles, where both are asked for", async () => {
    const { centre, ids, profiles } = await questions();
    for (const queue of queues.slice(0, 2)) centre.simulator.arrive({ queue });
    await centre.advance(minutes(5));
    const span = { from: noon, to: new Date(noon.getTime() + 300_000) };
    const ask = async (Filters: object[], Groupings: string[] = []) =>
      (await resultsV2(centre, span, { Filters, Groupings, Metrics: [{ Name: "CONTACTS_QUEUED" }] })).map(
        valuesV2,
      );
    const first = filter("ROUTING_PROFILE", profiles.slice(1));
    expect(await ask([first])).toEqual([[1]]);
    expect(await ask([filter("ROUTING_PROFILE", profiles)], ["ROUTING_PROFILE"])).toEqual([[2], [1]]);
    expect(await ask([first, filter("QUEUE", ids.slice(0, 2))])).toEqual([[1]]);
    expect(await ask([first, filter("QUEUE", ids.slice(1, 2))])).toEqual([]);
  });

  it("counts who left the queue in less than, or in at most, so many seconds", async () => {
    const { centre, ids } = await questions({ durations: { flow: always(0), accept: always(10) } });
    centre.simulator.arrive({ queue: queues[0] });
    await centre.advance(minutes(5));
    const span = { from: noon, to: new Date(noon.getTime() + 300_000) };
    const [result = {}] = await resultsV2(centre, span, {
      Filters: [filter("QUEUE", ids.slice(0, 1))],
      Metrics: ["SERVICE_LEVEL", "CONTACTS_REMOVED_FROM_QUEUE_IN_X", "SUM_CONTACTS_ANSWERED_IN_X"].flatMap(
        (Name) => [
          { Name, ...threshold(10, "LT") },
          { Name, ...threshold(10, "LTE") },
          { Name, ...threshold(11, "LT") },
        ],
      ),
    });
    expect(valuesV2(result)).toEqual([0, 100, 100, 0, 1, 1, 0, 1, 1]);
  });

  it("counts how a handled contact ended where its agent was connected, once it has ended", async () => {
    const { centre, ids } = await questions({
      durations: { flow: always(0), accept: always(10), talk: always(1_000) },
    });
    centre.simulator.arrive({ queue: queues[0] });
    const ask = async (until: number) => {
      const span = { from: noon, to: new Date(noon.getTime() + until * 1000) };
      const results = await resultsV2(centre, span, {
        Filters: [filter("QUEUE", ids.slice(0, 1))],
        Interval: { IntervalPeriod: "FIFTEEN_MIN" },
        Metrics: [
          { Name: "CONTACTS_HANDLED" },
          {
            Name: "CONTACTS_HANDLED",
            ...only("DISCONNECT_REASON", "CUSTOMER_DISCONNECT", "AGENT_DISCONNECT"),
          },
          { Name: "SUM_CONTACTS_DISCONNECTED" },
        ],
      });
      return results.map(valuesV2);
    };
    await centre.advance(600);
    expect(await ask(600)).toEqual([[1, 0, 0]]);
    await centre.advance(600);
    expect(await ask(1_200)).toEqual([
      [1, 1, 0],
      [0, 0, 1],
    ]);
  });

  it("tells those who gave up while an agent's telephone rang from those whom no agent took", async () => {
    const { centre, ids } = await questions({
      durations: { flow: always(0), accept: always(100), patience: always(5) },
    });
    centre.simulator.arrive({ queue: queues[0] });
    await centre.advance(minutes(5));
    const span = { from: noon, to: new Date(noon.getTime() + 300_000) };
    const [result = {}] = await resultsV2(centre, span, filters(filter("QUEUE", ids.slice(0, 1))));
    expect(figuresV2(result)).toMatchObject({
      AGENT_NON_RESPONSE: 1,
      AGENT_NON_RESPONSE_WITHOUT_CUSTOMER_ABANDONS: 0,
      AGENT_ANSWER_RATE: 0,
      ABANDONMENT_RATE: 100,
      AVG_ABANDON_TIME: 5,
      SUM_CONTACTS_ABANDONED_IN_X: 1,
      SUM_CONTACTS_ANSWERED_IN_X: 0,
    });
  });

  it("tells how the agents of a routing profile spent their time, to the second, contacts under way included", async () => {
    const durations = {
      flow: always(0),
      accept: always(10),
      talk: always(600),
      afterContactWork: always(50),
    };
    const { centre, profiles } = await questions({ durations });
    centre.simulator.arrive({ queue: queues[0] });
    await centre.advance(1_200);
    const span = { from: noon, to: new Date(noon.getTime() + 1_200_000) };
    const ask = async (to: number) =>
      valuesV2(
        (
          await resultsV2(
            centre,
            { ...span, to: new Date(noon.getTime() + to * 1000) },
            {
              Filters: [filter("ROUTING_PROFILE", profiles)],
              Groupings: ["ROUTING_PROFILE"],
              Metrics: ofAgentsV2.map((Name) => ({ Name })),
            },
          )
        )[0] ?? {},
      );
    const idle = 20 * 1_200 - 660;
    expect(ofAgentsV2).toEqual(["AGENT_OCCUPANCY", "SUM_CONTACT_TIME_AGENT", "SUM_IDLE_TIME_AGENT"]);
    expect(await ask(1_200)).toEqual([(650 / (650 + idle)) * 100, 650, idle]);

    centre.simulator.arrive({ queue: queues[0] });
    await centre.advance(310);
    expect((await ask(1_500))[1]).toBe(650 + 290);
  });
});

describe("pages of GetMetricDataV2", () => {
  it("are walked by the SDK, group by group and interval by interval, all of one snapshot", async () => {
    const { centre, ids } = await questions();
    for (let quarter = 0; quarter < 4; quarter += 1) {
      for (const queue of queues.slice(0, 30)) centre.simulator.arrive({ queue });
      await centre.advance(minutes(15));
    }
    const seen: string[] = [];
    const pages = paginateGetMetricDataV2(
      { client: centre.client, pageSize: 50 },
      {
        ResourceArn: centre.simulator.instanceArn,
        StartTime: noon,
        EndTime: new Date(noon.getTime() + 3_600_000),
        Interval: { IntervalPeriod: "FIFTEEN_MIN" },
        Filters: [filter("QUEUE", ids.slice(0, 100))],
        Groupings: ["QUEUE"],
        Metrics: [{ Name: "CONTACTS_CREATED" }],
      },
    );
    let count = 0;
    for await (const { MetricResults = [] } of pages) {
      count += 1;
      // What happens in between is of no account.
      centre.simulator.arrive({ queue: queues[0] });
      await centre.advance(60);
      for (const { Dimensions, MetricInterval, Collections } of MetricResults) {
        expect(Collections?.[0]?.Value).toBe(1);
        seen.push(`${Dimensions?.["QUEUE"]} ${MetricInterval?.StartTime?.toISOString()}`);
      }
    }
    expect(count).toBe(3);
    expect(new Set(seen).size).toBe(120);
  });

  it("need a token of the same request", async () => {
    const { centre, ids, ask } = await questions();
    for (const queue of queues.slice(0, 3)) centre.simulator.arrive({ queue });
    await centre.advance(minutes(5));
    const request = { EndTime: seconds(noon) + 300, Groupings: ["QUEUE"], MaxResults: 1 };
    const { NextToken } = (await ask(request)).body;
    expect(NextToken).toBeTypeOf("string");
    expect((await ask({ ...request, NextToken })).status).toBe(200);
    const other = { ...request, ...filters(filter("QUEUE", ids.slice(0, 2))), NextToken };
    expect(await ask(other)).toMatchObject({
      type: parameter,
      body: { Message: expect.stringContaining("same parameters") },
    });
  });
});
