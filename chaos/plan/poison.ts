import { between, type Draw } from "./draw.ts";
import type { PlannedMessage } from "./messages.ts";

export const poisoned = ["call-requests", "stop-requests", "attribute-updates"] as const;

/** What no one can read belongs in the dead-letter queues, and nothing else does. */
export function poison(sendingMs: number, draw: Draw): PlannedMessage[] {
  return poisoned.flatMap((queue) =>
    ["not JSON", "{}", "[]"].map((body, index) => ({
      at: between(draw, 0, sendingMs),
      kind: "poison" as const,
      queue,
      body: index === 0 ? `${body} ${queue}` : body,
    })),
  );
}
