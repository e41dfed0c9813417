import type { Patience } from "../../contacts/patience.ts";
import type { Pace } from "../../pacing/pacer.ts";
import { callBudgetMs } from "../timeouts.ts";
import { ofDefaults } from "./intake.ts";
import { days, filled, number, seconds } from "./kinds.ts";
import type { Settings } from "./settings.ts";

const ofPace = {
  CONNECT_RATE_PER_SECOND: number("2", 0.01),
  CONNECT_BURST: number("5", 1),
  CONNECT_ACTIVE_CALLS: number("10", 1),
};

const ofPatience = {
  SLOT_WAIT_SECONDS: seconds("12", 0),
  UNKNOWN_DEADLINE_SECONDS: seconds("600", 1),
  CALL_CHECK_SECONDS: seconds("600", 1),
  // Longer than a message can live in a queue and then in its dead-letter queue.
  RECORD_RETENTION_DAYS: days("90", 30),
};

/** What all functions take alike that change the records of call requests. */
const shared = {
  CONNECT_INSTANCE_ID: filled,
  CONTACTS_TABLE: filled,
  PACER_TABLE: filled,
  CONTACT_NOTICES_TOPIC_ARN: filled,
  STOP_REQUESTS_QUEUE_URL: filled,
  ATTRIBUTE_UPDATES_QUEUE_URL: filled,
  ...ofPace,
  ...ofPatience,
};

const ofStopRate = {
  CONNECT_STOP_RATE_PER_SECOND: number("10", 0.01),
  CONNECT_STOP_BURST: number("15", 1),
};

const ofUpdateRate = {
  CONNECT_UPDATE_RATE_PER_SECOND: number("10", 0.01),
  CONNECT_UPDATE_BURST: number("15", 1),
};

export const ofStartContact = { ...shared, ...ofDefaults, CALL_REQUESTS_DLQ_URL: filled };
export const ofStopContact = { ...shared, ...ofStopRate, STOP_REQUESTS_DLQ_URL: filled };
export const ofUpdateAttributes = { ...shared, ...ofUpdateRate, ATTRIBUTE_UPDATES_DLQ_URL: filled };
export const ofTrackContact = shared;
export const ofReleaseDue = { ...shared, CALL_REQUESTS_QUEUE_URL: filled };

export type SharedSettings = Settings<typeof shared>;
export type StopRateSettings = Settings<typeof ofStopRate>;
export type UpdateRateSettings = Settings<typeof ofUpdateRate>;

export function paceOf(from: Settings<typeof ofPace>): Pace {
  return {
    ratePerSecond: from.CONNECT_RATE_PER_SECOND,
    burst: from.CONNECT_BURST,
    activeCalls: from.CONNECT_ACTIVE_CALLS,
  };
}

export function patienceOf(from: Settings<typeof ofPatience>): Patience {
  return {
    waitMs: from.SLOT_WAIT_SECONDS,
    callMs: callBudgetMs,
    leaseMarginMs: 2_000,
    unknownMs: from.UNKNOWN_DEADLINE_SECONDS,
    callCheckMs: from.CALL_CHECK_SECONDS,
    earlyMs: 1_000,
    keepMs: from.RECORD_RETENTION_DAYS,
  };
}
