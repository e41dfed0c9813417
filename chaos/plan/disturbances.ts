import type { EventSettings, Fault } from "../../local/connect-simulator/simulator.ts";
import { between, type Draw, whole } from "./draw.ts";
import type { Extent } from "./plan.ts";

export const services = ["CONNECT", "DYNAMODB", "SNS", "SQS"] as const;
export type Service = (typeof services)[number];

/** `at`: milliseconds since the beginning of the run; `forMs`: for so long every request is cut off, or waits. */
export type Disturbance = { at: number } & (
  | { kind: "outage" | "stall"; service: Service; forMs: number }
  | { kind: "fault"; fault: Fault }
  | { kind: "events"; settings: EventSettings }
);

/** Seconds between two of a kind, on average. */
const every = { outage: 30, stall: 20, fault: 2, events: 20 } as const;

export function disturbancesOf({ minutes, brief }: Extent, draw: Draw): Disturbance[] {
  const lengthMs = minutes * 60_000;
  const some = (kind: keyof typeof every, make: () => Disturbance): Disturbance[] =>
    Array.from({ length: Math.ceil(lengthMs / 1000 / every[kind]) }, make);
  const at = () => between(draw, 0, lengthMs);
  const longest = brief ? 1_000 : 3_500;
  return [
    ...some("outage", () => ({
      at: at(),
      kind: "outage",
      service: draw.oneOf(services),
      forMs: between(draw, 200, 1_000),
    })),
    ...some("stall", () => ({
      at: at(),
      kind: "stall",
      service: draw.oneOf(services),
      forMs: between(draw, 300, longest),
    })),
    ...some("fault", () => ({ at: at(), kind: "fault", fault: faultOf(draw) })),
    { at: 0, kind: "events", settings: eventsOf(draw) },
    ...some("events", () => ({ at: at(), kind: "events", settings: eventsOf(draw) })),
  ];
}

function faultOf(draw: Draw): Fault {
  const asked = ["DescribeContact", "StopContact", "UpdateContactAttributes"] as const;
  const operation = draw.chance(0.6) ? "StartOutboundVoiceContact" : draw.oneOf(asked);
  const count = whole(draw, 1, 3);
  return draw.oneOf<Fault>([
    { operation, kind: "refuse", status: 429, error: "TooManyRequestsException", count },
    { operation, kind: "refuse", status: 429, error: "ThrottlingException", count },
    { operation, kind: "refuse", status: 500, error: "InternalServiceException", count },
    { operation, kind: "refuse", status: 503, error: "ServiceUnavailableException", count },
    { operation, kind: "reply-lost", count },
    { operation, kind: "reset", count },
    { operation, kind: "delay", delayMs: between(draw, 200, 6_500), count },
  ]);
}

function eventsOf(draw: Draw): EventSettings {
  const upTo = (most: number) => (draw.chance(0.5) ? 0 : draw.fraction() * most);
  return {
    lose: upTo(0.15),
    duplicate: upTo(0.3),
    shuffle: upTo(0.5),
    maxDelayMs: upTo(40_000),
    withoutReason: upTo(0.3),
    odd: upTo(0.3),
    loseRecords: upTo(0.3),
    duplicateRecords: upTo(0.3),
    seed: whole(draw, 0, 2 ** 31),
  };
}
