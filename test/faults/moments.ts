import type { Side } from "../support/faults/side.ts";
import type { Held } from "../support/holding-proxy.ts";
import type { Stage } from "./scenario.ts";

/** The next write of that kind is held, and whoever makes it waits there. */
export function held({ lab, side }: Stage, write: keyof Side["writes"], what: "request" | "reply") {
  const { operation, text } = side.writes[write];
  return lab.database.hold(operation, what, text);
}

/** Delivers until something is held, and kills the worker there. */
export async function killedThere({ side }: Stage, held: Promise<Held>): Promise<void> {
  const delivery = side.deliver();
  await held;
  side.kill();
  await delivery;
}

export function losing({ lab, side }: Stage, write: keyof Side["writes"]): void {
  const { operation, text } = side.writes[write];
  lab.database.lose(operation, text);
}
