import { firstsOf, isWaiting } from "./calls.ts";
import { between, type Draw, whole } from "./draw.ts";
import type { PlannedCall, PlannedMessage } from "./messages.ts";
import type { Extent } from "./plan.ts";

const reason = "chaos";

/** Every call that would last for ever, some of the others, and two campaigns. */
export function stopsOf(
  extent: Extent,
  calls: PlannedCall[],
  sendingMs: number,
  draw: Draw,
): PlannedMessage[] {
  const stops = firstsOf(calls).flatMap(({ at, body }): PlannedMessage[] => {
    const waits = isWaiting(body);
    if (!waits && !draw.chance(0.08)) return [];
    // Half of them as its call is being dialled, or about to be.
    const after = draw.chance(0.5) ? between(draw, 0, 1_000) : between(draw, -2_000, 8_000);
    const stopAt = Math.max(0, at + after);
    const stop = { stopId: `stop-${body.requestId}`, requestId: body.requestId, reason };
    const byContact = draw.chance(0.4);
    const copies = draw.chance(0.2) ? 2 : 1;
    return Array.from({ length: copies }, () => ({ at: stopAt, kind: "stop", stop, byContact }));
  });
  if (extent.brief) return stops;
  const campaigns = Array.from({ length: 2 }, (_, index): PlannedMessage => {
    const campaignId = `campaign-${whole(draw, 1 + index * 3, 3 + index * 3)}`;
    const stop = { stopId: `stop-${campaignId}`, campaignId, reason };
    return { at: between(draw, 0.2, 0.8) * sendingMs, kind: "stop", stop, byContact: false };
  });
  return [...stops, ...campaigns];
}
