import * as v from "valibot";
import type { DialDefaults } from "../contacts/call-request.ts";
import type { Patience } from "../contacts/patience.ts";
import type { Pace } from "../pacing/pacer.ts";
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

/** Every setting of every function, with its unit in its name. docs/deploy.md describes them. */
const known = {
  CONNECT_INSTANCE_ID: filled,
  CONTACTS_TABLE: filled,
  PACER_TABLE: filled,
  CONTACT_NOTICES_TOPIC_ARN: filled,
  CALL_REQUESTS_QUEUE_URL: filled,
  CALL_REQUESTS_DLQ_URL: filled,
  STOP_REQUESTS_QUEUE_URL: filled,
  STOP_REQUESTS_DLQ_URL: filled,
  DEFAULT_CONTACT_FLOW_ID: optionalText,
  DEFAULT_QUEUE_ID: optionalText,
  DEFAULT_SOURCE_PHONE_NUMBER: optionalText,
  CONNECT_RATE_PER_SECOND: number("2", 0.01),
  CONNECT_BURST: number("5", 1),
  CONNECT_ACTIVE_CALLS: number("10", 1),
  CONNECT_STOP_RATE_PER_SECOND: number("10", 0.01),
  CONNECT_STOP_BURST: number("15", 1),
  SLOT_WAIT_SECONDS: milliseconds("12", 0),
  UNKNOWN_DEADLINE_SECONDS: milliseconds("600", 1),
  CALL_CHECK_SECONDS: milliseconds("600", 1),
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
  "CONNECT_RATE_PER_SECOND",
  "CONNECT_BURST",
  "CONNECT_ACTIVE_CALLS",
  "SLOT_WAIT_SECONDS",
  "UNKNOWN_DEADLINE_SECONDS",
  "CALL_CHECK_SECONDS",
  "RECORD_RETENTION_DAYS",
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
  "track-contact": always,
  "release-due": [...always, "CALL_REQUESTS_QUEUE_URL"],
} as const satisfies Record<string, readonly (keyof typeof known)[]>;

type FunctionName = keyof typeof ofFunction;
type Settings<Name extends keyof typeof known> = { [K in Name]: v.InferOutput<(typeof known)[K]> };

export type StopRateSettings = Settings<
  "CONNECT_INSTANCE_ID" | "PACER_TABLE" | "CONNECT_STOP_RATE_PER_SECOND" | "CONNECT_STOP_BURST"
>;
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
