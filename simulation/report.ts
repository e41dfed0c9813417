import type { TokenRule } from "./parts/connect.ts";
import type { Broken } from "./promises.ts";
import type { SabotageName } from "./sabotage.ts";

/** What is to be run: seeds from `seed` on, one history each under each of the token rules. */
export interface Run {
  seed: number;
  seeds: number;
  tokenRules: readonly TokenRule[];
  sabotage?: SabotageName | undefined;
  /** No further seed is begun once a history has broken a promise. */
  stopAtFirst: boolean;
}

export interface BrokenHistory {
  seed: number;
  tokenRule: TokenRule;
  broken: Broken[];
}

/** What a number of histories came to. */
export interface Tally {
  histories: number;
  /** A history that is the same under every token rule is run once. All that follows is of the runs. */
  runs: number;
  happenings: number;
  calls: number;
  /** Of simulated time. */
  hours: number;
  /** Of the processor, in this process. */
  cpuSeconds: number;
  /** The first of them, by seed. */
  broken: BrokenHistory[];
  brokenInAll: number;
}

export const mostKept = 20;

export const emptyTally = (): Tally => ({
  histories: 0,
  runs: 0,
  happenings: 0,
  calls: 0,
  hours: 0,
  cpuSeconds: 0,
  broken: [],
  brokenInAll: 0,
});

export function sumOf(one: Tally, other: Tally): Tally {
  return {
    histories: one.histories + other.histories,
    runs: one.runs + other.runs,
    happenings: one.happenings + other.happenings,
    calls: one.calls + other.calls,
    hours: one.hours + other.hours,
    cpuSeconds: one.cpuSeconds + other.cpuSeconds,
    broken: [...one.broken, ...other.broken].toSorted((a, b) => a.seed - b.seed).slice(0, mostKept),
    brokenInAll: one.brokenInAll + other.brokenInAll,
  };
}

export const replayOf = (
  { seed, tokenRule }: Pick<BrokenHistory, "seed" | "tokenRule">,
  sabotage?: string,
): string =>
  `npm run simulate -- --seed ${seed} --token-rule ${tokenRule}${sabotage === undefined ? "" : ` --sabotage ${sabotage}`}`;
