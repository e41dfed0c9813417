import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { MetricRow } from "../../../lib/metrics/metric-row.ts";
import { type Progress, unreadIn } from "../../../lib/metrics/progress.ts";
import { rollUp } from "../../../lib/metrics/roll-up.ts";
import { rollUpMetrics } from "../../../lib/metrics/roll-up-metrics.ts";
import { aMetricRow } from "../../support/metric-builders.ts";
import { MetricsInMemory } from "../../support/metrics-in-memory.ts";
import { ProgressBookInMemory } from "../../support/progress-book-in-memory.ts";

const noon = Date.parse("2026-11-24T12:00:00Z");
const minutes = (count: number) => count * 60_000;
const hours = (count: number) => minutes(60 * count);
const iso = (at: number) => new Date(at).toISOString();

let time: number;
let metrics: MetricsInMemory;
let progress: ProgressBookInMemory;

const allRead: Progress = {
  since: "2026-11-01T00:00:00.000Z",
  readUntil: "2026-12-01T00:00:00.000Z",
  amendable: [],
  gaps: [],
};
const run = (mustEndBy = Number.POSITIVE_INFINITY) =>
  rollUpMetrics({ metrics, progress, now: () => time }, mustEndBy);
const stored = (...resolutions: string[]) =>
  [...metrics.rows.values()].filter(({ resolution }) => resolutions.includes(resolution));
const queued = (at: number, count: number, more: Partial<MetricRow> = {}) =>
  aMetricRow({ at: iso(at), asOf: iso(at + minutes(5)), values: { CONTACTS_QUEUED: count }, ...more });

beforeEach(async () => {
  time = noon;
  metrics = new MetricsInMemory();
  progress = new ProgressBookInMemory(() => time);
  progress.progress = allRead;
  await metrics.keepQueues([{ queueId: "queue-1", name: "Sales" }]);
});

describe("rolling up the table", () => {
  it("makes the hours and the day of each queue and channel", async () => {
    await metrics.keepQueues(["queue-1", "queue-2"].map((queueId) => ({ queueId, name: queueId })));
    await metrics.putAll([
      queued(noon - hours(2), 1),
      queued(noon - hours(1), 2),
      queued(noon - minutes(5), 4),
      queued(noon - minutes(5), 8, { channel: "CHAT" }),
      queued(noon - minutes(5), 16, { queueId: "queue-2" }),
    ]);
    expect(await run()).toEqual({ queues: 2, rows: 7, failures: [] });
    const found = stored("1d").map(({ queueId, channel, at, values }) => [queueId, channel, at, values]);
    expect(found).toEqual([
      ["queue-1", "CHAT", "2026-11-24T00:00:00.000Z", { CONTACTS_QUEUED: 8 }],
      ["queue-1", "VOICE", "2026-11-24T00:00:00.000Z", { CONTACTS_QUEUED: 7 }],
      ["queue-2", "VOICE", "2026-11-24T00:00:00.000Z", { CONTACTS_QUEUED: 16 }],
    ]);
  });

  it("writes nothing when nothing has changed, and no more than what has", async () => {
    await metrics.putAll([queued(noon - hours(2), 1), queued(noon - hours(1), 2)]);
    expect(await run()).toMatchObject({ rows: 3 });
    expect(await run()).toMatchObject({ queues: 1, rows: 0 });
    await metrics.put([queued(noon - hours(1), 3, { asOf: iso(noon) })]);
    expect(await run()).toMatchObject({ rows: 2 });
  });

  it("says of an hour under way what it is made of so far", async () => {
    time = noon + minutes(20);
    progress.progress = { ...allRead, readUntil: iso(noon + minutes(15)) };
    await metrics.putAll([queued(noon, 1)]);
    await run();
    expect(stored("1h")).toMatchObject([{ intervals: 3, partial: true, values: { CONTACTS_QUEUED: 1 } }]);
    expect(stored("1d")).toMatchObject([{ intervals: 147, partial: true }]);
  });

  it("takes in what was read at the last moment before midnight, of the day before", async () => {
    const midnight = noon + hours(12);
    await metrics.putAll([queued(midnight - minutes(24 * 60 + 5), 1, { asOf: iso(midnight - minutes(7)) })]);
    time = midnight + minutes(10);
    expect(await run()).toMatchObject({ rows: 2 });
    expect(stored("1d")).toMatchObject([{ at: "2026-11-23T00:00:00.000Z", values: { CONTACTS_QUEUED: 1 } }]);
  });

  it("makes nothing of history that has not been begun", async () => {
    progress.progress = undefined;
    await metrics.putAll([queued(noon - hours(1), 2)]);
    expect(await run()).toEqual({ queues: 0, rows: 0, failures: [] });
  });

  it("reports a queue that fails, and goes on with the others", async () => {
    await metrics.keepQueues(["queue-0", "queue-1"].map((queueId) => ({ queueId, name: queueId })));
    await metrics.putAll([queued(noon - hours(1), 2)]);
    const { range } = metrics;
    metrics.range = (of, page) =>
      of.queueId === "queue-0" ? Promise.reject(new Error("throttled")) : range.call(metrics, of, page);
    expect(await run()).toMatchObject({ queues: 1, rows: 2, failures: [{ error: new Error("throttled") }] });
  });

  it("begins with no queue when its time is up, and says so", async () => {
    await metrics.putAll([queued(noon - hours(1), 2)]);
    expect(await run(time - 1)).toMatchObject({
      queues: 0,
      rows: 0,
      failures: [{ error: expect.any(Error) }],
    });
    expect(stored("1h", "1d")).toEqual([]);
  });

  it("goes through more queues and rows than one page has", async () => {
    const queueIds = Array.from({ length: 20 }, (_, index) => `queue-${index}`);
    await metrics.keepQueues(queueIds.map((queueId) => ({ queueId, name: queueId })));
    const midnight = noon - hours(12);
    const day = Array.from({ length: 288 }, (_, interval) => midnight - hours(24) + minutes(5 * interval));
    const channels = ["VOICE", "CHAT"] as const;
    for (const queueId of queueIds)
      await metrics.putAll(
        channels.flatMap((channel) => day.map((at) => queued(at, 1, { queueId, channel }))),
      );
    time = midnight;
    expect(await run()).toMatchObject({ queues: 20, rows: 20 * 2 * 25 });
    for (const row of stored("1d"))
      expect(row).toMatchObject({ intervals: 288, partial: false, values: { CONTACTS_QUEUED: 288 } });
  });

  it("ends with the same numbers, however readings, corrections and runs follow each other", async () => {
    const reading = fc
      .record({ interval: fc.nat(23), asOf: fc.nat(60), count: fc.nat(50), time: fc.nat(500) })
      .map(({ interval, asOf, count, time }) => ({
        ...queued(noon + minutes(5 * interval), 0),
        asOf: iso(noon + hours(3) + minutes(asOf)),
        values: { CONTACTS_HANDLED: count, HANDLE_TIME: count === 0 ? null : time / 7 },
      }));
    const steps = fc.uniqueArray(reading, {
      selector: ({ at, asOf }) => `${at} ${asOf}`,
      minLength: 1,
      maxLength: 30,
    });
    const gap = fc.nat(23).map((interval) => noon + minutes(5 * interval));
    await fc.assert(
      fc.asyncProperty(steps, fc.array(fc.nat(29)), gap, async (readings, runsAfter, gapAt) => {
        metrics = new MetricsInMemory();
        await metrics.keepQueues([{ queueId: "queue-1", name: "Sales" }]);
        const known = { ...allRead, gaps: [{ from: iso(gapAt), to: iso(gapAt + minutes(5)) }] };
        progress.progress = known;
        time = noon + hours(5);
        for (const [index, row] of readings.entries()) {
          await metrics.put([row]);
          if (runsAfter.includes(index)) await run();
        }
        await run();

        const unread = (from: number, to: number) => unreadIn(known, from, to);
        const hours1 = rollUp(stored("5m"), "1h", unread);
        const withoutAsOf = ({ asOf: _, ...row }: MetricRow) => row;
        expect(stored("1h").map(withoutAsOf).sort(byInstant)).toEqual(hours1.map(withoutAsOf));
        expect(stored("1d").map(withoutAsOf)).toEqual(rollUp(hours1, "1d", unread).map(withoutAsOf));
        expect(await run()).toMatchObject({ rows: 0, failures: [] });
      }),
      { numRuns: 150, seed: 5 },
    );
  });
});

const byInstant = (one: { at: string }, other: { at: string }) => (one.at < other.at ? -1 : 1);
