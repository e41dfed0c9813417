import type { NoticeDelivery } from "./notice-delivery.ts";

/** Milliseconds. */
export interface RetrySchedule {
  /** About so long until the second attempt; doubled for each one after it. */
  firstMs: number;
  longestMs: number;
  /** After that a delivery is given up. */
  forMs: number;
}

/** What a receiver may ask for with Retry-After is kept within what would be waited for anyway. */
export function nextTryAt(
  { tries }: Pick<NoticeDelivery, "tries">,
  now: number,
  schedule: RetrySchedule,
  random: number,
  retryAfterMs = 0,
): number {
  const own = backoffMs(tries, schedule.firstMs, schedule.longestMs);
  // Between half of it and all of it, so that what failed together does not come together again.
  const jittered = own * (0.5 + random / 2);
  return now + Math.round(Math.max(jittered, Math.min(retryAfterMs, schedule.longestMs)));
}

/** @param times counted from 1 */
const backoffMs = (times: number, firstMs: number, longestMs: number): number =>
  Math.min(longestMs, firstMs * 2 ** Math.min(times - 1, 30));

/** Nothing is waited for beyond this instant. */
export const endOf = ({ firstAt }: Pick<NoticeDelivery, "firstAt">, { forMs }: RetrySchedule): number =>
  Date.parse(firstAt) + forMs;

/** The most that SQS holds a message back for; what is due later is sent again at its end. */
const longestDelaySeconds = 900;

export function delaySecondsUntil(at: number, now: number): number {
  return Math.min(longestDelaySeconds, Math.max(0, Math.ceil((at - now) / 1000)));
}
