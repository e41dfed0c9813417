import { leadOf, momentsAfter, mostWithin, pauseOf, type Rate, spacingOf } from "../../lib/pacing/rate.ts";

/** The shared limit of one operation, by the arithmetic of the one in DynamoDB, without the table. */
export class RateItem {
  private tat = 0;
  private readonly rate: Rate;
  private readonly now: () => number;

  constructor(rate: Rate, now: () => number) {
    this.rate = rate;
    this.now = now;
  }

  take(wanted: number, horizonMs: number): number[] {
    const count = Math.min(wanted, mostWithin(horizonMs, this.rate));
    if (count === 0) return [];
    const now = this.now();
    const latest = now + horizonMs + leadOf(this.rate) - (count - 1) * spacingOf(this.rate);
    if (this.tat >= now && this.tat > latest) return [];
    const from = Math.max(this.tat, now);
    this.tat = from + count * spacingOf(this.rate);
    return momentsAfter(from, count, this.rate, now);
  }

  pushBack(): void {
    this.tat = Math.max(this.tat, this.now() + pauseOf(this.rate) + leadOf(this.rate));
  }
}
