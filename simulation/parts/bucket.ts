/** A token bucket on the true clock, as Connect meters its operations. */
export class Bucket {
  private tokens: number;
  private asOf = 0;
  private readonly perSecond: number;
  private readonly size: number;

  constructor(perSecond: number, size: number) {
    this.perSecond = perSecond;
    this.size = size;
    this.tokens = size;
  }

  /** @returns whether there was one left */
  take(now: number): boolean {
    this.tokens = Math.min(this.size, this.tokens + ((now - this.asOf) * this.perSecond) / 1000);
    this.asOf = now;
    if (this.tokens < 1 - 1e-6) return false;
    this.tokens -= 1;
    return true;
  }
}
