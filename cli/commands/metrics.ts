import { type Command, Option } from "commander";
import { metricsTable } from "../../lib/edge/metrics.ts";
import { ofReadMetrics } from "../../lib/edge/settings/metrics.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { allPages } from "../../lib/metrics/all-pages.ts";
import { channels, resolutions } from "../../lib/metrics/metric-row.ts";
import type { Metrics } from "../../lib/metrics/metrics.ts";
import { nowView, snapshotOf } from "../../lib/metrics/reading/show-now.ts";
import { shortly } from "../chart.ts";
import { Failure } from "../failure.ts";
import { examples } from "../options.ts";
import { aligned, print } from "../print.ts";
import { Settings } from "../settings.ts";
import { type ChartOptions, showChart, usualSteps } from "./metrics-chart.ts";

export function addMetrics(program: Command): void {
  program
    .command("metrics")
    .description("The queues as they are, or with a queue a chart of one of its metrics")
    .argument("[queue]", "a queue's id, or its name")
    .option("--metric <name>", "as Amazon Connect calls it; of service levels SERVICE_LEVEL_20 and the like")
    .addOption(new Option("--resolution <length>", "of one step").choices(resolutions).default("5m"))
    .addOption(new Option("--channel <channel>", "only this one").choices(channels))
    .option("--from <instant>", `where the chart begins (default: ${usualSteps} steps before its end)`)
    .option("--to <instant>", "where it ends (default: now)")
    .addHelpText(
      "after",
      examples(
        "metrics",
        "metrics Sales --metric CONTACTS_QUEUED",
        "metrics Sales --metric SERVICE_LEVEL_20 --resolution 1d --stage prod --json",
      ),
    )
    .action(metrics);
}

async function metrics(queue: string | undefined, _options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<ChartOptions>();
  const settings = new Settings(options.stage);
  const places = {
    METRICS_TABLE: settings.metricsTable(),
    CONNECT_INSTANCE_ID: settings.connectInstanceId(),
  };
  const table = metricsTable(settingsOf("read-metrics", ofReadMetrics, places));
  await (queue === undefined ? showNow(table, options) : showChart(queue, table, options));
}

const shownNow = [
  ["CONTACTS_IN_QUEUE", "waiting"],
  ["OLDEST_CONTACT_AGE", "oldest s"],
  ["AGENTS_STAFFED", "staffed"],
  ["AGENTS_AVAILABLE", "available"],
  ["AGENTS_ON_CONTACT", "on contact"],
  ["AGENTS_AFTER_CONTACT_WORK", "after work"],
] as const;

async function showNow(table: Metrics, { json, channel: only }: ChartOptions): Promise<void> {
  const snapshot = await snapshotOf(undefined, table);
  if (!snapshot) throw new Failure("not-found", "There is no snapshot yet: one is taken every minute.");
  const queues = await allPages((page) => table.rowsOf(snapshot, page));
  const wanted = queues.map(({ rows, ...queue }) => ({
    ...queue,
    rows: rows.filter(({ channel }) => only === undefined || channel === only),
  }));
  const view = nowView(snapshot, wanted, Date.now());
  const rows = view.queues.flatMap(({ queueId, name, rows }) =>
    rows.map(({ channel, values }) => [
      name,
      channel,
      ...shownNow.map(([column]) => cellOf(values[column])),
      queueId,
    ]),
  );
  print(json, view, [
    ...aligned([["queue", "channel", ...shownNow.map(([, title]) => title), "queueId"], ...rows]),
    `${view.at}, ${view.ageSeconds} s ago${view.partial ? `; ${view.queuesLacking} queues are missing` : ""}.`,
  ]);
}

const cellOf = (value: number | null | undefined): string =>
  typeof value === "number" ? shortly(value) : "-";
