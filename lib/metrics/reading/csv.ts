import { inListedOrder } from "./columns.ts";
import type { RowView } from "./row-view.ts";

export const csvMediaType = "text/csv";

/**
 * RFC 4180, with a header. Nothing in it has to be quoted, and no cell can be taken for a formula: they are ids of Connect's,
 * instants, names of ours and numbers. What is unknown is empty.
 */
export function csvOf(queueId: string, rows: readonly RowView[]): string {
  const columns = inListedOrder(new Set(rows.flatMap(({ values }) => Object.keys(values))));
  const header = ["queueId", "at", "channel", "asOf", "partial", "intervals", "source", ...columns];
  const lines = rows.map(({ at, channel, asOf, partial, intervals, source, values }) => [
    queueId,
    at,
    channel,
    asOf,
    partial,
    intervals ?? "",
    source ?? "",
    ...columns.map((column) => values[column] ?? ""),
  ]);
  return [header, ...lines].map((cells) => `${cells.join(",")}\r\n`).join("");
}
