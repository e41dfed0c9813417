import { interval, quarter } from "../centre/ledger.ts";

export const periods = ["FIFTEEN_MIN", "THIRTY_MIN", "HOUR", "DAY", "WEEK", "TOTAL"] as const;
export type Period = (typeof periods)[number];

/** Simulated milliseconds; `end` is not in it. */
export type Span = { readonly start: number; readonly end: number };

const hour = 12 * interval;
const day = 24 * hour;

const lengths = {
  FIFTEEN_MIN: quarter,
  THIRTY_MIN: 2 * quarter,
  HOUR: hour,
  DAY: day,
  WEEK: 7 * day,
} as const satisfies Partial<Record<Period, number>>;

/** The first of January 1970 was a Thursday; a week begins on Monday. */
const firstMonday = 4 * day;

/** A span must be shorter. */
export const longest: Readonly<Record<Period, number>> = {
  FIFTEEN_MIN: 3 * day,
  THIRTY_MIN: 3 * day,
  HOUR: 3 * day,
  DAY: 35 * day,
  WEEK: 35 * day,
  TOTAL: 35 * day,
};

/** `offsetAt`: milliseconds that the clocks there are ahead of UTC. */
export type Zone = { offsetAt(at: number): number };

/** Undefined when there is no such time zone. */
export function zoneNamed(name: string): Zone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  } catch {
    return undefined;
  }
  return {
    offsetAt(at) {
      const [, sign, hours = 0, minutes = 0] = /GMT([+-])(\d\d):(\d\d)/.exec(format.format(at)) ?? [];
      return (sign === "-" ? -1 : 1) * (Number(hours) * hour + (Number(minutes) * hour) / 60);
    },
  };
}

/**
 * The intervals of a span. They are those of the clocks and the calendar of the zone, so a day may have 23 or 25 hours, and the
 * first and the last are cut off where the span begins and ends.
 */
export function intervalsOf({ start, end }: Span, period: Period, zone: Zone): Span[] {
  if (period === "TOTAL") return [{ start, end }];
  const length = lengths[period];
  const starts: number[] = [];
  let current: string | undefined;
  // Clocks are put forward and back on a quarter of an hour, and every interval begins on one.
  for (let at = start; at < end; at = Math.min(end, Math.floor(at / quarter + 1) * quarter)) {
    const offset = zone.offsetAt(at);
    const number = Math.floor((at + offset - firstMonday) / length);
    // An hour that comes twice in a night is two hours.
    const name = length < day ? `${number} ${offset}` : `${number}`;
    if (name !== current) starts.push(at);
    current = name;
  }
  return starts.map((at, index) => ({ start: at, end: starts[index + 1] ?? end }));
}
