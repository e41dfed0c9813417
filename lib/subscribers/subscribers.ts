import type { Subscriber } from "./subscriber.ts";

/** The table `subscribers`. `now` and `until` are epoch milliseconds. */
export interface Subscribers {
  all(): Promise<Subscriber[]>;
  /** Leaves out those that are not there. */
  look(subscriberIds: string[]): Promise<Map<string, Subscriber>>;
  /** @returns false when the id is taken */
  add(subscriber: Subscriber): Promise<boolean>;
  /** @returns false when there was none */
  remove(subscriberId: string): Promise<boolean>;
  /** Forgets the failures. @returns false when it was not disabled */
  enable(subscriberId: string, now: number): Promise<boolean>;
  /** @returns false when it was not enabled */
  disable(subscriberId: string, reason: string, now: number): Promise<boolean>;
  /** An attempt succeeded: the failures are forgotten and the circuit is closed. */
  succeeded(subscriberId: string): Promise<void>;
  /** An attempt failed. @returns the subscriber with this failure counted, undefined when it was removed */
  failed(subscriberId: string, why: string, now: number): Promise<Subscriber | undefined>;
  /** Opens the circuit, or takes the probe: only one of those who have seen the same can. */
  hold(seen: Subscriber, until: number): Promise<boolean>;
}
