import {
  emptyPacer,
  type Grant,
  type Pace,
  type PacerState,
  plan,
  pushBackMs,
  toleranceOf,
} from "../../lib/pacing/pacer.ts";

/** The pacer's own plan, without the table: each method is one request as it is carried out. */
export class PacerItem {
  state: PacerState = { ...emptyPacer, leases: {} };
  private readonly pace: Pace;
  private readonly now: () => number;

  constructor(pace: Pace, now: () => number) {
    this.pace = pace;
    this.now = now;
  }

  take(leases: string[], horizonMs: number): Grant {
    const { grant, next } = plan(this.state, leases, this.pace, this.now(), horizonMs);
    this.state = next;
    return grant;
  }

  release(leases: { lease: string; heldMs?: number }[]): void {
    for (const { lease, heldMs } of leases) {
      delete this.state.leases[lease];
      if (heldMs === undefined) continue;
      this.state.heldMs += heldMs;
      this.state.ended += 1;
    }
  }

  pushBack(because: "rate" | "active-calls"): void {
    const until = this.now() + pushBackMs(because, this.pace);
    this.state.tat = Math.max(this.state.tat, until + toleranceOf(this.pace));
  }

  leasesTakenBefore(at: number): string[] {
    return Object.keys(this.state.leases).filter((lease) => (this.state.leases[lease] ?? at) < at);
  }
}
