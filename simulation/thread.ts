import { parentPort, workerData } from "node:worker_threads";
import { runMany } from "./many.ts";
import type { Run, Tally } from "./report.ts";

export type FromThread = { kind: "progress"; seeds: number } | { kind: "done"; tally: Tally };

const post = (message: FromThread): void => parentPort?.postMessage(message);
const tally = await runMany(workerData as Run, (seeds) => post({ kind: "progress", seeds }));
post({ kind: "done", tally });
