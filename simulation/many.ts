import type { Outcome } from "./history.ts";
import type { TokenRule } from "./parts/connect.ts";
import { emptyTally, mostKept, type Run, type Tally } from "./report.ts";
import { runHistory } from "./run.ts";
import { sabotages } from "./sabotage.ts";
import { start } from "./world.ts";

/** Runs histories in this thread, one after the other. */
export async function runMany(run: Run, onProgress: (seeds: number) => void = () => {}): Promise<Tally> {
  const tally = emptyTally();
  const before = process.threadCpuUsage();
  for (let done = 0; done < run.seeds && !(run.stopAtFirst && tally.brokenInAll > 0); done += 1) {
    await runSeed(run.seed + done, run, tally);
    if (done % 1_000 === 999) onProgress(1_000);
  }
  const { user, system } = process.threadCpuUsage(before);
  tally.cpuSeconds = (user + system) / 1e6;
  return tally;
}

/** Connect asks its rule when a token of a call comes again: a history in which none does is the same under each, and run once. */
async function runSeed(seed: number, { tokenRules, sabotage: name }: Run, tally: Tally): Promise<void> {
  const sabotage = name === undefined ? {} : sabotages[name];
  for (const tokenRule of tokenRules) {
    const outcome = await runHistory({ seed, tokenRule, sabotage });
    if (!outcome.knownTokenCame) return add(outcome, tokenRule, tokenRules.length, tally);
    add(outcome, tokenRule, 1, tally);
  }
}

function add(outcome: Outcome, tokenRule: TokenRule, histories: number, tally: Tally): void {
  const { seed, broken, happenings, calls, virtualMs } = outcome;
  tally.histories += histories;
  tally.runs += 1;
  tally.happenings += happenings;
  tally.calls += calls;
  tally.hours += (virtualMs - start) / 3_600_000;
  if (broken.length === 0) return;
  tally.brokenInAll += 1;
  if (tally.broken.length < mostKept) tally.broken.push({ seed, tokenRule, broken });
}
