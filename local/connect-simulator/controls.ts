import type { ContactView } from "./centre/contact.ts";
import type { EventSettings } from "./centre/delivery.ts";
import type { ClockChange } from "./control-api.ts";
import type { Fault } from "./wire/faults.ts";
import type { RequestView } from "./wire/request-log.ts";

/** `now`: simulated time, ISO 8601; `speed`: simulated seconds in a real one. */
export type ClockReading = { now: string; speed: number };

export type Controls = {
  contacts(): ContactView[];
  requests(): RequestView[];
  pendingFaults(): readonly Fault[];
  faults(fault: Fault): void;
  events(settings: EventSettings): void;
  clockReading(): ClockReading;
  /** Resolves once what then was due has been handed over, or has been given up. */
  clock(change: ClockChange): Promise<ClockReading>;
  reset(): void;
};
