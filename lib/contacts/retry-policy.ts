import type { CallRequest } from "./call-request.ts";
import { durationInMs } from "./duration.ts";
import type { Outcome } from "./outcome.ts";

/**
 * @param at when the attempt ended, epoch milliseconds
 * @returns when the next attempt is due, or undefined when this one was the last
 */
export function nextAttemptAt(
  request: CallRequest | undefined,
  attempt: number,
  outcome: Outcome,
  at: number,
): number | undefined {
  const { retry } = request ?? {};
  if (!retry || attempt >= retry.attempts) return undefined;
  const after = (retry.after as Partial<Record<Outcome, string>>)[outcome];
  const wait = after === undefined ? undefined : durationInMs(after);
  return wait === undefined ? undefined : at + wait;
}
