import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  intervalsOf,
  type Period,
  periods,
  type Zone,
  zoneNamed,
} from "../../../../local/connect-simulator/metrics/periods.ts";

const hour = 3_600_000;
const at = (iso: string) => Date.parse(iso);
const iso = (ms: number) => new Date(ms).toISOString();

function zone(name: string): Zone {
  const found = zoneNamed(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

const lengths = (start: string, end: string, period: Period, name: string) =>
  intervalsOf({ start: at(start), end: at(end) }, period, zone(name)).map(
    (span) => (span.end - span.start) / hour,
  );
const starts = (start: string, end: string, period: Period, name = "UTC") =>
  intervalsOf({ start: at(start), end: at(end) }, period, zone(name)).map((span) => iso(span.start));

describe("the intervals of a span", () => {
  it("are as many as AWS says: 48 half hours in a day", () => {
    expect(lengths("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", "THIRTY_MIN", "UTC")).toEqual(
      Array.from({ length: 48 }, () => 0.5),
    );
  });

  it("are cut off where the span begins and ends, at any second", () => {
    const span = { start: at("2026-11-23T10:07:30Z"), end: at("2026-11-23T10:44:59Z") };
    expect(
      intervalsOf(span, "FIFTEEN_MIN", zone("UTC")).map((one) => [iso(one.start), iso(one.end)]),
    ).toEqual([
      ["2026-11-23T10:07:30.000Z", "2026-11-23T10:15:00.000Z"],
      ["2026-11-23T10:15:00.000Z", "2026-11-23T10:30:00.000Z"],
      ["2026-11-23T10:30:00.000Z", "2026-11-23T10:44:59.000Z"],
    ]);
  });

  it("are the days of the zone, of 23 and 25 hours when its clocks change", () => {
    expect(starts("2026-11-22T12:00:00Z", "2026-11-24T12:00:00Z", "DAY", "Asia/Tokyo")).toEqual([
      "2026-11-22T12:00:00.000Z",
      "2026-11-22T15:00:00.000Z",
      "2026-11-23T15:00:00.000Z",
    ]);
    expect(lengths("2026-03-28T23:00:00Z", "2026-03-30T22:00:00Z", "DAY", "Europe/Madrid")).toEqual([23, 24]);
    expect(lengths("2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z", "DAY", "Europe/Madrid")).toEqual([25, 24]);
  });

  it("are two hours where an hour comes twice, and whole ones where the zone is half an hour off", () => {
    expect(lengths("2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z", "HOUR", "Europe/Madrid")).toEqual(
      Array.from({ length: 6 }, () => 1),
    );
    expect(starts("2026-11-23T10:00:00Z", "2026-11-23T12:00:00Z", "HOUR", "Asia/Kolkata")).toEqual([
      "2026-11-23T10:00:00.000Z",
      "2026-11-23T10:30:00.000Z",
      "2026-11-23T11:30:00.000Z",
    ]);
  });

  it("are weeks from Monday on", () => {
    expect(starts("2026-11-18T00:00:00Z", "2026-12-01T00:00:00Z", "WEEK")).toEqual([
      "2026-11-18T00:00:00.000Z",
      "2026-11-23T00:00:00.000Z",
      "2026-11-30T00:00:00.000Z",
    ]);
  });

  it("lie end to end, in every zone, at any time", () => {
    const zones = ["UTC", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago"];
    fc.assert(
      fc.property(
        fc.integer({ min: at("2026-01-01T00:00:00Z"), max: at("2027-01-01T00:00:00Z") }),
        fc.integer({ min: 1, max: 34 * 24 * hour }),
        fc.constantFrom(...periods),
        fc.constantFrom(...zones),
        (start, ms, period, name) => {
          const found = intervalsOf({ start, end: start + ms }, period, zone(name));
          expect(found[0]?.start).toBe(start);
          expect(found.at(-1)?.end).toBe(start + ms);
          for (const [index, span] of found.entries()) {
            expect(span.end).toBeGreaterThan(span.start);
            if (index > 0) expect(span.start).toBe(found[index - 1]?.end);
          }
        },
      ),
      { numRuns: 60, seed: 20261126 },
    );
  });
});

it("a time zone is one that the runtime knows", () => {
  expect(zoneNamed("Mars/Olympus")).toBeUndefined();
  expect(zoneNamed("")).toBeUndefined();
  expect(zone("Asia/Kathmandu").offsetAt(0)).toBe(5.5 * hour);
  expect(zone("America/New_York").offsetAt(at("2026-07-01T00:00:00Z"))).toBe(-4 * hour);
});
