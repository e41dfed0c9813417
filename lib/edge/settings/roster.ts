import * as v from "valibot";
import { days, filled, number, optionalText, seconds } from "./kinds.ts";
import type { Settings } from "./settings.ts";

export const ofApplyUser = {
  CONNECT_INSTANCE_ID: filled,
  PACER_TABLE: filled,
  CONTACT_NOTICES_TOPIC_ARN: filled,
  ROSTER_TABLE: filled,
  USER_CHANGES_TABLE: filled,
  // Longer than a message can live in the queue.
  USER_CHANGES_RETENTION_DAYS: days("400", 15),
  USER_COMMANDS_QUEUE_URL: filled,
  USER_COMMANDS_DLQ_URL: filled,
  // Of each operation on users, and of each that looks names up.
  CONNECT_USERS_RATE_PER_SECOND: number("2", 0.01),
  CONNECT_USERS_BURST: number("5", 1),
  SLOT_WAIT_SECONDS: seconds("12", 0),
  // Who was killed before it could note a change leaves a message that comes back after more than that.
  USERS_SETTLE_SECONDS: v.pipe(seconds("5", 0), v.maxValue(120_000, "must be 120 at the most")),
  INACTIVE_ROUTING_PROFILE: optionalText,
  INACTIVE_SECURITY_PROFILE: optionalText,
};

export type UserRateSettings = Pick<
  Settings<typeof ofApplyUser>,
  "CONNECT_USERS_RATE_PER_SECOND" | "CONNECT_USERS_BURST"
>;
