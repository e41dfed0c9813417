import { setTimeout as sleep } from "node:timers/promises";

/** Resolves at that instant, epoch milliseconds; at once when it has passed. */
export async function until(at: number): Promise<void> {
  const ms = at - Date.now();
  if (ms > 0) await sleep(ms);
}
