import type { Grant, Pace, Pacer, PacerState } from "../../lib/pacing/pacer.ts";
import { PacerItem } from "../../simulation/parts/pacer-item.ts";

/** Stands in for the pacer in DynamoDB, and is the one of the simulation. */
export class PacerInMemory implements Pacer {
  private readonly item: PacerItem;

  constructor(pace: Pace, now: () => number) {
    this.item = new PacerItem(pace, now);
  }

  get state(): PacerState {
    return this.item.state;
  }

  async take(leases: string[], horizonMs: number): Promise<Grant> {
    return this.item.take(leases, horizonMs);
  }

  async release(leases: { lease: string; heldMs?: number }[]): Promise<void> {
    this.item.release(leases);
  }

  async pushBack(because: "rate" | "active-calls"): Promise<void> {
    this.item.pushBack(because);
  }

  async leasesTakenBefore(at: number): Promise<string[]> {
    return this.item.leasesTakenBefore(at);
  }
}
