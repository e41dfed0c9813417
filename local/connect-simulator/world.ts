import type { AgentLife } from "./centre/agent-life.ts";
import type { CallLife } from "./centre/call-life.ts";
import type { SimulatedClock } from "./centre/clock.ts";
import type { ContactStore } from "./centre/contact-store.ts";
import type { InboundLoad } from "./centre/inbound-load.ts";
import type { Deviations } from "./config/deviations.ts";
import type { Instance } from "./instance/instance.ts";
import type { Journal } from "./journal.ts";
import type { Snapshots } from "./metrics/snapshots.ts";

/** All that an operation can touch. */
export type World = {
  readonly region: string;
  readonly accountId: string;
  readonly deviations: Deviations;
  /** Calls, agents and metrics live on it. */
  readonly clock: SimulatedClock;
  /** Real milliseconds since the epoch: for what belongs to the API, such as tokens and credentials. */
  readonly realNow: () => number;
  /** By id. */
  readonly instances: ReadonlyMap<string, Instance>;
  readonly contacts: ContactStore;
  readonly calls: CallLife;
  /** Is told of users whose routing profile changes, and of those who are deleted. */
  readonly agents: AgentLife;
  readonly load: InboundLoad;
  /** The metric answers that are being paged through. */
  readonly snapshots: Snapshots;
  readonly journal: Journal;
  /** Agents sign in, what was under way goes on, and contacts arrive from `catchUpTo` (simulated milliseconds) on. */
  begin(catchUpTo: number): void;
  /** Nothing more happens in this world. */
  end(): void;
};
