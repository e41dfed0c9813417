import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { tokenRules } from "../../simulation/parts/connect.ts";
import { runOnThreads } from "../../simulation/pool.ts";
import { type BrokenHistory, replayOf } from "../../simulation/report.ts";
import { type SabotageName, sabotages } from "../../simulation/sabotage.ts";

const threads = Math.min(2, availableParallelism());
/** Over all token rules. `SIMULATED_HISTORIES` has more of them run, or fewer. */
const histories = Math.ceil(Number(process.env["SIMULATED_HISTORIES"] ?? 200_000) / tokenRules.length);
const patient = 20 * 60_000;

const told = (broken: BrokenHistory[]): string[] =>
  broken.map((history) => `${replayOf(history)}: ${history.broken.map(({ what }) => what).join("; ")}`);

describe("every promise is kept, whatever befalls the service", () => {
  it.each(tokenRules)(
    "where Connect's rule for tokens is %s",
    async (tokenRule) => {
      const run = { seed: 1, histories, tokenRule, stopAtFirst: true };
      const { broken, histories: done, calls } = await runOnThreads(run, threads);
      expect(told(broken)).toEqual([]);
      expect(done).toBe(histories);
      expect(calls).toBeGreaterThan(histories);
    },
    patient,
  );
});

/** From where on it is found soon; from 1 on, each is found within 100,000. */
const nearby: Record<SabotageName, number> = {
  "no-owner-fence": 20_001,
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
        histories: 100_000,
        tokenRule: "none",
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
