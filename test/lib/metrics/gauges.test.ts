import { readFileSync } from "node:fs";
import * as v from "valibot";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { gaugesInCloudWatch } from "../../../lib/edge/gauges.ts";
import { metrics } from "../../../lib/edge/log.ts";
import { type Gauge, intervalGauges, presentGauges, queueGauges } from "../../../lib/metrics/gauges.ts";
import type { MetricRow } from "../../../lib/metrics/metric-row.ts";
import { snapshotMetrics } from "../../../lib/metrics/snapshot-metrics.ts";
import { aMetricRow } from "../../support/metric-builders.ts";
import { aMetricsWorld } from "../../support/metrics-world.ts";

const valuesOf = (gauges: Gauge[]) => Object.fromEntries(gauges.map(({ name, value }) => [name, value]));
const now = (queueId: string, values: MetricRow["values"], more: Partial<MetricRow> = {}) =>
  aMetricRow({ queueId, resolution: "now", values, ...more });

describe("the present, over all queues", () => {
  it("adds up who waits, and has the longest wait", () => {
    const rows = [
      now("queue-1", { CONTACTS_IN_QUEUE: 3, OLDEST_CONTACT_AGE: 40, AGENTS_STAFFED: 2 }),
      now(
        "queue-1",
        { CONTACTS_IN_QUEUE: 1, OLDEST_CONTACT_AGE: 90, AGENTS_STAFFED: 2 },
        { channel: "CHAT" },
      ),
      now("queue-2", { CONTACTS_IN_QUEUE: null, OLDEST_CONTACT_AGE: null }),
    ];
    expect(presentGauges(rows)).toEqual([
      { name: "contactsInQueue", unit: "Count", value: 4 },
      { name: "oldestContactSeconds", unit: "Seconds", value: 90 },
      { name: "queuesUnstaffed", unit: "Count", value: 0 },
    ]);
    expect(valuesOf(queueGauges(rows.slice(0, 2)))).toEqual({
      contactsInQueue: 4,
      oldestContactSeconds: 90,
      agentsStaffed: 2,
    });
  });

  it("counts the queues in which contacts wait for nobody", () => {
    const rows = [
      now("nobody", { CONTACTS_IN_QUEUE: 1, AGENTS_STAFFED: 0 }),
      now("nobody", { CONTACTS_IN_QUEUE: 1, AGENTS_STAFFED: 0 }, { channel: "CHAT" }),
      now("chat agents", { CONTACTS_IN_QUEUE: 1, AGENTS_STAFFED: 0 }),
      now("chat agents", { CONTACTS_IN_QUEUE: 0, AGENTS_STAFFED: 1 }, { channel: "CHAT" }),
      now("closed", { CONTACTS_IN_QUEUE: 0, AGENTS_STAFFED: 0 }),
    ];
    expect(valuesOf(presentGauges(rows))["queuesUnstaffed"]).toBe(1);
  });

  it("is told with zeros where there is nothing, so that an alarm ends", () => {
    expect(valuesOf(presentGauges([]))).toEqual({
      contactsInQueue: 0,
      oldestContactSeconds: 0,
      queuesUnstaffed: 0,
    });
  });
});

describe("an interval, over all queues", () => {
  const at = "2026-11-24T12:00:00.000Z";
  const soon = Date.parse(at) + 5 * 60_000;

  it("has how many were queued, and how many of them left in time, for each threshold", () => {
    const rows = [
      aMetricRow({ at, values: { CONTACTS_QUEUED: 10, SERVICE_LEVEL_20: 50, SERVICE_LEVEL_60: 90 } }),
      aMetricRow({ at, values: { CONTACTS_QUEUED: 30, SERVICE_LEVEL_20: 90, SERVICE_LEVEL_60: 100 } }),
      aMetricRow({ at, values: { CONTACTS_QUEUED: 0, SERVICE_LEVEL_20: null, SERVICE_LEVEL_60: null } }),
    ];
    expect(valuesOf(intervalGauges(rows, soon))).toEqual({
      contactsQueued: 40,
      contactsWithin20: 32,
      contactsWithin60: 39,
    });
  });

  it("is not told when it is old, or when nothing happened in it", () => {
    const row = aMetricRow({ at, values: { CONTACTS_QUEUED: 1, SERVICE_LEVEL_20: 0 } });
    expect(intervalGauges([row], soon + 60 * 60_000)).toEqual([]);
    expect(intervalGauges([], soon)).toEqual([]);
  });
});

describe("whoever watches", () => {
  it("is told of each snapshot and of each interval, once it is on record", async () => {
    const world = aMetricsWorld({ queues: 2, startAt: "2026-11-24T12:00:10Z" });
    world.book.progress = {
      since: "2026-11-24T11:50:00.000Z",
      readUntil: "2026-11-24T11:55:00.000Z",
      amendable: [],
      gaps: [],
    };
    await snapshotMetrics({ reading: "current" }, world.steps, Number.POSITIVE_INFINITY);
    await snapshotMetrics({ reading: "historical" }, world.steps, Number.POSITIVE_INFINITY);
    expect(world.told.present.map((rows) => rows.length)).toEqual([2]);
    expect(world.told.interval.map((rows) => rows.map((row) => row.at))).toEqual([
      ["2026-11-24T11:55:00.000Z", "2026-11-24T11:55:00.000Z"],
    ]);
  });
});

describe("in CloudWatch", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    metrics.clearMetrics();
  });

  const rows = [
    now("queue-1", { CONTACTS_IN_QUEUE: 3, OLDEST_CONTACT_AGE: 40, AGENTS_STAFFED: 2 }),
    now("queue-2", { CONTACTS_IN_QUEUE: 1, OLDEST_CONTACT_AGE: 50, AGENTS_STAFFED: 0 }),
  ];

  it("the queues are told together, and one by one only where that is wanted", () => {
    vi.stubEnv("POWERTOOLS_METRICS_NAMESPACE", "contact-automation");
    const lines = vi.spyOn(process.stdout, "write").mockReturnValue(true);

    gaugesInCloudWatch(false).present(rows);
    expect(lines).not.toHaveBeenCalled();
    expect(metrics.serializeMetrics()).toMatchObject({
      contactsInQueue: 4,
      oldestContactSeconds: 50,
      queuesUnstaffed: 1,
    });

    gaugesInCloudWatch(true).present(rows);
    expect(lines.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([
      { queueId: "queue-1", contactsInQueue: 3, oldestContactSeconds: 40, agentsStaffed: 2 },
      { queueId: "queue-2", contactsInQueue: 1, oldestContactSeconds: 50, agentsStaffed: 0 },
    ]);
  });

  it("every alarm is of something that is told", () => {
    const metricSchema = v.object({
      MetricName: v.string(),
      Dimensions: v.tuple([v.object({ Name: v.literal("service"), Value: v.string() })]),
    });
    const alarmSchema = v.object({
      Properties: v.union([
        metricSchema,
        v.object({
          Metrics: v.array(v.object({ MetricStat: v.optional(v.object({ Metric: metricSchema })) })),
        }),
      ]),
    });
    const text = readFileSync("resources/metrics-alarms.yml", "utf8");
    const { Resources } = parse(text.replace(/\$\{param:metricsAlarmServiceLevelSeconds\}/, "20"), {
      logLevel: "error",
    });
    const alarmed = Object.values(Resources).flatMap((alarm) => {
      const { Properties } = v.parse(alarmSchema, alarm);
      if ("MetricName" in Properties) return [Properties];
      return Properties.Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
    });
    const interval = aMetricRow({ values: { CONTACTS_QUEUED: 1, SERVICE_LEVEL_20: 1 } });
    const told = {
      "snapshot-metrics": [
        ...presentGauges(rows),
        ...intervalGauges([interval], Date.parse(interval.at)),
      ].map(({ name }) => name),
      "roll-up-metrics": ["queues", "rows", "failures"],
    };
    expect(alarmed.length).toBeGreaterThan(4);
    for (const { MetricName, Dimensions } of alarmed)
      expect(told[Dimensions[0].Value as keyof typeof told]).toContain(MetricName);
  });
});
