import type { Turn, UserOperation } from "../connect/users.ts";
import type { RateLimit } from "../pacing/rate.ts";

/** Ends the work on one command wherever it is: its message comes round. */
export class NotNow extends Error {
  override readonly name = "NotNow";
}

/** What one request may take, and what is to be done when it failed. */
const requestMs = 8_000;

interface TurnSteps {
  rate(operation: UserOperation): RateLimit;
  patience: { waitMs: number };
  now(): number;
  until(at: number): Promise<void>;
}

/** Each operation has a rate of its own, which all workers share. */
export const turnOf =
  ({ rate, patience, now, until }: TurnSteps, mustEndBy: number): Turn =>
  async (operation) => {
    const horizonMs = Math.min(patience.waitMs, mustEndBy - now() - requestMs);
    const [at] = horizonMs < 0 ? [] : await rate(operation).take(1, horizonMs);
    if (at === undefined) {
      // A worker that has nothing to wait for would only send the message round.
      await until(Math.min(now() + 1_000, mustEndBy - requestMs / 2));
      throw new NotNow(`rate of ${operation}`);
    }
    await until(at);
  };
