import {
  emptyPacer,
  type Grant,
  type Pace,
  type Pacer,
  type PacerState,
  plan,
  pushBackMs,
  toleranceOf,
} from "../../lib/pacing/pacer.ts";

/** The pacer's own plan, without the table. */
export class PacerInMemory implements Pacer {
  state: PacerState = { ...emptyPacer, leases: {} };
  private readonly pace: Pace;
  private readonly now: () => number;

  constructor(pace: Pace, now: () => number) {
    this.pace = pace;
    this.now = now;
  }

  async take(leases: string[], horizonMs: number): Promise<Grant> {
    const { grant, next } = plan(this.state, leases, this.pace, this.now(), horizonMs);
    this.state = next;
    return grant;
  }

  async release(leases: { lease: string; heldMs?: number }[]): Promise<void> {
    for (const { lease, heldMs } of leases) {
      delete this.state.leases[lease];
      if (heldMs === undefined) continue;
      this.state.heldMs += heldMs;
      this.state.ended += 1;
    }
  }

  async pushBack(because: "rate" | "active-calls"): Promise<void> {
    const until = this.now() + pushBackMs(because, this.pace);
    this.state.tat = Math.max(this.state.tat, until + toleranceOf(this.pace));
  }

  async leasesTakenBefore(at: number): Promise<string[]> {
    return Object.keys(this.state.leases).filter((lease) => (this.state.leases[lease] ?? at) < at);
  }
}
