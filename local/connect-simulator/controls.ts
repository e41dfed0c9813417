import type { Book } from "./centre/books.ts";
import type { ContactView } from "./centre/contact.ts";
import type { EventSettings } from "./centre/delivery.ts";
import type { ClockChange } from "./control-api.ts";
import type { AgentView, Arrival, InstanceView } from "./views.ts";
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
  /** The instances with all that belongs to them, by name and id. */
  instances(): InstanceView[];
  /** Those who have ever signed in. */
  agents(): AgentView[];
  /** Sets an agent's status as the agent would; signs a user in who never was. Throws a WireError. */
  agent(change: { username: string; status: string; instanceId?: string | undefined }): AgentView;
  /** Lets a contact arrive; its id, or null when it was turned away. Throws a WireError. */
  arrive(arrival: Arrival): string | null;
  /** What the historical metrics are made of: by queue, channel and interval of five minutes. */
  books(): Book[];
  reset(): void;
};
