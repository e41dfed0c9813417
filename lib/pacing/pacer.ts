/** What one Connect instance allows: StartOutboundVoiceContact's quota and the calls that may be active at once. */
export interface Pace {
  ratePerSecond: number;
  burst: number;
  activeCalls: number;
}

/** All workers' shared knowledge. Instants are epoch milliseconds. */
export interface PacerState {
  /** GCRA's theoretical arrival time: when the bucket will be full again. */
  tat: number;
  /** The last time handed out to somebody who had to come again. */
  line: number;
  /** Leases of active calls and when each was taken. */
  leases: Record<string, number>;
  /** How long the calls lasted that ended lately, and how many these were. */
  heldMs: number;
  ended: number;
}

export interface Slot {
  /** Not to be dialled before. */
  at: number;
  lease: string;
}

export interface Grant {
  slots: Slot[];
  /** For each one that got no slot: when to come again. */
  later: number[];
  boundBy: "rate" | "active-calls";
}

export interface Pacer {
  /** Takes as many slots as fit, at once, none of them later than `horizonMs` from now. One lease at least is asked for. */
  take(leases: string[], horizonMs: number): Promise<Grant>;
  /** Gives leases back, any number of them. `heldMs`, where known, is how long the call lasted. Safe to repeat. */
  release(leases: { lease: string; heldMs?: number }[]): Promise<void>;
  /** Connect said that it is too much: nobody gets a slot for a while. */
  pushBack(because: "rate" | "active-calls"): Promise<void>;
  /** Leases older than that, to be checked. */
  leasesTakenBefore(at: number): Promise<string[]>;
}

export const emptyPacer: PacerState = { tat: 0, line: 0, leases: {}, heldMs: 0, ended: 0 };

/** Too little rather than too much: whoever comes back too early is put in line again, by what calls really last. */
const assumedCallMs = 20_000;
const callsRemembered = 100;

/** Milliseconds between two calls at the steady rate. */
export const intervalOf = (pace: Pace): number => 1000 / pace.ratePerSecond;

/** Part of the burst is kept back: a dial that was slow to arrive must not meet the next one, which was not. */
const jitterMs = 250;

/** How far a slot may lie ahead of the steady rate, which is what the burst allows. */
export function toleranceOf(pace: Pace): number {
  const burst = (pace.burst - 1) * intervalOf(pace);
  return burst - Math.min(jitterMs, burst / 4);
}

/** Milliseconds: until a few calls' worth of the rate has come back, or some calls may have ended. */
export function pushBackMs(because: "rate" | "active-calls", pace: Pace): number {
  return because === "rate" ? Math.max(100, 3 * intervalOf(pace)) : 3_000;
}

/** The slots that lie behind `tat` (generic cell rate algorithm, as reservations rather than as rejections). */
export function slotsAfter(tat: number, leases: string[], pace: Pace, now: number): Slot[] {
  const base = Math.max(now, tat);
  return leases.map((lease, index) => ({
    at: Math.max(now, Math.ceil(base + index * intervalOf(pace) - toleranceOf(pace))),
    lease,
  }));
}

export function plan(
  state: PacerState,
  leases: string[],
  pace: Pace,
  now: number,
  horizonMs: number,
): { grant: Grant; next: PacerState } {
  const base = Math.max(now, state.tat);
  const free = Math.max(0, pace.activeCalls - Object.keys(state.leases).length);
  const inTime = slotsAfter(state.tat, leases, pace, now).filter((slot) => slot.at <= now + horizonMs);
  const slots = inTime.slice(0, free);
  const boundBy = inTime.length > free ? "active-calls" : "rate";

  const spacing =
    boundBy === "rate" ? intervalOf(pace) : Math.max(intervalOf(pace), meanCallMs(state) / pace.activeCalls);
  const tat = slots.length > 0 ? base + slots.length * intervalOf(pace) : state.tat;
  const from = Math.max(state.line, now, tat - toleranceOf(pace));
  const later = leases.slice(slots.length).map((_, index) => Math.ceil(from + (index + 1) * spacing));

  const forget = state.ended > callsRemembered ? 2 : 1;
  return {
    grant: { slots, later, boundBy },
    next: {
      tat,
      line: later.at(-1) ?? state.line,
      leases: { ...state.leases, ...Object.fromEntries(slots.map((slot) => [slot.lease, now])) },
      heldMs: Math.round(state.heldMs / forget),
      ended: Math.round(state.ended / forget),
    },
  };
}

function meanCallMs(state: PacerState): number {
  return state.ended > 0 ? state.heldMs / state.ended : assumedCallMs;
}

/** A lease is named after its attempt, so that it can be checked; the random part keeps two deliveries apart. */
export function leaseOf(attemptId: string, random: string): string {
  return `${attemptId}@${random}`;
}

export function attemptIdOfLease(lease: string): string {
  return lease.slice(0, lease.lastIndexOf("@"));
}
