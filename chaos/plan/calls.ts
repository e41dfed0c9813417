import { waitingQueueId } from "../conditions.ts";
import { between, type Draw, whole } from "./draw.ts";
import type { CallBody, PlannedCall } from "./messages.ts";
import type { Extent } from "./plan.ts";

/** What becomes of a call to them is told in the README of the simulator; 0162 would be tried for ever. */
const endings = ["0150", "0151", "0152", "0153", "0154", "0155", "0156", "0157", "0160", "0161"] as const;

/** Each request once, some of them again, and some again with other content. */
export function callsOf({ seed, requests }: Extent, sendingMs: number, draw: Draw): PlannedCall[] {
  const bursts = Array.from({ length: Math.ceil(requests / 150) }, () => between(draw, 0, sendingMs));
  return Array.from({ length: requests }, (_, index) => {
    const burst = bursts[Math.floor(draw.fraction() * bursts.length)] ?? 0;
    const at = draw.chance(0.3)
      ? Math.min(sendingMs, burst + between(draw, 0, 500))
      : between(draw, 0, sendingMs);
    const body = bodyOf(`c${seed}-${index}`, draw);
    const repeats = draw.chance(0.15) ? whole(draw, 1, 3) : 0;
    const again = () => Math.min(sendingMs, at + between(draw, 0, 20_000));
    return [
      { at, kind: "call" as const, body },
      ...Array.from({ length: repeats }, () => ({ at: again(), kind: "call" as const, body })),
      ...(draw.chance(0.04)
        ? [{ at: again(), kind: "call" as const, body: { ...body, destination: numberOf(draw) } }]
        : []),
    ];
  }).flat();
}

function bodyOf(requestId: string, draw: Draw): CallBody {
  const wrong = draw.chance(0.02);
  const waits = draw.chance(0.05);
  return {
    requestId,
    destination: waits ? "+12065550100" : numberOf(draw),
    attributes: { customer: secret(draw), tier: secret(draw) },
    ...(draw.chance(0.2) && { campaignId: `campaign-${whole(draw, 1, 6)}` }),
    ...(draw.chance(0.3) && {
      retry: {
        attempts: whole(draw, 2, 3),
        after: { busy: "PT1S", "no-answer": "PT2S", "network-problem": "PT0S" },
      },
    }),
    ...(draw.chance(0.1) && { onUnknown: "redial" }),
    ...(draw.chance(0.2) && { name: secret(draw) }),
    // Nobody serves it, so such a call lasts until it is stopped.
    ...(waits && { queueId: waitingQueueId }),
    ...(wrong && { ringTimeoutSeconds: 5 }),
  };
}

export const isWaiting = ({ queueId }: CallBody): boolean => queueId === waitingQueueId;

function numberOf(draw: Draw): string {
  if (draw.chance(0.35)) return `+1206555${draw.oneOf(endings)}`;
  return `+120655501${String(whole(draw, 0, 49)).padStart(2, "0")}`;
}

/** A value that no log may hold, and that is like no other. */
export const secret = (draw: Draw): string => `private-${Math.floor(draw.fraction() * 2 ** 32).toString(36)}`;

/** The first of each request: others repeat it, or contradict it. */
export const firstsOf = (calls: PlannedCall[]): PlannedCall[] => [
  ...new Map(calls.toReversed().map((call) => [call.body.requestId, call])).values(),
];
