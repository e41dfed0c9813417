import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { historyRows, hourObject } from "../../../../lib/metrics/export/hour-object.ts";
import { historicalNames } from "../../../../lib/metrics/historical-metrics.ts";
import { channels, keyOf, type MetricRow } from "../../../../lib/metrics/metric-row.ts";
import { aMetricRow } from "../../../support/metric-builders.ts";

const hour = Date.parse("2026-11-24T09:00:00Z");
const iso = (at: number) => new Date(at).toISOString();
const linesOf = ({ body }: { body: Uint8Array }): Record<string, unknown>[] =>
  gunzipSync(body)
    .toString("utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

const columns = [
  ...historicalNames.filter((name) => name !== "SERVICE_LEVEL"),
  "SERVICE_LEVEL_20",
  "SERVICE_LEVEL_120",
];
const anyValue = fc.oneof(
  fc.constant(null),
  fc.nat(1_000),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
);
const anyRow = fc
  .record({
    queue: fc.nat(3),
    interval: fc.nat(11),
    channel: fc.constantFrom(...channels),
    asOf: fc.nat(60),
    values: fc.dictionary(fc.constantFrom(...columns), anyValue),
  })
  .map(({ queue, interval, channel, asOf, values }) =>
    aMetricRow({
      queueId: `queue-${queue}`,
      channel,
      at: iso(hour + interval * 300_000),
      asOf: iso(hour + (60 + asOf) * 60_000),
      values: { ...values },
    }),
  );
const anyRows = fc.uniqueArray(anyRow, { selector: keyOf, maxLength: 40 });

describe("the object of an hour", () => {
  it("lies where its instance, day and hour of UTC say", () => {
    const { key } = hourObject(historyRows, "instance-1", hour, [], 12);
    expect(key).toBe("metrics/instance=instance-1/dt=2026-11-24/hour=09/metrics.ndjson.gz");
  });

  it("has a line for each row that says all that the row says, and null for what it does not", () => {
    fc.assert(
      fc.property(anyRows, fc.nat(12), (rows, intervals) => {
        const object = hourObject(historyRows, "instance-1", hour, rows, intervals);
        const lines = linesOf(object);
        const names = new Set(lines.map((line) => Object.keys(line).join()));
        expect(names.size).toBeLessThanOrEqual(1);
        expect(lines.every((line) => line["hour_intervals"] === intervals)).toBe(true);
        expect(object.rows).toBe(rows.length);

        const place = ({ queueId, at, channel }: MetricRow) => `${queueId} ${at} ${channel}`;
        const sorted = rows.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
        expect(lines.map((line) => ({ ...aMetricRow(), ...rowIn(line) }))).toEqual(
          sorted.map((row) => ({ ...row, values: withNulls(row, lines[0]) })),
        );
      }),
      { seed: 20, numRuns: 300 },
    );
  });

  it("is the same bytes for the same rows, in whatever order they and their values come", () => {
    const shuffled = anyRows.chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([rows, others]) => {
        const turned = others.map((row) => ({
          ...row,
          values: Object.fromEntries(Object.entries(row.values).reverse()),
        }));
        expect(hourObject(historyRows, "instance-1", hour, turned, 12)).toEqual(
          hourObject(historyRows, "instance-1", hour, rows, 12),
        );
      }),
      { seed: 20, numRuns: 300 },
    );
  });

  it("has every metric also where no row has any, and the thresholds of its rows by length", () => {
    const row = aMetricRow({ values: { SERVICE_LEVEL_120: 1, SERVICE_LEVEL_20: 2, CONTACTS_QUEUED: 0 } });
    const [line = {}] = linesOf(hourObject(historyRows, "instance-1", hour, [row], 12));
    expect(Object.keys(line)).toEqual([
      "queue_id",
      "at",
      "channel",
      "as_of",
      "hour_intervals",
      ...columns.map((column) => column.toLowerCase()),
    ]);
    expect(line).toMatchObject({ contacts_queued: 0, handle_time: null, service_level_20: 2 });
  });

  it("is an empty file where the hour was quiet", () => {
    const object = hourObject(historyRows, "instance-1", hour, [], 12);
    expect(gunzipSync(object.body)).toHaveLength(0);
    expect(object).toMatchObject({ rows: 0, intervals: 12 });
  });
});

function rowIn({ queue_id, at, channel, as_of, hour_intervals, ...metrics }: Record<string, unknown>) {
  const values = Object.entries(metrics).map(([column, value]) => [column.toUpperCase(), value]);
  return { queueId: queue_id, at, channel, asOf: as_of, values: Object.fromEntries(values) };
}

const withNulls = ({ values }: MetricRow, line: Record<string, unknown> = {}) =>
  Object.fromEntries(Object.keys(rowIn(line).values).map((column) => [column, values[column] ?? null]));
