import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { type Row, rowsOf } from "./aims.ts";
import type { Measured } from "./measure/all.ts";
import type { RequestCounts } from "./measure/aws-requests.ts";
import type { PaceCell } from "./measure/pace.ts";
import type { Pair } from "./subjects.ts";

type Cells = readonly string[];

/** The comparison and the details behind it, as Markdown that also reads well in a terminal. */
export function tablesOf(measured: Measured): string {
  const { requests, pace } = measured;
  return [
    comparison(rowsOf(measured)),
    ...(requests ? ["## AWS requests per message, by operation", operations(requests)] : []),
    ...(pace ? ["## Pace, in detail", paceDetails(pace)] : []),
  ].join("\n\n");
}

export async function pageOf(measured: Measured, minutes: number): Promise<string> {
  const method = await readFile(new URL("./method.md", import.meta.url), "utf8");
  return `# Results of \`npm run bench\`

Written by the bench; do not edit. Only the ratios of one run are worth comparing: absolute figures move by a third from
one run to the next on a shared machine.

${machine(minutes)}

## Ours and the recipe

${tablesOf(measured)}

${method}`;
}

export function machine(minutes: number): string {
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return [
    `- date: ${new Date().toISOString()}, ${minutes.toFixed(1)} minutes`,
    `- machine: ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${memory} GiB, ${type()} ${release()}`,
    `- Node ${process.version}`,
  ].join("\n");
}

function comparison(rows: Row[]): string {
  return table(
    ["", "ours", "recipe", "ratio", "aim", "met"],
    rows.map(({ what, ours, recipe, digits, aim }) => [
      what,
      number(ours, digits),
      number(recipe, digits),
      recipe > 0 ? number(ours / recipe, 2) : "–",
      aim?.text ?? "",
      aim ? (aim.met ? "yes" : "NO") : "",
    ]),
  );
}

function operations({ ours, recipe }: Pair<RequestCounts>): string {
  const names = [ours.fresh, ours.duplicate, recipe.fresh, recipe.duplicate].flatMap(Object.keys);
  const columns = ["operation", "ours, fresh", "ours, duplicate", "recipe, fresh", "recipe, duplicate"];
  return table(
    columns,
    [...new Set(names)]
      .sort()
      .map((name) => [
        name,
        ...[ours.fresh, ours.duplicate, recipe.fresh, recipe.duplicate].map((counts) =>
          number(counts[name] ?? 0, 3),
        ),
      ]),
  );
}

function paceDetails(cells: PaceCell[]): string {
  const columns = [
    "",
    "",
    "placed",
    "seconds",
    "use, %",
    "rejections",
    "requests",
    "deliveries",
    "put off",
    "to the DLQ",
  ];
  return table(
    columns,
    cells.flatMap(({ setting, figures }) =>
      (["ours", "recipe"] as const).map((name) => {
        const it = figures[name];
        return [
          `${setting.ratePerSecond}/s, ${setting.workers}`,
          name,
          `${it.placed} of ${setting.calls}`,
          number(it.seconds, 1),
          number(it.use * 100, 1),
          number(it.rejections, 3),
          number(it.requests, 2),
          number(it.deliveries, 2),
          number(it.putOff, 2),
          String(it.deadLettered),
        ];
      }),
    ),
  );
}

export function number(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function table(head: Cells, body: Cells[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((cells) => [...(cells[column] ?? "")].length), 3),
  );
  const line = (cells: Cells) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? "", width, column > 0)).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => `${"-".repeat(width + 1)}${column > 0 ? ":" : "-"}`).join("|")}|`;
  return [line(head), rule, ...body.map(line)].join("\n");
}

function pad(text: string, width: number, right: boolean): string {
  return right ? text.padStart(width) : text.padEnd(width);
}
