import * as v from "valibot";
import type { DialDefaults } from "../contacts/call-request.ts";
import type { Patience } from "../contacts/patience.ts";
import type { Pace } from "../pacing/pacer.ts";
import type { DestinationRules } from "../subscribers/destination.ts";
import type { RetrySchedule } from "../subscribers/retry-schedule.ts";
import { callBudgetMs } from "./timeouts.ts";

const filled = v.pipe(v.string(), v.minLength(1));
const optionalText = v.pipe(
  v.optional(v.string(), ""),
  v.transform((text) => (text === "" ? undefined : text)),
);
const number = (fallback: string, least: number) =>
  v.pipe(
    v.optional(v.string(), fallback),
    v.transform(Number),
    v.number("must be a number"),
    v.minValue(least, `must be at least ${least}`),
  );
const milliseconds = (fallbackSeconds: string, leastSeconds: number) =>
  v.pipe(
    number(fallbackSeconds, leastSeconds),
    v.transform((seconds) => seconds * 1000),
  );

const ports = v.pipe(
  v.optional(v.string(), "443,8443"),
  v.transform((text) => text.split(",").map(Number)),
  v.array(v.pipe(v.number("must be a list of ports"), v.integer(), v.minValue(1), v.maxValue(65_535))),
);

const flag = v.pipe(
  v.optional(v.picklist(["true", "false"]), "false"),
  v.transform((text) => text === "true"),
);

const days = (fallback: string, least = 1) =>
  v.pipe(
    number(fallback, least),
    v.transform((count) => count * 86_400_000),
  );

const list = (fallback: string) =>
  v.pipe(
    v.optional(v.string(), fallback),
    v.transform((text) =>
      text
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ""),
    ),
  );

// What Connect takes of SERVICE_LEVEL in one request.
const thresholds = v.pipe(
  list("20,60"),
  v.transform((texts) => [...new Set(texts.map(Number))]),
  v.array(v.pipe(v.number("must be a list of seconds"), v.integer(), v.minValue(1), v.maxValue(604_800))),
  v.maxLength(20, "must have at most 20 entries"),
);

/** Every setting of every function, with its unit in its name. docs/deploy.md describes them. */
const known = {
  CONNECT_INSTANCE_ID: filled,
  CONTACTS_TABLE: filled,
  PACER_TABLE: filled,
  WEBHOOKS_TABLE: filled,
  WEBHOOK_SECRETS_PATH: filled,
  CONTACT_NOTICES_TOPIC_ARN: filled,
  LAMBDA_TASK_ROOT: v.optional(filled, "."),
  CALL_REQUESTS_QUEUE_URL: filled,
  CALL_REQUESTS_DLQ_URL: filled,
  STOP_REQUESTS_QUEUE_URL: filled,
  STOP_REQUESTS_DLQ_URL: filled,
  ATTRIBUTE_UPDATES_QUEUE_URL: filled,
  ATTRIBUTE_UPDATES_DLQ_URL: filled,
  SUBSCRIBERS_TABLE: filled,
  SUBSCRIBER_SECRETS_PATH: filled,
  NOTICES_DLQ_URL: filled,
  NOTICE_DELIVERIES_QUEUE_URL: filled,
  NOTICE_DELIVERIES_DLQ_URL: filled,
  SERVICE_VERSION: filled,
  SUBSCRIBER_PORTS: ports,
  SUBSCRIBERS_MAY_BE_LOCAL: flag,
  DELIVERY_FIRST_RETRY_SECONDS: milliseconds("5", 0.1),
  DELIVERY_HOURS: v.pipe(
    number("24", 1),
    v.transform((hours) => hours * 3_600_000),
  ),
  DEFAULT_CONTACT_FLOW_ID: optionalText,
  DEFAULT_QUEUE_ID: optionalText,
  DEFAULT_SOURCE_PHONE_NUMBER: optionalText,
  CONNECT_RATE_PER_SECOND: number("2", 0.01),
  CONNECT_BURST: number("5", 1),
  CONNECT_ACTIVE_CALLS: number("10", 1),
  CONNECT_STOP_RATE_PER_SECOND: number("10", 0.01),
  CONNECT_STOP_BURST: number("15", 1),
  CONNECT_UPDATE_RATE_PER_SECOND: number("10", 0.01),
  CONNECT_UPDATE_BURST: number("15", 1),
  SLOT_WAIT_SECONDS: milliseconds("12", 0),
  UNKNOWN_DEADLINE_SECONDS: milliseconds("600", 1),
  CALL_CHECK_SECONDS: milliseconds("600", 1),
  METRICS_TABLE: filled,
  METRICS_BUCKET: filled,
  METRICS_QUEUES: list(""),
  METRICS_SERVICE_LEVEL_SECONDS: thresholds,
  METRICS_PER_QUEUE: flag,
  METRICS_KEEP_NOW_DAYS: days("3"),
  // Hours and days are made of what was kept yesterday and today.
  METRICS_KEEP_5M_DAYS: days("35", 3),
  METRICS_KEEP_1H_DAYS: days("400"),
  METRICS_KEEP_1D_DAYS: days("1100"),
  CONNECT_METRICS_RATE_PER_SECOND: number("5", 0.01),
  CONNECT_METRICS_BURST: number("8", 1),
  // Longer than a message can live in a queue and then in its dead-letter queue.
  RECORD_RETENTION_DAYS: v.pipe(
    number("90", 30),
    v.transform((days) => days * 86_400_000),
  ),
};

const always = [
  "CONNECT_INSTANCE_ID",
  "CONTACTS_TABLE",
  "PACER_TABLE",
  "CONTACT_NOTICES_TOPIC_ARN",
  "STOP_REQUESTS_QUEUE_URL",
  "ATTRIBUTE_UPDATES_QUEUE_URL",
  "CONNECT_RATE_PER_SECOND",
  "CONNECT_BURST",
  "CONNECT_ACTIVE_CALLS",
  "SLOT_WAIT_SECONDS",
  "UNKNOWN_DEADLINE_SECONDS",
  "CALL_CHECK_SECONDS",
  "RECORD_RETENTION_DAYS",
] as const satisfies (keyof typeof known)[];

/** All that writing to the table `metrics` takes. */
const ofMetrics = [
  "CONNECT_INSTANCE_ID",
  "METRICS_TABLE",
  "METRICS_KEEP_NOW_DAYS",
  "METRICS_KEEP_5M_DAYS",
  "METRICS_KEEP_1H_DAYS",
  "METRICS_KEEP_1D_DAYS",
] as const satisfies (keyof typeof known)[];

const ofFunction = {
  "start-contact": [
    ...always,
    "CALL_REQUESTS_DLQ_URL",
    "DEFAULT_CONTACT_FLOW_ID",
    "DEFAULT_QUEUE_ID",
    "DEFAULT_SOURCE_PHONE_NUMBER",
  ],
  "stop-contact": [...always, "STOP_REQUESTS_DLQ_URL", "CONNECT_STOP_RATE_PER_SECOND", "CONNECT_STOP_BURST"],
  "update-attributes": [
    ...always,
    "ATTRIBUTE_UPDATES_DLQ_URL",
    "CONNECT_UPDATE_RATE_PER_SECOND",
    "CONNECT_UPDATE_BURST",
  ],
  "track-contact": always,
  "release-due": [...always, "CALL_REQUESTS_QUEUE_URL"],
  "accept-webhook": [
    "WEBHOOKS_TABLE",
    "WEBHOOK_SECRETS_PATH",
    "LAMBDA_TASK_ROOT",
    "CALL_REQUESTS_QUEUE_URL",
    "STOP_REQUESTS_QUEUE_URL",
    "ATTRIBUTE_UPDATES_QUEUE_URL",
    "DEFAULT_CONTACT_FLOW_ID",
    "DEFAULT_QUEUE_ID",
    "DEFAULT_SOURCE_PHONE_NUMBER",
  ],
  "answer-api": [
    "CONTACTS_TABLE",
    "CALL_REQUESTS_QUEUE_URL",
    "STOP_REQUESTS_QUEUE_URL",
    "ATTRIBUTE_UPDATES_QUEUE_URL",
    "DEFAULT_CONTACT_FLOW_ID",
    "DEFAULT_QUEUE_ID",
    "DEFAULT_SOURCE_PHONE_NUMBER",
  ],
  "snapshot-metrics": [
    ...ofMetrics,
    "PACER_TABLE",
    "METRICS_QUEUES",
    "METRICS_SERVICE_LEVEL_SECONDS",
    "METRICS_PER_QUEUE",
    "CONNECT_METRICS_RATE_PER_SECOND",
    "CONNECT_METRICS_BURST",
  ],
  "roll-up-metrics": ofMetrics,
  "read-metrics": ofMetrics,
  "export-metrics": [...ofMetrics, "METRICS_BUCKET"],
  "fan-out-notice": ["SUBSCRIBERS_TABLE", "NOTICE_DELIVERIES_QUEUE_URL", "NOTICES_DLQ_URL"],
  "deliver-notice": [
    "SUBSCRIBERS_TABLE",
    "SUBSCRIBER_SECRETS_PATH",
    "NOTICE_DELIVERIES_QUEUE_URL",
    "NOTICE_DELIVERIES_DLQ_URL",
    "SERVICE_VERSION",
    "SUBSCRIBER_PORTS",
    "SUBSCRIBERS_MAY_BE_LOCAL",
    "DELIVERY_FIRST_RETRY_SECONDS",
    "DELIVERY_HOURS",
  ],
} as const satisfies Record<string, readonly (keyof typeof known)[]>;

type FunctionName = keyof typeof ofFunction;
type Settings<Name extends keyof typeof known> = { [K in Name]: v.InferOutput<(typeof known)[K]> };

export type StopRateSettings = Settings<"CONNECT_STOP_RATE_PER_SECOND" | "CONNECT_STOP_BURST">;
export type UpdateRateSettings = Settings<"CONNECT_UPDATE_RATE_PER_SECOND" | "CONNECT_UPDATE_BURST">;
export type MetricsSettings = Settings<(typeof ofMetrics)[number]>;
export type MetricsRateSettings = Settings<"CONNECT_METRICS_RATE_PER_SECOND" | "CONNECT_METRICS_BURST">;
export type SharedSettings = Settings<(typeof always)[number]>;

/** @throws one error that names everything that is missing or wrong */
export function settingsOf<F extends FunctionName>(
  functionName: F,
  env: Record<string, string | undefined> = process.env,
): Settings<(typeof ofFunction)[F][number]> {
  const names: readonly (keyof typeof known)[] = ofFunction[functionName];
  const schema = v.object(Object.fromEntries(names.map((name) => [name, known[name]])));
  const parsed = v.safeParse(schema, env);
  if (!parsed.success) {
    const problems = parsed.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
    throw new Error(`The settings of ${functionName} are not complete. ${problems.join(". ")}`);
  }
  return parsed.output as Settings<(typeof ofFunction)[F][number]>;
}

export function paceOf(
  from: Settings<"CONNECT_RATE_PER_SECOND" | "CONNECT_BURST" | "CONNECT_ACTIVE_CALLS">,
): Pace {
  return {
    ratePerSecond: from.CONNECT_RATE_PER_SECOND,
    burst: from.CONNECT_BURST,
    activeCalls: from.CONNECT_ACTIVE_CALLS,
  };
}

export function defaultsOf(
  from: Settings<"DEFAULT_CONTACT_FLOW_ID" | "DEFAULT_QUEUE_ID" | "DEFAULT_SOURCE_PHONE_NUMBER">,
): DialDefaults {
  return {
    contactFlowId: from.DEFAULT_CONTACT_FLOW_ID,
    queueId: from.DEFAULT_QUEUE_ID,
    sourcePhoneNumber: from.DEFAULT_SOURCE_PHONE_NUMBER,
  };
}

export function destinationRulesOf(
  from: Settings<"SUBSCRIBER_PORTS" | "SUBSCRIBERS_MAY_BE_LOCAL">,
): DestinationRules {
  return { ports: from.SUBSCRIBER_PORTS, mayBeLocal: from.SUBSCRIBERS_MAY_BE_LOCAL };
}

/** For whoever is no function, and has only these settings. */
export const destinationRulesIn = (env: Record<string, string | undefined>): DestinationRules =>
  destinationRulesOf(
    v.parse(
      v.object({
        SUBSCRIBER_PORTS: known.SUBSCRIBER_PORTS,
        SUBSCRIBERS_MAY_BE_LOCAL: known.SUBSCRIBERS_MAY_BE_LOCAL,
      }),
      env,
    ),
  );

export function retryScheduleOf(
  from: Settings<"DELIVERY_FIRST_RETRY_SECONDS" | "DELIVERY_HOURS">,
): RetrySchedule {
  return {
    firstMs: from.DELIVERY_FIRST_RETRY_SECONDS,
    longestMs: 3_600_000,
    forMs: from.DELIVERY_HOURS,
  };
}

export function patienceOf(
  from: Settings<
    "SLOT_WAIT_SECONDS" | "UNKNOWN_DEADLINE_SECONDS" | "CALL_CHECK_SECONDS" | "RECORD_RETENTION_DAYS"
  >,
): Patience {
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
