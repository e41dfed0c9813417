import { iso } from "./instant.ts";
import { stepAt, stepOf } from "./metric-row.ts";
import type { Progress, Rhythm } from "./progress.ts";

/** Whether some of the time from `from` up to `to` was before history, or is a gap for good. */
export const lostWithin = ({ since, gaps }: Progress, from: number, to: number): boolean =>
  from < Date.parse(since) || gaps.some((gap) => Date.parse(gap.from) < to && from < Date.parse(gap.to));

/** A second source reads once more what the first one, `history`, has lost since, for it was read without that. */
export function withLosses(progress: Progress, { gaps }: Progress, { resolution }: Rhythm): Progress {
  const readUntil = Date.parse(progress.readUntil);
  const seenUntil = Date.parse(progress.gapsSeenUntil ?? iso(0));
  const step = stepOf[resolution];
  const lost = gaps.flatMap((gap): string[] => {
    const [from, to] = [Math.max(seenUntil, Date.parse(gap.from)), Math.min(readUntil, Date.parse(gap.to))];
    const first = stepAt(resolution, from);
    const count = from < to ? Math.ceil((to - first) / step) : 0;
    return Array.from({ length: count }, (_, index) => iso(first + index * step));
  });
  return {
    ...progress,
    amendable: [...new Set([...progress.amendable, ...lost])].toSorted(),
    ...(gaps.length > 0 && { gapsSeenUntil: gaps.at(-1)?.to }),
  };
}
