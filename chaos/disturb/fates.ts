import { between, type Draw } from "../plan/draw.ts";
import type { Asked, Fate } from "./disturbing-proxy.ts";

/** Of every request while there is trouble. */
const odds = { cutBefore: 0.004, cutAfter: 0.004, slow: 0.02, late: 0.003 } as const;
/** Longer than any timeout of the service for one request. */
const lateMs = [5_500, 7_500] as const;
const slowMs = [50, 1_500] as const;

export type Counts = Record<"cut before" | "cut after" | "slow" | "late" | "outage" | "stalled", number>;

/** Decides what becomes of the requests to one service. */
export class Fates {
  readonly counts: Counts = { "cut before": 0, "cut after": 0, slow: 0, late: 0, outage: 0, stalled: 0 };
  private readonly draw: Draw;
  private readonly now: () => number;
  private troubled = false;
  private outageUntil = 0;
  private stallUntil = 0;

  constructor(draw: Draw, now: () => number) {
    this.draw = draw;
    this.now = now;
  }

  begin(): void {
    this.troubled = true;
  }

  /** From now on every request passes. */
  end(): void {
    this.troubled = false;
  }

  outage(forMs: number): void {
    this.outageUntil = this.now() + forMs;
  }

  stall(forMs: number): void {
    this.stallUntil = this.now() + forMs;
  }

  of({ operation }: Asked): Fate {
    if (!this.troubled) return {};
    const now = this.now();
    if (now < this.outageUntil) return this.counted("outage", { cut: "before" });
    // What Connect carries out after its caller has asked anew would stand over newer values: docs/attribute-updates.md.
    const late = operation !== "UpdateContactAttributes";
    if (now < this.stallUntil) return this.counted("stalled", { holdMs: this.stallUntil - now, late });
    const drawn = this.draw.fraction();
    let below: number = odds.cutBefore;
    if (drawn < below) return this.counted("cut before", { cut: "before" });
    below += odds.cutAfter;
    if (drawn < below) return this.counted("cut after", { cut: "after" });
    below += odds.slow;
    if (drawn < below) return this.counted("slow", { holdMs: between(this.draw, ...slowMs), late });
    below += odds.late;
    if (drawn < below) return this.counted("late", { holdMs: between(this.draw, ...lateMs), late });
    return {};
  }

  private counted(what: keyof Counts, fate: Fate): Fate {
    this.counts[what] += 1;
    return fate;
  }
}
