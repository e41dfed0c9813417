import type { Rate, RateLimit } from "../../lib/pacing/rate.ts";
import { RateItem } from "../../simulation/parts/rate-item.ts";

/** Stands in for the limit in DynamoDB, and is the one of the simulation; passes the contract of the adapter. */
export class RateInMemory implements RateLimit {
  private readonly item: RateItem;

  constructor(rate: Rate, now: () => number) {
    this.item = new RateItem(rate, now);
  }

  async take(wanted: number, horizonMs: number): Promise<number[]> {
    return this.item.take(wanted, horizonMs);
  }

  async pushBack(): Promise<void> {
    this.item.pushBack();
  }
}
