import type { Progress, ProgressBook } from "../../lib/metrics/progress.ts";

/** Stands in for the bookkeeping item; passes the contract suite of the DynamoDB adapter. */
export class ProgressBookInMemory implements ProgressBook {
  progress: Progress | undefined;
  private claimed: { owner: string; until: number } | undefined;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  async look(): Promise<Progress | undefined> {
    return structuredClone(this.progress);
  }

  async claim(owner: string, until: number): Promise<boolean> {
    if (this.claimed && this.claimed.owner !== owner && this.claimed.until >= this.now()) return false;
    this.claimed = { owner, until };
    return true;
  }

  async keep(progress: Progress, owner: string): Promise<boolean> {
    if (this.claimed?.owner !== owner) return false;
    this.progress = structuredClone(progress);
    return true;
  }

  async release(owner: string): Promise<void> {
    if (this.claimed?.owner === owner) this.claimed = undefined;
  }
}
