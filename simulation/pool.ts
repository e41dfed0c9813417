import { Worker as Thread } from "node:worker_threads";
import { emptyTally, type Run, sumOf, type Tally } from "./report.ts";
import type { FromThread } from "./thread.ts";

/** Runs histories on several threads, each with a stretch of the seeds. */
export async function runOnThreads(
  run: Run,
  threads: number,
  onProgress: (seeds: number) => void = () => {},
): Promise<Tally> {
  const each = Math.ceil(run.seeds / threads);
  const stretches = Array.from({ length: threads }, (_, index) => ({
    ...run,
    seed: run.seed + index * each,
    seeds: Math.max(0, Math.min(each, run.seeds - index * each)),
  })).filter(({ seeds }) => seeds > 0);
  const tallies = await Promise.all(stretches.map((stretch) => runOnThread(stretch, onProgress)));
  return tallies.reduce(sumOf, emptyTally());
}

function runOnThread(run: Run, onProgress: (seeds: number) => void): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const thread = new Thread(new URL("./thread.ts", import.meta.url), { workerData: run });
    thread.on("message", (message: FromThread) => {
      if (message.kind === "progress") onProgress(message.seeds);
      else resolve(message.tally);
    });
    thread.once("error", reject);
    thread.once("exit", (code) => reject(new Error(`a thread of the simulation ended with ${code}`)));
  });
}
