import type { PostAnswer } from "./poster.ts";
import type { RetrySchedule } from "./retry-schedule.ts";
import type { Subscriber } from "./subscriber.ts";

/** So many attempts in a row must fail before a subscriber's deliveries are held back. */
export const failuresToOpen = 5;
/** A subscriber is switched off when so many have failed in a row, and for as long as one delivery is tried. */
export const failuresToDisable = 20;
const longestHoldMs = 900_000;

/**
 * - `closed`: deliveries are tried.
 * - `open`: none is tried.
 * - `probe`: it is time to try one, by whoever takes the probe.
 */
export type Circuit = "closed" | "open" | "probe";

export function circuitOf({ heldUntil }: Subscriber, now: number): Circuit {
  if (heldUntil === undefined) return "closed";
  return now < Date.parse(heldUntil) ? "open" : "probe";
}

/** Not by 429: whoever says so is well, and takes what it can; what it has not taken waits by itself. */
export function opensCircuit({ failures, heldUntil }: Subscriber, answer: PostAnswer): boolean {
  const isBusy = answer.kind === "answered" && answer.status === 429;
  return failures >= failuresToOpen && heldUntil === undefined && !isBusy;
}

/** Milliseconds until the next probe: for as long again as it has failed so far, up to a quarter of an hour. */
export function holdMs({ failingSince }: Subscriber, now: number, { firstMs }: RetrySchedule): number {
  const failingMs = failingSince === undefined ? 0 : now - Date.parse(failingSince);
  return Math.min(longestHoldMs, Math.max(4 * firstMs, failingMs));
}

export function isHopeless({ failures, failingSince }: Subscriber, now: number, forMs: number): boolean {
  return (
    failures >= failuresToDisable && failingSince !== undefined && now - Date.parse(failingSince) >= forMs
  );
}
