import * as v from "valibot";
import { iso } from "./instant.ts";
import { type Resolution, stepAt, stepOf } from "./metric-row.ts";

const instant = v.pipe(v.string(), v.isoTimestamp());

/** How far history has been read. Instants are ISO 8601, of intervals their starts. */
export const progressSchema = v.object({
  /** Where history begins. */
  since: instant,
  /** Every interval before this one has been read, or is a gap. */
  readUntil: instant,
  /** Read so early that Connect may have amended them since: each is read once more. Oldest first. */
  amendable: v.array(instant),
  /** Never read, and out of Connect's reach: `from` up to, not including, `to`. Oldest first. */
  gaps: v.array(v.object({ from: instant, to: instant })),
  /** Of a second source: up to where the gaps of the first one have been taken into account. */
  gapsSeenUntil: v.optional(instant),
});

export type Progress = v.InferOutput<typeof progressSchema>;

/** The bookkeeping of one instance's history. */
export interface ProgressBook {
  /** @returns undefined where nothing has been read yet */
  look(): Promise<Progress | undefined>;
  /**
   * For one run alone until `until` (epoch milliseconds): nobody else reads history meanwhile.
   * @returns false while another run has it
   */
  claim(owner: string, until: number): Promise<boolean>;
  /** @returns false when the claim was lost: nothing is written then */
  keep(progress: Progress, owner: string): Promise<boolean>;
  release(owner: string): Promise<void>;
}

export type Task =
  /** `at` is the start of an interval, in epoch milliseconds. */
  { kind: "read"; at: number } | { kind: "read again"; at: number };

/** What holds of the intervals of one resolution, in milliseconds. */
export interface Rhythm {
  resolution: Resolution;
  /** What Connect tells of an interval so long after its end is final. */
  settledMs: number;
  /** So far back Connect tells. */
  reachMs: number;
}

/** Connect refuses what its own clock has not closed yet. */
const closedMs = 5_000;

/** The start of the first interval that lies in the last `reachMs`. */
const earliestWithin = (resolution: Resolution, reachMs: number, now: number): number =>
  stepAt(resolution, now - reachMs + stepOf[resolution] - 1);

/** Of an instance that has just been met: the last `backMs` are read. */
export function beginning({ resolution }: Rhythm, backMs: number, now: number): Progress {
  const since = iso(earliestWithin(resolution, backMs, now));
  return { since, readUntil: since, amendable: [], gaps: [] };
}

/** What has come out of Connect's reach is given up: unread it is a gap, and what was read stays as it was read. */
export function giveUp(progress: Progress, { resolution, reachMs }: Rhythm, now: number): Progress {
  const earliest = iso(earliestWithin(resolution, reachMs, now));
  const amendable = progress.amendable.filter((at) => at >= earliest);
  if (progress.readUntil >= earliest) return { ...progress, amendable };
  const last = progress.gaps.at(-1);
  // A gap grows as long as nothing is read.
  const grows = last?.to === progress.readUntil;
  const gap = { from: grows ? last.from : progress.readUntil, to: earliest };
  const gaps = [...(grows ? progress.gaps.slice(0, -1) : progress.gaps), gap];
  return { ...progress, readUntil: earliest, amendable, gaps };
}

/** How many intervals are gaps. */
export const givenUpIn = ({ gaps }: Progress, { resolution }: Rhythm): number =>
  gaps.reduce((sum, { from, to }) => sum + (Date.parse(to) - Date.parse(from)) / stepOf[resolution], 0);

/** The oldest interval that is to be read, undefined when there is none. */
export function nextTask(
  { readUntil, amendable }: Progress,
  { resolution, settledMs }: Rhythm,
  now: number,
): Task | undefined {
  const step = stepOf[resolution];
  const [again] = amendable.map((at) => Date.parse(at)).filter((at) => now >= at + step + settledMs);
  if (again !== undefined) return { kind: "read again", at: again };
  const next = Date.parse(readUntil);
  return next + step + closedMs <= now ? { kind: "read", at: next } : undefined;
}

/** `readAt`: when Connect was asked, epoch milliseconds. */
export function done(
  progress: Progress,
  { kind, at }: Task,
  { resolution, settledMs }: Rhythm,
  readAt: number,
): Progress {
  const step = stepOf[resolution];
  if (kind === "read again") {
    return { ...progress, amendable: progress.amendable.filter((one) => one !== iso(at)) };
  }
  const early = readAt < at + step + settledMs;
  return {
    ...progress,
    readUntil: iso(at + step),
    amendable: early ? [...progress.amendable, iso(at)] : progress.amendable,
  };
}

/**
 * How many five-minute intervals from `from` up to, not including, `to` have not been read. Connect leaves out queues of which there is
 * nothing to tell, so an interval that was read and has no row was a quiet one.
 */
export function unreadIn({ since, readUntil, gaps }: Progress, from: number, to: number): number {
  const unread = [
    { from, to: Date.parse(since) },
    ...gaps.map((gap) => ({ from: Date.parse(gap.from), to: Date.parse(gap.to) })),
    { from: Date.parse(readUntil), to },
  ];
  const within = unread.map((span) => Math.min(to, span.to) - Math.max(from, span.from));
  return within.reduce((sum, ms) => sum + Math.max(0, ms), 0) / stepOf["5m"];
}
