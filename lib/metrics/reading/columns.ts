import { currentNames } from "../current-metrics.ts";
import { historicalNames, metricOf } from "../historical-metrics.ts";
import type { Resolution } from "../metric-row.ts";

/** Whether a name may be asked for: a metric, or a service level of one threshold. */
export const isColumn = (name: string, resolution: Resolution): boolean =>
  resolution === "now" ? currentNames.some((one) => one === name) : metricOf(name) !== undefined;

/** SERVICE_LEVEL stands for all its thresholds. @param names all where it is missing */
export function wantedColumns(names: readonly string[] | undefined): (column: string) => boolean {
  return (column) =>
    names === undefined ||
    names.includes(column) ||
    (names.includes("SERVICE_LEVEL") && metricOf(column) === "SERVICE_LEVEL");
}

/** In the order in which the metrics are listed; thresholds by how long they are. */
export function inListedOrder(columns: Iterable<string>): string[] {
  const listed: readonly string[] = [...currentNames, ...historicalNames];
  const place = (column: string) => listed.indexOf(metricOf(column) ?? column);
  return [...columns].toSorted(
    (one, other) => place(one) - place(other) || one.localeCompare(other, "en", { numeric: true }),
  );
}
