import type { HistoryOptions } from "./history.ts";
import { emptyTally, mostKept, type Run, type Tally } from "./report.ts";
import { runHistories } from "./run.ts";
import { sabotages } from "./sabotage.ts";
import { start } from "./world.ts";

/** Runs histories in this thread. */
export async function runMany(run: Run, onProgress: (histories: number) => void = () => {}): Promise<Tally> {
  const tally = emptyTally();
  const { tokenRule } = run;
  const sabotage = run.sabotage === undefined ? {} : sabotages[run.sabotage];
  const before = process.threadCpuUsage();
  let begun = 0;
  const next = (): HistoryOptions | undefined => {
    if (begun === run.histories || (run.stopAtFirst && tally.brokenInAll > 0)) return undefined;
    begun += 1;
    return { seed: run.seed + begun - 1, tokenRule, sabotage };
  };
  await runHistories(next, ({ seed, broken, happenings, calls, virtualMs }) => {
    tally.histories += 1;
    tally.happenings += happenings;
    tally.calls += calls;
    tally.hours += (virtualMs - start) / 3_600_000;
    if (tally.histories % 1_000 === 0) onProgress(1_000);
    if (broken.length === 0) return;
    tally.brokenInAll += 1;
    if (tally.broken.length < mostKept) tally.broken.push({ seed, tokenRule, broken });
  });
  const { user, system } = process.threadCpuUsage(before);
  tally.cpuSeconds = (user + system) / 1e6;
  return tally;
}
