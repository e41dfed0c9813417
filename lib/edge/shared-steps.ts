import { SqsAttributeUpdates } from "../contacts/attribute-updates.sqs.ts";
import { DynamoContacts } from "../contacts/contacts.dynamodb.ts";
import { SqsStopRequests } from "../contacts/stop-requests.sqs.ts";
import { SnsNotices } from "../notices/notices.sns.ts";
import { DynamoPacer } from "../pacing/pacer.dynamodb.ts";
import { DynamoRateLimit } from "../pacing/rate.dynamodb.ts";
import { dynamoDb, sns, sqs } from "./clients.ts";
import {
  paceOf,
  patienceOf,
  type SharedSettings,
  type StopRateSettings,
  type UpdateRateSettings,
} from "./settings/contacts.ts";
import type { MetricsRateSettings } from "./settings/metrics.ts";
import type { UserRateSettings } from "./settings/roster.ts";

/** The steps that all functions take alike: the tables, the notices and the clock. */
export function sharedSteps(settings: SharedSettings) {
  const database = dynamoDb();
  const { CONTACTS_TABLE, PACER_TABLE, CONNECT_INSTANCE_ID, CONTACT_NOTICES_TOPIC_ARN } = settings;
  return {
    contacts: new DynamoContacts(database, CONTACTS_TABLE),
    pacer: new DynamoPacer(database, PACER_TABLE, CONNECT_INSTANCE_ID, paceOf(settings), Date.now),
    notices: new SnsNotices(sns, CONTACT_NOTICES_TOPIC_ARN),
    stopRequests: new SqsStopRequests(sqs, settings.STOP_REQUESTS_QUEUE_URL),
    attributeUpdates: new SqsAttributeUpdates(sqs, settings.ATTRIBUTE_UPDATES_QUEUE_URL),
    now: Date.now,
    patience: patienceOf(settings),
  };
}

/** The shared limits of the operations that are not calls. */
export const stopRateOf = (settings: SharedSettings & StopRateSettings) =>
  rateOf("StopContact", settings.CONNECT_STOP_RATE_PER_SECOND, settings.CONNECT_STOP_BURST, settings);

export const updateRateOf = (settings: SharedSettings & UpdateRateSettings) =>
  rateOf(
    "UpdateContactAttributes",
    settings.CONNECT_UPDATE_RATE_PER_SECOND,
    settings.CONNECT_UPDATE_BURST,
    settings,
  );

/** Connect limits each operation by itself, and the first two alike. */
export function metricsRatesOf(settings: Parameters<typeof rateOf>[3] & MetricsRateSettings) {
  const { CONNECT_METRICS_RATE_PER_SECOND: perSecond, CONNECT_METRICS_BURST: burst } = settings;
  return {
    current: rateOf("GetCurrentMetricData", perSecond, burst, settings),
    historical: rateOf("GetMetricData", perSecond, burst, settings),
    outcomes: rateOf(
      "GetMetricDataV2",
      settings.CONNECT_METRICS_V2_RATE_PER_SECOND,
      settings.CONNECT_METRICS_V2_BURST,
      settings,
    ),
  };
}

/** Each operation on users has a limit of its own, and all are alike. */
export function userRatesOf(settings: Parameters<typeof rateOf>[3] & UserRateSettings) {
  const { CONNECT_USERS_RATE_PER_SECOND: perSecond, CONNECT_USERS_BURST: burst } = settings;
  const limits = new Map<string, DynamoRateLimit>();
  return (operation: string): DynamoRateLimit => {
    const limit = limits.get(operation) ?? rateOf(operation, perSecond, burst, settings);
    limits.set(operation, limit);
    return limit;
  };
}

function rateOf(
  operation: string,
  perSecond: number,
  burst: number,
  settings: Pick<SharedSettings, "CONNECT_INSTANCE_ID" | "PACER_TABLE">,
) {
  const pacerId = `${settings.CONNECT_INSTANCE_ID}/${operation}`;
  return new DynamoRateLimit(dynamoDb(), settings.PACER_TABLE, pacerId, { perSecond, burst }, Date.now);
}
