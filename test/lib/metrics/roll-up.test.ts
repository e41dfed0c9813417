import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { historicalNames } from "../../../lib/metrics/historical-metrics.ts";
import type { MetricRow } from "../../../lib/metrics/metric-row.ts";
import { type LongResolution, rollUp as rollUpOf, type UnreadIn } from "../../../lib/metrics/roll-up.ts";

const midnight = Date.parse("2026-11-24T00:00:00Z");
const minutes = (howMany: number) => howMany * 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

/** The five minutes that begin so many intervals after midnight. */
const aRow = (interval: number, values: MetricRow["values"], more: Partial<MetricRow> = {}): MetricRow => ({
  queueId: "q-1",
  channel: "VOICE",
  resolution: "5m",
  at: iso(midnight + minutes(5 * interval)),
  asOf: "2026-11-25T00:00:00.000Z",
  values,
  partial: false,
  ...more,
});
const anHour = (of: (interval: number) => MetricRow["values"]) =>
  Array.from({ length: 12 }, (_, interval) => aRow(interval, of(interval)));
const rollUp = (rows: MetricRow[], resolution: LongResolution, unreadIn: UnreadIn = () => 0) =>
  rollUpOf(rows, resolution, unreadIn);
const only = (rows: MetricRow[]): MetricRow => {
  expect(rows).toHaveLength(1);
  return rows[0] as MetricRow;
};

/** These five-minute intervals after midnight. */
const neverRead =
  (...intervals: number[]): UnreadIn =>
  (from, to) =>
    intervals.filter((interval) => {
      const at = midnight + minutes(5 * interval);
      return at >= from && at < to;
    }).length;

describe("an hour", () => {
  it("adds up counts", () => {
    const rows = anHour((interval) => ({ CONTACTS_QUEUED: interval }));
    expect(only(rollUp(rows, "1h"))).toMatchObject({
      queueId: "q-1",
      channel: "VOICE",
      resolution: "1h",
      at: "2026-11-24T00:00:00.000Z",
      values: { CONTACTS_QUEUED: 66 },
      intervals: 12,
      partial: false,
    });
  });

  it("weighs a mean by the contacts that it is of", () => {
    const rows = [
      aRow(0, { CONTACTS_HANDLED: 1, HANDLE_TIME: 100, CONTACTS_ABANDONED: 3, ABANDON_TIME: 10 }),
      aRow(1, { CONTACTS_HANDLED: 9, HANDLE_TIME: 200, CONTACTS_ABANDONED: 1, ABANDON_TIME: 50 }),
    ];
    expect(only(rollUp(rows, "1h")).values).toMatchObject({ HANDLE_TIME: 190, ABANDON_TIME: 20 });
  });

  it("weighs a service level by the contacts that were queued, each threshold by itself", () => {
    const rows = [
      aRow(0, { CONTACTS_QUEUED: 10, SERVICE_LEVEL_20: 50, SERVICE_LEVEL_60: 100 }),
      aRow(1, { CONTACTS_QUEUED: 30, SERVICE_LEVEL_20: 90, SERVICE_LEVEL_60: 90 }),
    ];
    expect(only(rollUp(rows, "1h")).values).toMatchObject({ SERVICE_LEVEL_20: 80, SERVICE_LEVEL_60: 92.5 });
  });

  it("has the mean hold of those who were on hold, however many were not", () => {
    // One of two is on hold for 60 seconds, then three of three for 20.
    const rows = [
      aRow(0, {
        CONTACTS_HANDLED: 2,
        INTERACTION_TIME: 100,
        INTERACTION_AND_HOLD_TIME: 130,
        HOLD_TIME: 60,
      }),
      aRow(1, {
        CONTACTS_HANDLED: 3,
        INTERACTION_TIME: 100,
        INTERACTION_AND_HOLD_TIME: 120,
        HOLD_TIME: 20,
      }),
    ];
    expect(only(rollUp(rows, "1h")).values["HOLD_TIME"]).toBeCloseTo(30, 9);
  });

  it("has the longest wait", () => {
    const rows = [aRow(0, { QUEUED_TIME: 3 }), aRow(1, { QUEUED_TIME: null }), aRow(2, { QUEUED_TIME: 7.5 })];
    expect(only(rollUp(rows, "1h")).values).toEqual({ QUEUED_TIME: 7.5 });
  });

  it("has no occupancy, for nothing tells of how much time each share is", () => {
    expect(only(rollUp([aRow(0, { OCCUPANCY: 80 })], "1h")).values).toEqual({ OCCUPANCY: null });
  });

  it("has no mean where there was nobody, and is whole all the same", () => {
    const rows = anHour(() => ({
      CONTACTS_HANDLED: 0,
      HANDLE_TIME: null,
      HOLD_TIME: null,
      QUEUED_TIME: null,
    }));
    expect(only(rollUp(rows, "1h"))).toMatchObject({
      values: { CONTACTS_HANDLED: 0, HANDLE_TIME: null, HOLD_TIME: null, QUEUED_TIME: null },
      partial: false,
    });
  });

  it("says of how many intervals it is made, and is partial when one was never read", () => {
    const rows = anHour(() => ({ CONTACTS_QUEUED: 1 })).slice(1);
    expect(only(rollUp(rows, "1h", neverRead(0)))).toMatchObject({
      values: { CONTACTS_QUEUED: 11 },
      intervals: 11,
      partial: true,
    });
  });

  it("is whole without a row of an interval that was read, for nothing happened in it", () => {
    const rows = anHour(() => ({ CONTACTS_QUEUED: 1 })).slice(1);
    expect(only(rollUp(rows, "1h", neverRead(12)))).toMatchObject({ intervals: 12, partial: false });
  });

  it.each<[string, Partial<MetricRow>]>([
    ["a count is unknown", { values: { CONTACTS_QUEUED: null } }],
    ["a column is missing", { values: {} }],
    ["the row is partial itself", { partial: true }],
    ["a mean has no count to weigh it by", { values: { CONTACTS_QUEUED: 1, HANDLE_TIME: 9 } }],
    ["a mean hold cannot be weighed", { values: { CONTACTS_QUEUED: 1, HOLD_TIME: 9 } }],
  ])("is partial when %s in one of its intervals", (_, flawed) => {
    const [first, ...others] = anHour(() => ({ CONTACTS_QUEUED: 1 }));
    const rows = [{ ...(first as MetricRow), ...flawed }, ...others];
    expect(only(rollUp(rows, "1h"))).toMatchObject({ intervals: 12, partial: true });
  });

  it("is of one queue and one channel", () => {
    const rows = [
      aRow(0, { CONTACTS_QUEUED: 1 }),
      aRow(0, { CONTACTS_QUEUED: 2 }, { channel: "CHAT" }),
      aRow(0, { CONTACTS_QUEUED: 4 }, { queueId: "q-2" }),
      aRow(12, { CONTACTS_QUEUED: 8 }),
    ];
    expect(
      rollUp(rows, "1h").map(({ at, channel, queueId, values }) => [at, channel, queueId, values]),
    ).toEqual([
      ["2026-11-24T00:00:00.000Z", "CHAT", "q-1", { CONTACTS_QUEUED: 2 }],
      ["2026-11-24T00:00:00.000Z", "VOICE", "q-1", { CONTACTS_QUEUED: 1 }],
      ["2026-11-24T00:00:00.000Z", "VOICE", "q-2", { CONTACTS_QUEUED: 4 }],
      ["2026-11-24T01:00:00.000Z", "VOICE", "q-1", { CONTACTS_QUEUED: 8 }],
    ]);
  });
});

/** What happened in five minutes, contact by contact. Times in whole seconds. */
interface Facts {
  handled: { talk: number; hold: number; work: number; wait: number }[];
  abandoned: number[];
}
const seconds = fc.nat(4_000);
const facts: fc.Arbitrary<Facts> = fc.record({
  handled: fc.array(
    fc.record({ talk: seconds, hold: fc.oneof(fc.constant(0), seconds), work: seconds, wait: seconds }),
    { maxLength: 6 },
  ),
  abandoned: fc.array(seconds, { maxLength: 4 }),
});
const meanOf = (numbers: number[]) =>
  numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const shareWithin = (waits: number[], most: number) => meanOf(waits.map((wait) => (wait < most ? 100 : 0)));

/** As Connect would reckon it of these contacts. */
function valuesOf(all: Facts[]): MetricRow["values"] {
  const handled = all.flatMap((one) => one.handled);
  const abandoned = all.flatMap((one) => one.abandoned);
  const waits = [...handled.map(({ wait }) => wait), ...abandoned];
  const held = handled.map(({ hold }) => hold).filter((hold) => hold > 0);
  return {
    CONTACTS_QUEUED: waits.length,
    CONTACTS_HANDLED: handled.length,
    CONTACTS_ABANDONED: abandoned.length,
    HANDLE_TIME: meanOf(handled.map(({ talk, hold, work }) => talk + hold + work)),
    AFTER_CONTACT_WORK_TIME: meanOf(handled.map(({ work }) => work)),
    INTERACTION_TIME: meanOf(handled.map(({ talk }) => talk)),
    INTERACTION_AND_HOLD_TIME: meanOf(handled.map(({ talk, hold }) => talk + hold)),
    HOLD_TIME: meanOf(held),
    QUEUE_ANSWER_TIME: meanOf(handled.map(({ wait }) => wait)),
    ABANDON_TIME: meanOf(abandoned),
    QUEUED_TIME: waits.length === 0 ? null : Math.max(...waits),
    SERVICE_LEVEL_20: shareWithin(waits, 20),
    SERVICE_LEVEL_600: shareWithin(waits, 600),
  };
}

/** Relative: what the order of additions makes of floating-point numbers. */
const tolerance = 1e-9;

function expectAlike(actual: MetricRow["values"], wanted: MetricRow["values"]): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(wanted).sort());
  for (const [column, value] of Object.entries(wanted)) {
    const found = actual[column] as number | null;
    if (value === null || found === null) expect(found, column).toBe(value);
    else
      expect(Math.abs(found - value), column).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
  }
}
function expectSame(actual: MetricRow[], wanted: MetricRow[]): void {
  const withoutNumbers = ({ values: _, parts: __, ...rest }: MetricRow) => rest;
  expect(actual.map(withoutNumbers)).toEqual(wanted.map(withoutNumbers));
  for (const [index, row] of wanted.entries()) expectAlike(actual[index]?.values ?? {}, row.values);
}

describe("whatever happened in an hour or a day", () => {
  it("comes out as if Connect had been asked for the whole of it", () => {
    const day = fc.array(facts, { minLength: 288, maxLength: 288 });
    fc.assert(
      fc.property(day, (all) => {
        const rows = all.map((one, interval) => aRow(interval, valuesOf([one])));
        const hours = rollUp(rows, "1h");
        expect(hours).toHaveLength(24);
        for (const [hour, row] of hours.entries()) {
          expect(row).toMatchObject({ intervals: 12, partial: false });
          expectAlike(row.values, valuesOf(all.slice(hour * 12, hour * 12 + 12)));
        }
        const whole = only(rollUp(hours, "1d"));
        expect(whole).toMatchObject({ intervals: 288, partial: false });
        expectAlike(whole.values, valuesOf(all));
      }),
      { numRuns: 40, seed: 5 },
    );
  });
});

/** Rows of two hours before and after a midnight: with gaps, the unknown and the absent, and several readings of one row. */
const columns = [
  "CONTACTS_HANDLED",
  "CONTACTS_QUEUED",
  "HANDLE_TIME",
  "INTERACTION_TIME",
  "INTERACTION_AND_HOLD_TIME",
  "HOLD_TIME",
  "SERVICE_LEVEL_20",
  "QUEUED_TIME",
  "OCCUPANCY",
];
const interval = fc.integer({ min: 264, max: 311 });
const reading = fc
  .record({
    interval,
    channel: fc.constantFrom("VOICE" as const, "CHAT" as const),
    reading: fc.nat(2),
    partial: fc.oneof(
      { weight: 9, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    values: fc.dictionary(
      fc.constantFrom(...columns),
      fc.option(fc.oneof(fc.nat(500), fc.double({ min: 0, max: 5_000, noNaN: true })), { nil: null }),
      { minKeys: 6, maxKeys: columns.length },
    ),
  })
  .map(({ interval, channel, reading, partial, values }) =>
    aRow(interval, values, { channel, partial, asOf: iso(midnight + minutes(reading)) }),
  );
const keyOf = ({ at, channel, asOf }: MetricRow) => `${at} ${channel} ${asOf}`;
const readings = fc.uniqueArray(reading, { selector: keyOf, maxLength: 120 });
const shuffled = readings.chain((rows) =>
  fc.record({
    rows: fc.constant(rows),
    other: fc.shuffledSubarray(rows, { minLength: rows.length }),
    unreadIn: fc.array(interval, { maxLength: 3 }).map((intervals) => neverRead(...new Set(intervals))),
  }),
);

describe("rolling up", () => {
  it("gives the same numbers in any order", () => {
    fc.assert(
      fc.property(shuffled, fc.constantFrom("1h" as const, "1d" as const), (given, resolution) => {
        expect(rollUp(given.other, resolution)).toEqual(rollUp(given.rows, resolution));
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it("gives the same days of hours as of the rows themselves", () => {
    fc.assert(
      fc.property(shuffled, ({ rows, other, unreadIn }) => {
        expectSame(rollUp(rollUp(other, "1h", unreadIn), "1d", unreadIn), rollUp(rows, "1d", unreadIn));
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it("gives the same numbers after any correction as if it had been there from the start, and when repeated", () => {
    fc.assert(
      fc.property(shuffled, ({ rows, other }) => {
        const final = new Map<string, MetricRow>();
        for (const row of rows.toSorted((a, b) => (a.asOf < b.asOf ? -1 : 1)))
          final.set(`${row.at} ${row.channel}`, row);
        const wanted = rollUp([...final.values()], "1h");
        expect(rollUp([...other, ...rows], "1h")).toEqual(wanted);
        // Hours that were rolled up before a correction give way to those after it.
        const half = rollUp(other.slice(0, other.length / 2), "1h");
        const later = wanted.map((row) => ({ ...row, asOf: "2027-01-01T00:00:00.000Z" }));
        const expected = rollUp(later, "1d").map(({ values }) => values);
        expect(rollUp([...half, ...later], "1d").map(({ values }) => values)).toEqual(expected);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it("knows each historical metric, and nothing of the present", () => {
    const values = Object.fromEntries([...historicalNames, "AGENTS_ONLINE"].map((name) => [name, 1]));
    const { SERVICE_LEVEL: _, ...rest } = values;
    const rolled = only(rollUp([aRow(0, { ...rest, SERVICE_LEVEL_20: 1 })], "1h"));
    expect(Object.keys(rolled.values).sort()).toEqual(
      [...historicalNames.filter((name) => name !== "SERVICE_LEVEL"), "SERVICE_LEVEL_20"].sort(),
    );
  });
});
