import { firstsOf, secret } from "./calls.ts";
import { between, type Draw, whole } from "./draw.ts";
import type { PlannedCall, PlannedMessage } from "./messages.ts";

/** Bytes: with it a contact would have more attributes than Connect takes. */
const tooLarge = 33_000;

/** In an order that has nothing to do with their age, before and after the request, and many of them twice. */
export function updatesOf(calls: PlannedCall[], sendingMs: number, draw: Draw): PlannedMessage[] {
  return firstsOf(calls).flatMap(({ at, body: { requestId } }) => {
    if (!draw.chance(0.3)) return [];
    return Array.from({ length: whole(draw, 1, 4) }, (_, index): PlannedMessage[] => {
      const attributes = { [draw.oneOf(["tier", "language", "note"])]: secret(draw) };
      const large = draw.chance(0.005) && { large: "x".repeat(tooLarge) };
      const sendAt = Math.min(sendingMs, Math.max(0, at + between(draw, -1_500, 12_000)));
      const copies = draw.chance(0.15) ? 2 : 1;
      const update = {
        updateId: `u-${requestId}-${index}`,
        requestId,
        attributes: { ...attributes, ...large },
      };
      const agedMs = whole(draw, 0, 30_000);
      const byContact = draw.chance(0.3);
      return Array.from({ length: copies }, () => ({
        at: sendAt,
        kind: "update",
        update,
        agedMs,
        byContact,
      }));
    }).flat();
  });
}
