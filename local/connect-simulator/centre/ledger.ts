import type { Journal, Kind } from "../journal.ts";

/** Metrics come in intervals of five minutes. */
export const interval = 300_000;
/** The shortest interval of GetMetricDataV2, on which those of every time zone begin. */
export const quarter = 3 * interval;

const hour = 3_600_000;
/** GetMetricData gives the last 24 hours in intervals of five minutes. */
const fineFor = 48 * hour;
/** GetMetricDataV2 gives the last three months, which have 92 days at the most. */
export const keptFor = 93 * 24 * hour;

const floorTo = (at: number, step: number): number => Math.floor(at / step) * step;

const intervalOf = (at: number): number => floorTo(at, interval);

type Dated = { readonly start: number };

/** Rows by interval. Those of the last two days are of five minutes, older ones of a quarter of an hour. */
export type Ledger<Of, Row extends Of & Dated> = {
  /** The row for what happens at `at`; it is written with the journal's next commit. */
  enter(of: Of, at: number): Row;
  /** The rows of the intervals from the one that `start` is in up to, not including, `end`. */
  between(owner: string, start: number, end: number): Row[];
  all(): Iterable<Row>;
};

type Parts<Of, Row> = {
  journal: Journal;
  kind: Kind;
  instanceId: string;
  /** Simulated milliseconds. */
  now: number;
  ownerOf(of: Of): string;
  /** Unique within the instance and the interval; begins with the owner. */
  keyOf(of: Of): string;
  blank(of: Of, start: number): Row;
  /** Adds what is in a row of the same key. */
  merge(into: Row, from: Row): void;
};

export function ledger<Of, Row extends Of & Dated & { readonly instanceId: string }>(
  parts: Parts<Of, Row>,
): Ledger<Of, Row> {
  const { journal, kind, instanceId, ownerOf, keyOf, blank, merge } = parts;
  /** By owner, then by start of the interval. */
  const owners = new Map<string, Map<number, Row[]>>();
  let agedAt = Number.NEGATIVE_INFINITY;
  /** Rows before it are of quarters of an hour. */
  let quartersUntil = Number.NEGATIVE_INFINITY;

  const startOf = (at: number): number => floorTo(at, at < quartersUntil ? quarter : interval);
  const journalKey = (row: Row): string => `${instanceId} ${keyOf(row)} ${row.start}`;

  function rowsOf(owner: string): Map<number, Row[]> {
    const found = owners.get(owner) ?? new Map<number, Row[]>();
    owners.set(owner, found);
    return found;
  }

  function add(row: Row): Row {
    const rows = rowsOf(ownerOf(row));
    rows.set(row.start, [...(rows.get(row.start) ?? []), row]);
    return row;
  }

  function rowAt(of: Of, start: number): Row {
    const key = keyOf(of);
    const found = owners
      .get(ownerOf(of))
      ?.get(start)
      ?.find((one) => keyOf(one) === key);
    const row = found ?? add(blank(of, start));
    journal.put(kind, journalKey(row), row);
    return row;
  }

  function age(now: number): void {
    if (now - agedAt < hour) return;
    agedAt = now;
    quartersUntil = Math.max(quartersUntil, floorTo(now - fineFor, quarter));
    for (const rows of owners.values()) {
      for (const [start, found] of rows) {
        const forgotten = start < now - keptFor;
        if (!forgotten && (start >= quartersUntil || start % quarter === 0)) continue;
        rows.delete(start);
        for (const row of found) {
          journal.forget(kind, journalKey(row));
          if (!forgotten) merge(rowAt(row, floorTo(start, quarter)), row);
        }
      }
    }
  }

  for (const row of journal.found<Row>(kind)) if (row.instanceId === instanceId) add(row);
  age(parts.now);

  return {
    enter(of, at) {
      age(at);
      return rowAt(of, startOf(at));
    },
    between(owner, start, end) {
      const rows = owners.get(owner);
      const found: Row[] = [];
      if (rows === undefined) return found;
      for (let at = startOf(start); at < end; at += at < quartersUntil ? quarter : interval) {
        found.push(...(rows.get(at) ?? []));
      }
      return found;
    },
    *all() {
      for (const rows of owners.values()) for (const found of rows.values()) yield* found;
    },
  };
}

/** How much of a span falls into each interval, by the interval's start. */
export function* slices(from: number, to: number): Generator<[start: number, ms: number]> {
  for (let start = intervalOf(from); start < to; start += interval) {
    yield [start, Math.min(to, start + interval) - Math.max(from, start)];
  }
}
