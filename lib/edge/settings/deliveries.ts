import * as v from "valibot";
import type { DestinationRules } from "../../subscribers/destination.ts";
import type { RetrySchedule } from "../../subscribers/retry-schedule.ts";
import { filled, hours, seconds, yesOrNo } from "./kinds.ts";
import type { Settings } from "./settings.ts";

const ofDestinations = {
  SUBSCRIBER_PORTS: v.pipe(
    v.optional(v.string(), "443,8443"),
    v.transform((text) => text.split(",").map(Number)),
    v.array(v.pipe(v.number("must be a list of ports"), v.integer(), v.minValue(1), v.maxValue(65_535))),
  ),
  SUBSCRIBERS_MAY_BE_LOCAL: yesOrNo,
};

const ofRetries = {
  DELIVERY_FIRST_RETRY_SECONDS: seconds("5", 0.1),
  DELIVERY_HOURS: hours("24", 1),
};

export const ofFanOutNotice = {
  SUBSCRIBERS_TABLE: filled,
  NOTICE_DELIVERIES_QUEUE_URL: filled,
  NOTICES_DLQ_URL: filled,
};

export const ofDeliverNotice = {
  SUBSCRIBERS_TABLE: filled,
  SUBSCRIBER_SECRETS_PATH: filled,
  NOTICE_DELIVERIES_QUEUE_URL: filled,
  NOTICE_DELIVERIES_DLQ_URL: filled,
  SERVICE_VERSION: filled,
  ...ofDestinations,
  ...ofRetries,
};

export function destinationRulesOf(from: Settings<typeof ofDestinations>): DestinationRules {
  return { ports: from.SUBSCRIBER_PORTS, mayBeLocal: from.SUBSCRIBERS_MAY_BE_LOCAL };
}

/** For whoever is no function, and has only these settings. */
export const destinationRulesIn = (env: Record<string, string | undefined>): DestinationRules =>
  destinationRulesOf(v.parse(v.object(ofDestinations), env));

export function retryScheduleOf(from: Settings<typeof ofRetries>): RetrySchedule {
  return {
    firstMs: from.DELIVERY_FIRST_RETRY_SECONDS,
    longestMs: 3_600_000,
    forMs: from.DELIVERY_HOURS,
  };
}
