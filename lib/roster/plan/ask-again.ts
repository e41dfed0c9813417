import { type Turn, UserError, type UserOperation } from "../../connect/users.ts";
import type { RateLimit } from "../../pacing/rate.ts";

export interface PaceSteps {
  /** Of one operation; the workers of the service take from the same. */
  rate(operation: UserOperation): RateLimit;
  now(): number;
  /** Resolves at that instant, at once when it has passed. */
  until(at: number): Promise<void>;
}

const horizonMs = 30_000;
const mostTries = 6;

/** Nobody waits for whoever asks, so a moment may be as late as it likes. */
export const steadyTurn =
  ({ rate, now, until }: PaceSteps): Turn =>
  async (operation) => {
    for (;;) {
      const [at] = await rate(operation).take(1, horizonMs);
      if (at !== undefined) return until(at);
      await until(now() + 1_000);
    }
  };

/** Reading may be repeated: as often as Connect says that it is too much, and some times when it gives no clear answer. */
export async function askAgain<Answer>(ask: () => Promise<Answer>, steps: PaceSteps): Promise<Answer> {
  for (let unclear = 0; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.kind === "rate") await steps.rate(error.operation).pushBack();
      else if (error.kind === "unclear" && unclear < mostTries) {
        unclear += 1;
        await steps.until(steps.now() + 250 * 2 ** unclear);
      } else throw error;
    }
  }
}
