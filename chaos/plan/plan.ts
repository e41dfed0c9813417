import { callsOf } from "./calls.ts";
import { type Disturbance, disturbancesOf } from "./disturbances.ts";
import { drawsOf } from "./draw.ts";
import type { PlannedMessage } from "./messages.ts";
import { poison } from "./poison.ts";
import { stopsOf } from "./stops.ts";
import { updatesOf } from "./updates.ts";

export interface Extent {
  seed: number;
  /** How long there is trouble; that all comes to rest takes a minute or two more. */
  minutes: number;
  requests: number;
  /** Leaves out what takes a minute to settle: killed dials, stopped campaigns and leases whose worker died. */
  brief: boolean;
}

export interface Plan {
  extent: Extent;
  messages: PlannedMessage[];
  disturbances: Disturbance[];
}

/** The last part of the time has no new messages, but still trouble. */
const shareForSending = 0.85;

/** All that is decided beforehand, in the order of time. The same extent has the same plan. */
export function planOf(extent: Extent): Plan {
  const drawFor = drawsOf(extent.seed);
  const sendingMs = extent.minutes * 60_000 * shareForSending;
  const calls = callsOf(extent, sendingMs, drawFor("calls"));
  const messages = [
    ...calls,
    ...stopsOf(extent, calls, sendingMs, drawFor("stops")),
    ...updatesOf(calls, sendingMs, drawFor("updates")),
    ...poison(sendingMs, drawFor("poison")),
  ];
  const byTime = (one: { at: number }, other: { at: number }) => one.at - other.at;
  return {
    extent,
    messages: messages.sort(byTime),
    disturbances: disturbancesOf(extent, drawFor("disturbances")).sort(byTime),
  };
}
