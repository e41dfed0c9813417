import { gzipSync } from "node:zlib";
import { historicalNames } from "../historical-metrics.ts";
import { iso } from "../instant.ts";
import type { MetricRow, Source } from "../metric-row.ts";
import { inListedOrder } from "../reading/columns.ts";
import { intervalsIn } from "../roll-up.ts";
import { outcomeNames } from "../second-source.ts";

/** Rows of one resolution and source, which have objects of their own. */
export interface Exported {
  /** Their keys begin with it, and the files are called so. */
  name: string;
  resolution: "5m" | "1h";
  source?: Source;
  /** What the lines of an hour have, by what its rows have. */
  columnsOf(found: readonly string[]): string[];
}

/** One hour of one instance. */
export interface HourObject {
  key: string;
  /** Newline-delimited JSON, gzip. */
  body: Uint8Array;
  rows: number;
  /** Of how many five-minute intervals the hour is made: 12 where none is missing. */
  intervals: number;
}

/** Where objects are put. */
export interface ObjectStore {
  /** In place of what has the same key. */
  put(object: HourObject): Promise<void>;
}

export const isPartial = ({ intervals }: HourObject): boolean => intervals < intervalsIn("1h");

/** Of every hour, whether it has rows of them or not; of the service level there are the thresholds that the hour has. */
const always = historicalNames.filter((name) => name !== "SERVICE_LEVEL");

export const historyRows: Exported = {
  name: "metrics",
  resolution: "5m",
  columnsOf: (found) => inListedOrder(new Set([...always, ...found])),
};

/** What the second source alone has: what it gives of history's gaps may come when the hour has been exported. */
export const outcomeRows: Exported = {
  name: "outcomes",
  resolution: "1h",
  source: "GetMetricDataV2",
  columnsOf: () => outcomeNames,
};

/**
 * The same rows, in any order, make the same bytes.
 * @param hour epoch milliseconds of its start
 * @param rows of that hour
 * @param intervals of how many intervals they are
 */
export function hourObject(
  { name, columnsOf }: Pick<Exported, "name" | "columnsOf">,
  instanceId: string,
  hour: number,
  rows: readonly MetricRow[],
  intervals: number,
): HourObject {
  const columns = columnsOf(rows.flatMap(({ values }) => Object.keys(values)));
  const lines = rows
    .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
    .map((row) => `${JSON.stringify(lineOf(row, columns, intervals))}\n`);
  const key = keyOf(name, instanceId, hour);
  return { key, body: gzipSync(lines.join("")), rows: rows.length, intervals };
}

function keyOf(name: string, instanceId: string, hour: number): string {
  const [day, time = ""] = iso(hour).split("T");
  return `${name}/instance=${instanceId}/dt=${day}/hour=${time.slice(0, 2)}/${name}.ndjson.gz`;
}

const placeOf = ({ queueId, at, channel }: MetricRow): string => `${queueId} ${at} ${channel}`;

/** In lower case: SQL engines differ in what they make of any other. */
function lineOf({ queueId, at, channel, asOf, values }: MetricRow, columns: string[], intervals: number) {
  const metrics = columns.map((column) => [column.toLowerCase(), values[column] ?? null]);
  return {
    queue_id: queueId,
    at,
    channel,
    as_of: asOf,
    hour_intervals: intervals,
    ...Object.fromEntries(metrics),
  };
}
