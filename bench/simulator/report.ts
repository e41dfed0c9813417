import { readFile } from "node:fs/promises";
import { cpus, release, totalmem, type } from "node:os";
import { number, table } from "../report.ts";
import { median, quantile } from "../statistics.ts";
import { pinning } from "./cores.ts";
import type { Day } from "./day.ts";
import type { Side } from "./moto.ts";
import type { Starts } from "./starts.ts";
import type { Figures, MemoryRow, Row } from "./throughput.ts";

export interface Measured {
  users: number;
  seconds: number;
  rows: Row[];
  memory: MemoryRow[];
  starts: Starts[];
  days: Day[];
  /** Null where moto is not installed. */
  moto: Side[] | null;
}

/** Markdown that also reads well in a terminal. */
export function tablesOf({ users, seconds, rows, memory, starts, days, moto }: Measured): string {
  return [
    `Every operation for ${number(seconds, 0)} s at each size, up to ${number(users, 0)} users; ${pinning}.`,
    "## Requests, signatures checked",
    requests(rows.filter(({ checked }) => checked)),
    "## Requests, --no-auth",
    requests(rows.filter(({ checked }) => !checked)),
    "## Memory, MB",
    memoryTable(memory),
    "## Start, seconds",
    table(
      ["users", "in memory", "--data, new", "--data, from the journal"],
      starts.map((one) => [
        number(one.users, 0),
        ...[one.inMemory, one.newJournal, one.fromJournal].map((value) => number(value, 2)),
      ]),
    ),
    "## A day of a centre with 200 agents",
    dayTable(days),
    "## Side by side with moto",
    moto ? motoTable(moto) : "moto_server is not on this machine (python3 -c 'import moto.server' fails).",
  ].join("\n\n");
}

export async function pageOf(measured: Measured, minutes: number): Promise<string> {
  const method = await readFile(new URL("./method.md", import.meta.url), "utf8");
  return `# Results of \`npm run bench:simulator\`

Written by the bench; do not edit. Only the ratios of one run are worth comparing: absolute figures move by a third from
one run to the next on a shared machine.

- date: ${new Date().toISOString()}, ${minutes.toFixed(1)} minutes
- machine: ${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}
- Node ${process.version}

${tablesOf(measured)}

${method}`;
}

function requests(rows: Row[]): string {
  const cells = ({ users, requests: count, seconds, latencies, cpuSeconds }: Figures) => [
    number(users, 0),
    number(count / seconds, 0),
    number(median(latencies), 2),
    number(quantile(latencies, 0.99), 2),
    number((cpuSeconds / count) * 1e6, 0),
    number((cpuSeconds / seconds) * 100, 0),
  ];
  const columns = ["users", "req/s", "p50, ms", "p99, ms", "CPU, µs", "core, %"];
  return table(
    ["", ...columns, ...columns, "ratio of CPU", "ratio of time"],
    rows.map(({ name, few, many }) => [
      name,
      ...cells(few),
      ...cells(many),
      number(many.cpuSeconds / many.requests / (few.cpuSeconds / few.requests), 2),
      number(many.seconds / many.requests / (few.seconds / few.requests), 2),
    ]),
  );
}

function memoryTable(rows: MemoryRow[]): string {
  return table(
    ["users", "signatures", "rss, started", "heap, started", "rss, after the run", "heap, after the run"],
    rows.map(({ users, checked, started, after }) => [
      number(users, 0),
      checked ? "checked" : "--no-auth",
      ...[started.rssMB, started.heapMB, after.rssMB, after.heapMB].map((value) => number(value, 0)),
    ]),
  );
}

function dayTable(days: Day[]): string {
  return table(
    ["queues", "seconds", "inbound", "contacts", "events", "records", "events/s", "× real time", "rss, MB"],
    days.map(({ queues, seconds, inbound, contacts, events, records, rssMB }) => [
      String(queues),
      number(seconds, 2),
      ...[inbound, contacts, events, records, events / seconds, 86_400 / seconds, rssMB].map((value) =>
        number(value, 0),
      ),
    ]),
  );
}

function motoTable(sides: Side[]): string {
  const names = Object.keys(sides[0]?.operations ?? {});
  return table(
    ["", "start, s", "rss, MB", ...names.flatMap((name) => [`${name} req/s`, "p50 ms", "p99 ms"])],
    sides.map(({ name, startSeconds, rssMB, operations }) => [
      name,
      number(startSeconds, 2),
      number(rssMB, 0),
      ...names.flatMap((operation) => {
        const { perSecond = 0, p50 = 0, p99 = 0 } = operations[operation] ?? {};
        return [number(perSecond, 0), number(p50, 2), number(p99, 2)];
      }),
    ]),
  );
}
