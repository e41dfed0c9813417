import * as v from "valibot";
import { instant } from "../../lib/contacts/message-fields.ts";
import { allPages } from "../../lib/metrics/all-pages.ts";
import { iso } from "../../lib/metrics/instant.ts";
import { type Channel, channels, type Resolution, stepAt, stepOf } from "../../lib/metrics/metric-row.ts";
import type { Metrics } from "../../lib/metrics/metrics.ts";
import { isColumn } from "../../lib/metrics/reading/columns.ts";
import { type RowView, rowView } from "../../lib/metrics/reading/row-view.ts";
import { chartOf, shortly } from "../chart.ts";
import { Failure } from "../failure.ts";
import type { CommonOptions } from "../options.ts";
import { print } from "../print.ts";

export interface ChartOptions extends CommonOptions {
  metric?: string;
  resolution: Resolution;
  channel?: Channel;
  from?: string;
  to?: string;
}

/** So many steps are shown unless told otherwise, and so many columns a chart has. */
export const usualSteps = 72;
/** More than are ever kept, and as many as can be held. */
const mostSteps = 1_000_000;

/** One metric of a queue, a chart for each channel. @param wanted the queue's id or name */
export async function showChart(wanted: string, table: Metrics, options: ChartOptions): Promise<void> {
  const { json, resolution, channel, metric = usualMetric(resolution) } = options;
  if (!isColumn(metric, resolution) || metric === "SERVICE_LEVEL") {
    throw new Failure(
      "usage",
      `There is no ${metric} with --resolution ${resolution}: docs/metrics.md lists them.`,
    );
  }
  const step = stepOf[resolution];
  const to = instantIn("--to", options.to) ?? stepAt(resolution, Date.now()) + step;
  const from = instantIn("--from", options.from) ?? to - usualSteps * step;
  if (from >= to) throw new Failure("usage", "--from must be before --to.");
  if (to - from > mostSteps * step) throw new Failure("usage", `A chart has at most ${mostSteps} steps.`);
  const queueId = await queueIdOf(wanted, table);
  const range = { queueId, resolution, ...(channel && { channel }), from, to };
  const found = await allPages((page) => table.range(range, page));
  // Where both sources have it, the second one, which comes behind, has the whole of what the first one lacks a part of.
  const rows = found
    .map((row) => rowView(row, (column) => column === metric))
    .filter(({ values }) => metric in values);
  if (rows.length === 0) {
    throw new Failure(
      "not-found",
      `There is nothing on record of ${wanted} from ${iso(from)} to ${iso(to)}.`,
    );
  }
  const drawn = channels.filter((one) => rows.some((row) => row.channel === one));
  const document = { queueId, resolution, metric, from: iso(from), to: iso(to), rows };
  print(
    json,
    document,
    drawn.flatMap((one) => linesOf(one, rows, { metric, resolution, from, to })),
  );
}

const usualMetric = (resolution: Resolution): string =>
  resolution === "now" ? "CONTACTS_IN_QUEUE" : "CONTACTS_QUEUED";

function instantIn(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parsed = v.safeParse(instant, text);
  if (parsed.success) return Date.parse(parsed.output);
  throw new Failure("usage", `${option} must be an instant such as 2026-11-24T09:00:00Z.`);
}

/** Of a queue that is gone the id is still good. */
async function queueIdOf(wanted: string, table: Metrics): Promise<string> {
  const queues = await allPages((page) => table.queues(page));
  return queues.find(({ queueId, name }) => queueId === wanted || name === wanted)?.queueId ?? wanted;
}

interface Chart {
  metric: string;
  resolution: Resolution;
  from: number;
  to: number;
}

function linesOf(channel: Channel, all: RowView[], { metric, resolution, from, to }: Chart): string[] {
  const rows = all.filter((row) => row.channel === channel);
  const values = new Map(rows.map((row) => [Date.parse(row.at), row.values[metric]]));
  const step = stepOf[resolution];
  const first = Math.ceil(from / step) * step;
  const instants = Array.from({ length: Math.ceil((to - first) / step) }, (_, index) => first + index * step);
  const known = [...values.values()].filter((value) => typeof value === "number");
  const ranked = known.toSorted((one, other) => one - other);
  const partial = rows.filter((row) => row.partial).length;
  return [
    `${metric}, ${channel}`,
    ...chartOf(
      instants.map((at) => values.get(at)),
      usualSteps,
      // Undefined where it is no terminal.
      process.stdout.columns,
    ),
    `${iso(from)} to ${iso(to)}, ${instants.length} steps of ${resolution}`,
    [
      known.length === 0
        ? "nothing is known of it"
        : `least ${shortly(ranked[0] ?? 0)}, most ${shortly(ranked.at(-1) ?? 0)}, last ${shortly(known.at(-1) ?? 0)}`,
      ...(partial > 0 ? [`${partial} of ${rows.length} partial`] : []),
    ].join("; "),
  ];
}
