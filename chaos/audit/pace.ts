import { type Pace, requestRates } from "../conditions.ts";
import type { Check, Observed } from "./observed.ts";

/**
 * Milliseconds by which the machine may be late. A dial counts from the moment for which it was claimed, the others from when they
 * were sent, and for an update its record is read in between, which the run may have held up.
 */
const latenessMs = { dial: 1_000, StopContact: 1_000, UpdateContactAttributes: 8_000 } as const;

/** Never faster than the rate with its burst, and never more calls at once than may be. */
export const withinPace: Check = (observed) => {
  const { pace, seen } = observed;
  const dials = seen.dials.map(({ claimedAt, at }) => claimedAt ?? at);
  const others = Object.entries(requestRates).flatMap(([operation, rate]) => {
    const instants = seen.requests.filter((request) => request.operation === operation).map(({ at }) => at);
    return tooFast(operation, instants, rate, latenessMs[operation as keyof typeof requestRates]);
  });
  const most = mostActive(observed);
  const allowed = pace.activeCalls + abandoned(observed);
  return [
    ...tooFast("StartOutboundVoiceContact", dials, pace, latenessMs.dial),
    ...others,
    ...(most > allowed ? [`${most} calls were active at once, of ${allowed}`] : []),
  ];
};

function tooFast(
  operation: string,
  instants: number[],
  { ratePerSecond, burst }: Pick<Pace, "ratePerSecond" | "burst">,
  lateMs: number,
): string[] {
  const most = mostAtOnce(instants, ratePerSecond);
  const allowed = burst + (ratePerSecond * lateMs) / 1000;
  return most > allowed
    ? [`${operation}: ${Math.ceil(most)} at once, where ${Math.floor(allowed)} may be`]
    : [];
}

/** How full a bucket that runs empty at this rate has been at most: what the burst would have had to be. */
export function mostAtOnce(instants: number[], ratePerSecond: number): number {
  let [level, before, most] = [0, 0, 0];
  for (const at of instants.toSorted((one, other) => one - other)) {
    level = Math.max(0, level - ((at - before) / 1000) * ratePerSecond) + 1;
    before = at;
    most = Math.max(most, level);
  }
  return most;
}

/** From initiation to disconnect, as Connect counts. */
export function mostActive({ contacts }: Pick<Observed, "contacts">): number {
  const changes = contacts
    .flatMap(({ initiatedAt, disconnectedAt }) => [
      { at: Date.parse(initiatedAt), by: 1 },
      ...(disconnectedAt === null ? [] : [{ at: Date.parse(disconnectedAt), by: -1 }]),
    ])
    .toSorted((one, other) => one.at - other.at || one.by - other.by);
  let [active, most] = [0, 0];
  for (const { by } of changes) {
    active += by;
    most = Math.max(most, active);
  }
  return most;
}

/** Of an attempt of which nothing was heard in time the lease goes back, whether somebody talks or not. */
const abandoned = ({ notices }: Observed): number =>
  new Set(
    notices
      .filter(({ state }) => state === "parked")
      .map(({ requestId, attempt }) => `${requestId}#${attempt}`),
  ).size;
