/** What snapshot-metrics asks of Connect and DynamoDB, and what it takes, by the number of queues. `npm run bench:metrics` */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { number, table } from "../report.ts";
import { startSurroundings, type Traffic } from "./surroundings.ts";
import type { Invoked, Reading } from "./worker.ts";

/** As serverless.yml has it. */
const timeoutMs = 55_000;
const sizes = [10, 100, 1_000];
/** Lambda's smallest, and the heap that V8 gives itself where there is no more. */
const memory = { mb: 128, shareOfCpu: 128 / 1_769, oldSpaceMB: 64, semiSpaceMB: 1 };

const directory = await mkdtemp(join(tmpdir(), "metrics-bench-"));
try {
  const bundle = join(directory, "handler.mjs");
  const { outputFileExtension, exclude, concurrency, ...settings } = createRequire(import.meta.url)(
    "../../build/esbuild.config.cjs",
  )();
  await build({ ...settings, entryPoints: ["functions/snapshot-metrics/handler.ts"], outfile: bundle });

  const rows: string[][] = [];
  for (const queues of sizes) rows.push(...(await measure(queues, bundle)));
  const page = await pageOf(rows);
  console.log(page);
  await writeFile(new URL("./results.md", import.meta.url), page);
} finally {
  await rm(directory, { recursive: true, force: true });
}
process.exit(); // the counting proxies would go on listening

async function measure(queues: number, bundle: string): Promise<string[][]> {
  const surroundings = await startSurroundings(queues);
  const worker = fork(new URL("./worker.ts", import.meta.url), [bundle, String(timeoutMs)], {
    env: { ...surroundings.variables, PATH: process.env["PATH"] },
    execArgv: [`--max-old-space-size=${memory.oldSpaceMB}`, `--max-semi-space-size=${memory.semiSpaceMB}`],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await once(worker, "message");
  const rows: string[][] = [];
  const invoke = async (reading: Reading, what: string) => {
    await beginningOfAMinute(reading);
    surroundings.traffic();
    rows.push(rowOf(queues, what, await answerTo(worker, reading), surroundings.traffic()));
  };
  await invoke("current", "current, first of its process");
  await invoke("current", "current");
  await surroundings.leaveOneInterval();
  await invoke("historical", "historical, one interval read and one read again");
  worker.disconnect();
  await surroundings.stop();
  return rows;
}

async function answerTo(worker: ChildProcess, reading: Reading): Promise<Invoked> {
  worker.send(reading);
  const [invoked]: Invoked[] = await once(worker, "message");
  if (!invoked) throw new Error("the worker gave no answer");
  return invoked;
}

/** Each minute has one snapshot, and Connect's bucket is full again by the next. */
async function beginningOfAMinute(reading: Reading): Promise<void> {
  const wait = reading === "current" ? 60_000 - (Date.now() % 60_000) : 2_000;
  await new Promise((resolve) => setTimeout(resolve, wait));
}

function rowOf(queues: number, what: string, { seconds, cpuSeconds, rssMiB }: Invoked, traffic: Traffic) {
  const { connect, throttled, dynamodb, rowsWritten, rowBytes, writeUnits } = traffic;
  const requests = Object.values(connect).reduce((sum, count) => sum + count, 0);
  return [
    number(queues, 0),
    what,
    number(requests, 0),
    number(throttled, 0),
    number(dynamodb, 0),
    number(rowsWritten, 0),
    number(rowBytes, 0),
    number(writeUnits, 0),
    number(seconds, 1),
    number(cpuSeconds, 2),
    number(Math.max(seconds, cpuSeconds / memory.shareOfCpu), 1),
    number(rssMiB, 0),
  ];
}

async function pageOf(rows: string[][]): Promise<string> {
  const method = await readFile(new URL("./method.md", import.meta.url), "utf8");
  const columns = [
    "queues",
    "run",
    "to Connect",
    "429",
    "to DynamoDB",
    "rows",
    "largest row, B",
    "write units",
    "s",
    "CPU, s",
    `s at ${memory.mb} MB, about`,
    "RSS, MiB",
  ];
  return `# Results of \`npm run bench:metrics\`

Written by the bench; do not edit. Requests, rows and bytes are exact, times are those of a shared machine.

- date: ${new Date().toISOString()}
- Node ${process.version}

${table(columns, rows)}

${method}`;
}
