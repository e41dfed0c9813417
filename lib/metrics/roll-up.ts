import { type HistoricalMetric, historicalMetrics, metricOf } from "./historical-metrics.ts";
import { iso } from "./instant.ts";
import { type MetricRow, type Part, stepAt, stepOf } from "./metric-row.ts";

/** The resolutions that are made of a shorter one. */
export type LongResolution = "1h" | "1d";

/** How many five-minute intervals an hour or a day has. */
export const intervalsIn = (resolution: LongResolution): number => stepOf[resolution] / stepOf["5m"];

/** How many five-minute intervals of `from` up to, not including, `to` (epoch milliseconds) were never read. */
export type UnreadIn = (from: number, to: number) => number;

/**
 * Hours or days of rows that have one shorter resolution, in any order; of two readings of one row the later one counts.
 * Days of hours are the days of their five-minute rows. An interval without a row was a quiet one if it was read; if it was not,
 * nothing stands in for it, and what it belongs to is partial. So is what is made of a row that does not tell what it adds.
 * @returns oldest first
 */
export function rollUp(
  rows: readonly MetricRow[],
  resolution: LongResolution,
  unreadIn: UnreadIn,
): MetricRow[] {
  const groups = new Map<string, Map<string, MetricRow>>();
  for (const row of rows) {
    const key = `${iso(startOf(row, resolution))} ${row.channel} ${row.queueId}`;
    const readings = groups.get(key) ?? new Map<string, MetricRow>();
    groups.set(key, readings);
    if ((readings.get(row.at)?.asOf ?? "") < row.asOf) readings.set(row.at, row);
  }
  return [...groups]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, readings]) => longRowsOf([...readings.values()], resolution, unreadIn));
}

const startOf = ({ at }: MetricRow, resolution: LongResolution): number => stepAt(resolution, Date.parse(at));

function longRowsOf(unordered: MetricRow[], resolution: LongResolution, unreadIn: UnreadIn): MetricRow[] {
  // Always added up in the same order, so that fractions come out the same.
  const rows = unordered.toSorted((one, other) => (one.at < other.at ? -1 : 1));
  const [first] = rows;
  if (!first) return [];
  const columns = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const composed = columns.flatMap((column) => {
    const metric = metricOf(column);
    return metric ? [{ column, ...compose(rows, column, metric) }] : [];
  });
  const start = startOf(first, resolution);
  const unread = unreadIn(start, start + stepOf[resolution]);
  const { queueId, channel } = first;
  return [
    {
      queueId,
      channel,
      resolution,
      at: iso(start),
      asOf:
        rows
          .map(({ asOf }) => asOf)
          .toSorted()
          .at(-1) ?? first.asOf,
      values: Object.fromEntries(composed.map(({ column, value }) => [column, value])),
      parts: Object.fromEntries(composed.flatMap(({ column, part }) => (part ? [[column, part]] : []))),
      intervals: intervalsIn(resolution) - unread,
      partial: unread > 0 || rows.some(({ partial }) => partial) || composed.some(({ lacksOne }) => lacksOne),
    },
  ];
}

interface Composed {
  value: number | null;
  /** Of a mean: what a longer interval needs of it. */
  part?: Part;
  /** Some row does not tell what it adds. */
  lacksOne: boolean;
}

function compose(rows: readonly MetricRow[], column: string, metric: HistoricalMetric): Composed {
  const { composition } = historicalMetrics[metric];
  const values = rows.map((row) => row.values[column]);
  switch (composition.kind) {
    case "count":
      return composeNumbers(values, (sum, value) => sum + value, !values.every(isKnown));
    case "maximum":
      // Null where nobody waited.
      return composeNumbers(values, Math.max, values.includes(undefined));
    case "mean":
      return composeParts(
        rows.map((row) => row.parts?.[column] ?? partOfMean(row, column, composition.over)),
      );
    case "hold":
      return composeParts(rows.map((row) => row.parts?.[column] ?? partOfHold(row)));
    case "share of time":
      return { value: null, lacksOne: false };
  }
}

const isKnown = (value: number | null | undefined): value is number => typeof value === "number";

function composeNumbers(
  values: (number | null | undefined)[],
  combine: (one: number, other: number) => number,
  lacksOne: boolean,
): Composed {
  const known = values.filter(isKnown);
  return {
    value: known.length === 0 ? null : known.reduce((one, other) => combine(one, other)),
    lacksOne,
  };
}

const nothing: Part = { sum: 0, weight: 0 };

/** The mean over all contacts. A part is undefined where it is not known of how many contacts a row's mean is. */
function composeParts(parts: (Part | undefined)[]): Composed {
  const lacksOne = parts.includes(undefined);
  const part = parts.reduce<Part>(
    (all, { sum, weight } = nothing) => ({ sum: all.sum + sum, weight: all.weight + weight }),
    nothing,
  );
  return part.weight > 0 ? { value: part.sum / part.weight, part, lacksOne } : { value: null, lacksOne };
}

function partOfMean({ values }: MetricRow, column: string, over: HistoricalMetric): Part | undefined {
  const mean = values[column];
  const weight = values[over];
  if (mean === null) return nothing;
  return isKnown(mean) && isKnown(weight) ? { sum: mean * weight, weight } : undefined;
}

/** All hold together, and the mean of those who were on hold, tell how many these are. */
function partOfHold({ values }: MetricRow): Part | undefined {
  const { HOLD_TIME: mean, CONTACTS_HANDLED: handled } = values;
  const { INTERACTION_AND_HOLD_TIME: withHold, INTERACTION_TIME: without } = values;
  if (mean === null || mean === 0) return nothing;
  if (!isKnown(mean) || !isKnown(handled) || !isKnown(withHold) || !isKnown(without)) return undefined;
  const sum = Math.max(0, withHold - without) * handled;
  return { sum, weight: sum / mean };
}
