import type { ConnectSimulatorOptions } from "../local/connect-simulator/simulator.ts";
import type { Extent } from "./plan/plan.ts";

/** What the service is told that Connect allows. */
export interface Pace {
  ratePerSecond: number;
  burst: number;
  activeCalls: number;
}

/** The functions that take part. The others have no share in what is promised about calls. */
export const functionNames = [
  "start-contact",
  "stop-contact",
  "update-attributes",
  "track-contact",
  "release-due",
] as const;
export type FunctionName = (typeof functionNames)[number];

/** As serverless.yml has them. */
export const requestRates = {
  StopContact: { ratePerSecond: 10, burst: 15 },
  UpdateContactAttributes: { ratePerSecond: 10, burst: 15 },
} as const;

/** Of these the workers are killed. A claim whose worker was killed takes half a minute to lapse. */
export const killableIn = ({ brief }: Extent): readonly FunctionName[] =>
  brief ? functionNames.filter((name) => name !== "start-contact") : functionNames;

/** Seconds. Longer than any worker takes, the loading of a new one included; five times of it outlast a claim. */
export const visibilityTimeoutOf = ({ brief }: Extent): number => (brief ? 8 : 60);

/** A queue that no agent serves. */
export const waitingQueueId = "5ca1ab1e-0000-4000-8000-0000000000aa";
const servedQueueId = "5ca1ab1e-0000-4000-8000-000000000002";

/** Simulated seconds in a real one: a call with an agent lasts some six seconds, or two. */
const speedOf = ({ brief }: Extent): number => (brief ? 30 : 10);

/** Real milliseconds: as late as planned, overtaken by others, or a contact record, which is the latest. */
export const longestEventDelayMs = (extent: Extent): number => 120_000 / speedOf(extent);

/** Twice what is needed, so that the pace binds in bursts and all are called in time. */
export function paceOf({ minutes, requests }: Extent): Pace {
  const perSecond = requests / (minutes * 60);
  const ratePerSecond = Math.max(10, Math.ceil(perSecond * 2.4));
  return { ratePerSecond, burst: ratePerSecond, activeCalls: ratePerSecond * 10 };
}

export function environmentOf(extent: Extent): Record<string, string> {
  const { ratePerSecond, burst, activeCalls } = paceOf(extent);
  return {
    // All that can be logged is, so that what must not be is found.
    POWERTOOLS_LOG_LEVEL: "DEBUG",
    CONNECT_RATE_PER_SECOND: String(ratePerSecond),
    CONNECT_BURST: String(burst),
    CONNECT_ACTIVE_CALLS: String(activeCalls),
    UNKNOWN_DEADLINE_SECONDS: extent.brief ? "3" : "15",
    CALL_CHECK_SECONDS: extent.brief ? "4" : "20",
  };
}

/** It takes more than the service may ask for, so that what is too much is seen and not only refused. */
export function simulatorOf(extent: Extent): ConnectSimulatorOptions {
  const { activeCalls } = paceOf(extent);
  const generous = { rate: 10_000, burst: 10_000 };
  return {
    speed: speedOf(extent),
    seed: extent.seed,
    queueIds: [servedQueueId, waitingQueueId],
    activeCalls: activeCalls * 10,
    quotas: {
      StartOutboundVoiceContact: generous,
      StopContact: generous,
      UpdateContactAttributes: generous,
      DescribeContact: generous,
    },
    centre: {
      instances: [
        {
          limits: { users: activeCalls + 1 },
          routingProfiles: [{ name: "Served", queues: [`Queue ${servedQueueId}`] }],
          users: [{ username: "agent", count: activeCalls, routingProfile: "Served" }],
        },
      ],
    },
  };
}
