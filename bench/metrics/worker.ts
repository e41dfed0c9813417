/** One execution environment of snapshot-metrics: imports the bundle and is handed one event at a time. */
import type { Context } from "aws-lambda";

export type Reading = "current" | "historical";

export interface Invoked {
  seconds: number;
  /** User and system, garbage collection included. */
  cpuSeconds: number;
  /** Of the process so far, at its highest. */
  rssMiB: number;
  result: Record<string, number>;
}

type Handler = (event: unknown, context: Context) => Promise<Record<string, number>>;

const [bundle = "", timeoutMs = ""] = process.argv.slice(2);
const { handler } = (await import(bundle)) as { handler: Handler };

process.on("message", async (reading: Reading) => {
  const endsAt = Date.now() + Number(timeoutMs);
  const context = { getRemainingTimeInMillis: () => endsAt - Date.now() } as Context;
  const [begun, before] = [performance.now(), process.cpuUsage()];
  const result = await handler({ reading }, context);
  const { user, system } = process.cpuUsage(before);
  const invoked: Invoked = {
    seconds: (performance.now() - begun) / 1000,
    cpuSeconds: (user + system) / 1e6,
    rssMiB: process.resourceUsage().maxRSS / 1024,
    result,
  };
  process.send?.(invoked);
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
