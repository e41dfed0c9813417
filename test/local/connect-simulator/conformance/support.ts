import { onTestFinished } from "vitest";
import { startConnectSimulator } from "../../../../local/connect-simulator/simulator.ts";
import { operationsThere, overlaysFrom } from "./overlays.ts";
import { closeConnections } from "./requests.ts";
import type { Overlay } from "./sample.ts";

export type Subject = { port: number; warnings: string[]; overlayOf: (operation: string) => Overlay };

const unlimited = { rate: 1_000_000, burst: 1_000_000 };

/** A simulator without quotas and without signatures, whose clock stands still. */
export async function aSubject(): Promise<Subject> {
  const warnings: string[] = [];
  const options = {
    speed: 0,
    auth: false as const,
    activeCalls: 1_000,
    quotas: Object.fromEntries(operationsThere.map((name) => [name, unlimited])),
    warn: (message: string) => void warnings.push(message),
  };
  const simulator = await startConnectSimulator(options);
  onTestFinished(async () => {
    closeConnections();
    await simulator.stop();
  });
  return { port: simulator.port, warnings, overlayOf: await overlaysFrom(simulator.port) };
}

/** Runs the jobs, so many at a time, and answers what each came to, in no order. */
export async function pooled<Job, Result>(
  jobs: Iterable<Job>,
  atOnce: number,
  run: (job: Job) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const iterator = jobs[Symbol.iterator]();
  async function worker(): Promise<void> {
    for (let next = iterator.next(); !next.done; next = iterator.next()) results.push(await run(next.value));
  }
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
