import type { Lab } from "../support/faults/lab.ts";
import type { Variant } from "../support/faults/recipe-functions.ts";
import type { Outcome, Side } from "../support/faults/side.ts";

/** Where a fault happens: the same script for both sides. */
export interface Stage {
  lab: Lab;
  side: Side;
  /** A call request of this fault, always the same one unless `fields` says otherwise. The line is busy: a call is over in seconds. */
  request(fields?: object): Record<string, unknown>;
  /** A fault of Connect's, in the Connect that this side calls. */
  connect: Lab["connect"]["forgets"];
}

export interface Scenario {
  id: string;
  fault: string;
  /** How the recipe is written that meets it: as carefully as can be, unless said otherwise. */
  recipe?: Variant;
  /** Whether the recipe hears Connect's events as well. */
  listens?: boolean;
  /** What keeps it from the recipe, where a setting or another way of writing does. */
  avoidable?: string;
  /** Of the recipe's function, where it is cut off: real ones. */
  timeoutSeconds?: number;
  happen(stage: Stage): Promise<void>;
  /** What is right; one call, nothing lost and nothing open where it is not said. */
  isRight?(outcome: Outcome): boolean;
  /** Deliveries that nobody can do without. */
  mayHandBack?: number;
}

/** Seconds after which a message that was received, and not deleted, is seen again; the lease of its worker is over long before. */
export const visibility = 181;
export const hour = 3_600;
export const day = 86_400;

export async function pass({ lab, side }: Pick<Stage, "lab" | "side">, seconds: number): Promise<void> {
  await lab.advance(seconds);
  await side.deliver();
}

export const oneCall = ({ calls, deadLettered }: Outcome): boolean => calls === 1 && deadLettered === 0;

/** The call, or word that it is for somebody to decide. */
export const oneCallOrParked = (outcome: Outcome): boolean =>
  oneCall(outcome) || (outcome.calls === 0 && outcome.told.includes("parked"));
