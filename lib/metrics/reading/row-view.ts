import type { MetricRow } from "../metric-row.ts";
import { intervalsIn } from "../roll-up.ts";

/** What is shown of a row: not what it was made of. */
export function rowView(row: MetricRow, isWanted: (column: string) => boolean = () => true) {
  const { at, channel, asOf, partial, intervals, resolution, source, values } = row;
  const isMade = source === undefined && (resolution === "1h" || resolution === "1d");
  return {
    at,
    channel,
    asOf,
    ...(source && { source }),
    partial,
    ...(isMade && { intervals, intervalsExpected: intervalsIn(resolution) }),
    values: Object.fromEntries(Object.entries(values).filter(([column]) => isWanted(column))),
  };
}

export type RowView = ReturnType<typeof rowView>;
