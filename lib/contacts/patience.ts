/** How long the service waits for what, in milliseconds, from the settings. */
export interface Patience {
  /** The longest that a worker waits for a slot. */
  waitMs: number;
  /** Without that much time left no call is begun: the call's timeouts, its record and its notice fit into it. */
  callMs: number;
  /** How long after the end of its invocation a worker may still be taken to live: clocks differ. */
  leaseMarginMs: number;
  /** After that without evidence, an unknown attempt is parked. */
  unknownMs: number;
  /** After that, a call that was placed is asked after at Connect. */
  callCheckMs: number;
  /** How much before its time a request may be dialled: clocks differ. */
  earlyMs: number;
  /** How long a record is kept after its last expected change. */
  keepMs: number;
}

/** Epoch seconds, as DynamoDB's time to live wants them. */
export function ttlFrom(at: number, patience: Pick<Patience, "keepMs">): number {
  return Math.ceil((at + patience.keepMs) / 1000);
}
