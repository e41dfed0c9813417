/** What Connect allows of one of its operations, apart from calls. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** The shared limit of one operation. */
export interface RateLimit {
  /**
   * Moments for so many requests, none of them later than `horizonMs` from now.
   * @returns fewer, or none, where not all fit; those that do not fit are not taken
   */
  take(count: number, horizonMs: number): Promise<number[]>;
  /** Connect said that it is too much: nobody gets a moment for a while. */
  pushBack(): Promise<void>;
}

export const spacingOf = ({ perSecond }: Rate): number => 1000 / perSecond;

/** How far a moment may lie ahead of the steady rate; a part of the burst is kept back for what arrives late. */
export const leadOf = (rate: Rate): number => (rate.burst - 1) * spacingOf(rate) * 0.75;

/** The moments that lie behind `tat` (generic cell rate algorithm, as reservations). Epoch milliseconds. */
export const momentsAfter = (tat: number, count: number, rate: Rate, now: number): number[] =>
  Array.from({ length: count }, (_, index) =>
    Math.max(now, Math.ceil(Math.max(now, tat) + index * spacingOf(rate) - leadOf(rate))),
  );

/** How many moments an idle limit has within the horizon. */
export const mostWithin = (horizonMs: number, rate: Rate): number =>
  horizonMs < 0 ? 0 : Math.floor((horizonMs + leadOf(rate)) / spacingOf(rate)) + 1;

/** Milliseconds without moments after a rejection. */
export const pauseOf = (rate: Rate): number => Math.max(200, 3 * spacingOf(rate));
