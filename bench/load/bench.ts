/** What the whole service carries on this machine, and what release-due costs. `npm run load` */
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { packagedService } from "../../local/stack/packaged-service.ts";
import { machine, number, table } from "../report.ts";
import { quantile } from "../statistics.ts";
import { type CallFigures, measureCalls } from "./calls.ts";
import { help, readOptions } from "./options.ts";
import { measureRows, type RowFigures } from "./rows.ts";

const options = readOptions(process.argv.slice(2));
if (options.help) {
  console.log(help);
  process.exit();
}

const startedAt = Date.now();
const service = await packagedService(resolve(import.meta.dirname, "..", ".."), say);
const { calls, rows } = options;
if (calls)
  await measured("calls", async () => callsTable(await measuredCalls(calls.requests)), calls.isWhole);
if (rows)
  await measured("rows", async () => rowsTable(await measureRows(service, rows.rows, say)), rows.isWhole);
// The counters still listen.
process.exit();

/** @param isWhole its results are worth keeping */
async function measured(part: "calls" | "rows", tableOf: () => Promise<string>, isWhole: boolean) {
  const begunAt = Date.now();
  const figures = await tableOf();
  const page = await pageOf(part, figures, (Date.now() - begunAt) / 60_000);
  console.log(page);
  if (isWhole) await writeFile(new URL(`./${part}-results.md`, import.meta.url), page);
}

/** All at once, and then at half of the pace that this came to, when nobody waits for others. */
async function measuredCalls(requests: number): Promise<{ what: string; figures: CallFigures }[]> {
  say(`${requests} requests at once`);
  const atOnce = await measureCalls({ service, requests, perSecond: undefined, counted: false, say });
  const perSecond = Math.max(1, Math.round(requests / atOnce.seconds / 2));
  const some = Math.max(100, Math.round(requests / 10));
  say(`${some} requests, ${perSecond} a second`);
  const steady = await measureCalls({ service, requests: some, perSecond, counted: true, say });
  return [
    { what: "all at once", figures: atOnce },
    { what: `${perSecond} a second`, figures: steady },
  ];
}

function callsTable(rows: { what: string; figures: CallFigures }[]): string {
  const columns = [
    "sent",
    "requests",
    "calls",
    "s",
    "calls/s",
    "p50, s",
    "p90, s",
    "p99, s",
    "longest, s",
    "to DynamoDB per call",
    "CPU of emulators, s",
    "CPU of functions, s",
    "emulators' share, %",
    "MB, emulators",
    "MB, functions",
    "log lines",
    "of them with personal data",
  ];
  const cells = rows.map(({ what, figures }) => {
    const { requests, placed, seconds, latencies, dynamoDbRequests, cpu, memoryMB, logLines } = figures;
    return [
      what,
      number(requests, 0),
      number(placed, 0),
      number(seconds, 1),
      number(placed / seconds, 1),
      ...[0.5, 0.9, 0.99, 1].map((share) => number(quantile(latencies, share) / 1000, 2)),
      dynamoDbRequests === undefined ? "–" : number(dynamoDbRequests, 2),
      number(cpu.emulators, 1),
      number(cpu.functions, 1),
      number((100 * cpu.emulators) / (cpu.emulators + cpu.functions), 0),
      number(memoryMB.emulators, 0),
      number(memoryMB.functions, 0),
      number(logLines.all, 0),
      number(logLines.personal, 0),
    ];
  });
  return `## Calls\n\n${table(columns, cells)}`;
}

function rowsTable(figures: RowFigures[]): string {
  const operations = [...new Set(figures.flatMap(({ dynamoDb }) => Object.keys(dynamoDb)))].sort();
  const columns = ["rows stored", "due", "s", "CPU, s", ...operations, "MB, release-due", "MB, emulators"];
  const cells = figures.map(({ stored, due, seconds, cpuSeconds, dynamoDb, functionMB, emulatorsMB }) => [
    number(stored, 0),
    number(due, 0),
    number(seconds, 2),
    number(cpuSeconds, 2),
    ...operations.map((operation) => number(dynamoDb[operation] ?? 0, 0)),
    number(functionMB, 0),
    number(emulatorsMB, 0),
  ]);
  return `## One run of release-due\n\n${table(columns, cells)}`;
}

async function pageOf(part: string, figures: string, minutes: number): Promise<string> {
  const method = await readFile(new URL(`./${part}-method.md`, import.meta.url), "utf8");
  return `# Results of \`npm run load\`: ${part}

Written by the bench; do not edit. Requests and rows are exact, times are those of a shared machine.

${machine(minutes)}

${figures}

${method}`;
}

/** Progress, with the seconds since the start. */
function say(text: string): void {
  console.error(`${String(Math.round((Date.now() - startedAt) / 1000)).padStart(5)} s  ${text}`);
}
