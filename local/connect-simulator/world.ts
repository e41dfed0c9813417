import type { CallLife } from "./centre/call-life.ts";
import type { SimulatedClock } from "./centre/clock.ts";
import type { ContactStore } from "./centre/contact-store.ts";
import type { Place } from "./centre/place.ts";

/** What happens to a ClientToken once its call has ended; AWS does not say. */
export type TokenAfterDisconnect = "new-contact" | "same-contact";

/** All that an operation can touch. */
export type World = {
  place: Place;
  contactFlowIds: ReadonlySet<string>;
  queueIds: readonly [string, ...string[]];
  phoneNumbers: readonly [string, ...string[]];
  activeCalls: number;
  tokenAfterDisconnect: TokenAfterDisconnect;
  clock: SimulatedClock;
  contacts: ContactStore;
  calls: CallLife;
};
