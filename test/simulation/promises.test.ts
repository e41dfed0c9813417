import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { tokenRules } from "../../simulation/parts/connect.ts";
import { runOnThreads } from "../../simulation/pool.ts";
import { type BrokenHistory, replayOf } from "../../simulation/report.ts";
import { type SabotageName, sabotages } from "../../simulation/sabotage.ts";

const threads = Math.min(2, availableParallelism());
/** Each under every token rule. `SIMULATED_HISTORIES` has more of them run, or fewer. */
const seeds = Number(process.env["SIMULATED_HISTORIES"] ?? 200_000);
const patient = 20 * 60_000;

const told = (broken: BrokenHistory[]): string[] =>
  broken.map((history) => `${replayOf(history)}: ${history.broken.map(({ what }) => what).join("; ")}`);

describe("every promise is kept, whatever befalls the service", () => {
  it(
    "under every rule that Connect may have for tokens",
    async () => {
      const run = { seed: 1, seeds, tokenRules, stopAtFirst: true };
      const { broken, histories, runs, calls } = await runOnThreads(run, threads);
      expect(told(broken)).toEqual([]);
      expect(histories).toBe(seeds * tokenRules.length);
      // What Connect has begun is never dialled again, so that no history depends on for how long it knows a token.
      expect(runs).toBe(seeds);
      expect(calls).toBeGreaterThan(seeds);
    },
    patient,
  );
});

/** From where on it is found soon; from 1 on, each is found within 100,000. */
const nearby: Record<SabotageName, number> = {
  "no-owner-fence": 59_001,
  "dial-retried": 1,
  "claim-deleted": 1,
  "lease-forgotten": 1_001,
  "deleted-first": 1,
};

describe("the simulation bites", () => {
  it.each(Object.keys(sabotages) as SabotageName[])(
    "%s is found",
    async (sabotage) => {
      const run = {
        seed: nearby[sabotage],
        seeds: 100_000,
        tokenRules: ["none"],
        sabotage,
        stopAtFirst: true,
      } as const;
      const { broken } = await runOnThreads(run, 1);
      expect(broken[0]?.broken.map(({ invariant }) => invariant)).toEqual(
        expect.arrayContaining([foundBy[sabotage]]),
      );
    },
    patient,
  );
});

const foundBy: Record<SabotageName, string> = {
  "no-owner-fence": "one-dial",
  "dial-retried": "one-dial",
  "claim-deleted": "one-dial",
  "lease-forgotten": "active-calls",
  "deleted-first": "told",
};
