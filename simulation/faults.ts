import type { Random } from "./random.ts";

/**
 * What may happen to one request that a worker sends. `lost`: no effect, an error. `reply-lost`: the effect, an error.
 * `repeated`: the effect, and the SDK sends it again, which succeeds. `late-copy`: an error, or success with a second copy, and the
 * copy arrives seconds later. `slow`: the effect, and its answer much later. `dies-before`, `dies-after`: so does the worker.
 */
export const fates = [
  "lost",
  "reply-lost",
  "repeated",
  "late-copy",
  "slow",
  "dies-before",
  "dies-after",
] as const;
export type Fate = (typeof fates)[number];

/** How hostile one history is. Each kind of fault is there or not, so that each is seen with few others, and with many. */
export interface Hostility {
  /** Probability, for each request of a worker, that something befalls it. */
  ofRequest: number;
  fates: Fate[];
  /** Probabilities. */
  duplicateDelivery: number;
  deleteLost: number;
  eventLost: number;
  eventDoubled: number;
  eventLate: number;
  throttled: number;
  refused: number;
  notAuthorised: number;
  indexLags: number;
  /** Milliseconds to either side. */
  skewMs: number;
  /** DynamoDB refuses everything meanwhile; milliseconds from the start. */
  outage: { from: number; to: number } | undefined;
  /** Whether there is a stream of contact records. */
  stream: boolean;
  /** Milliseconds after the end of all faults, until what is in a dead-letter queue is sent back. */
  redriveAfterMs: number;
}

const none: Hostility = {
  ofRequest: 0,
  fates: [],
  duplicateDelivery: 0,
  deleteLost: 0,
  eventLost: 0,
  eventDoubled: 0,
  eventLate: 0,
  throttled: 0,
  refused: 0,
  notAuthorised: 0,
  indexLags: 0,
  skewMs: 0,
  outage: undefined,
  stream: false,
  redriveAfterMs: 0,
};

/** The share of histories in which nothing goes wrong: there, everything must be as promised to the letter. */
const undisturbed = 0.1;

/** The share in which writes come late and twice while Connect throttles: what fences are for is rare otherwise. */
const sluggish = 0.1;

export function hostilityOf(random: Random): Hostility {
  const draw = random.next();
  if (draw < undisturbed) return none;
  if (draw < undisturbed + sluggish)
    return {
      ...none,
      ofRequest: random.pick([0.1, 0.3]),
      fates: ["late-copy", "late-copy", "slow", "repeated"],
      throttled: 0.4,
      skewMs: 500,
      redriveAfterMs: random.between(60_000, 600_000),
    };
  const often = (most: number): number => (random.chance(0.5) ? 0 : most * random.pick([0.1, 0.4, 1]));
  const isThere = fates.filter(() => random.chance(0.5));
  const outage = random.chance(0.1) ? random.between(0, 300_000) : undefined;
  return {
    ofRequest: isThere.length === 0 ? 0 : random.pick([0.01, 0.04, 0.15]),
    fates: isThere,
    duplicateDelivery: often(0.2),
    deleteLost: often(0.2),
    eventLost: often(0.6),
    eventDoubled: often(0.25),
    eventLate: often(0.5),
    throttled: often(0.3),
    refused: often(0.1),
    notAuthorised: often(0.05),
    indexLags: often(0.3),
    skewMs: random.chance(0.5) ? 500 : 0,
    outage: outage === undefined ? undefined : { from: outage, to: outage + random.between(1_000, 90_000) },
    stream: random.chance(0.25),
    redriveAfterMs: random.chance(0.5) ? random.between(60_000, 600_000) : random.between(1, 13) * 86_400_000,
  };
}
