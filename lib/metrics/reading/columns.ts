import { currentNames } from "../current-metrics.ts";
import { historicalNames, metricOf } from "../historical-metrics.ts";
import type { Resolution } from "../metric-row.ts";
import { outcomeNames } from "../second-source.ts";

/** Whether a name may be asked for: a metric, or a service level of one threshold. The second source has hours and days. */
export function isColumn(name: string, resolution: Resolution): boolean {
  if (resolution === "now") return currentNames.some((one) => one === name);
  return metricOf(name) !== undefined || (resolution !== "5m" && outcomeNames.includes(name));
}

/** SERVICE_LEVEL stands for all its thresholds. @param names all where it is missing */
export function wantedColumns(names: readonly string[] | undefined): (column: string) => boolean {
  return (column) =>
    names === undefined ||
    names.includes(column) ||
    (names.includes("SERVICE_LEVEL") && metricOf(column) === "SERVICE_LEVEL");
}

/** In the order in which the metrics are listed; thresholds by how long they are. */
export function inListedOrder(columns: Iterable<string>): string[] {
  const listed: readonly string[] = [...currentNames, ...historicalNames, ...outcomeNames];
  const place = (column: string) => listed.indexOf(metricOf(column) ?? column);
  return [...columns].toSorted(
    (one, other) => place(one) - place(other) || one.localeCompare(other, "en", { numeric: true }),
  );
}
