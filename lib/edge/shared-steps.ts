import { DynamoContacts } from "../contacts/contacts.dynamodb.ts";
import { SqsStopRequests } from "../contacts/stop-requests.sqs.ts";
import { SnsNotices } from "../notices/notices.sns.ts";
import { DynamoPacer } from "../pacing/pacer.dynamodb.ts";
import { DynamoRateLimit } from "../pacing/rate.dynamodb.ts";
import { dynamoDb, sns, sqs } from "./clients.ts";
import { paceOf, patienceOf, type SharedSettings, type StopRateSettings } from "./settings.ts";

/** The steps that all functions take alike: the tables, the notices and the clock. */
export function sharedSteps(settings: SharedSettings) {
  const database = dynamoDb();
  const { CONTACTS_TABLE, PACER_TABLE, CONNECT_INSTANCE_ID, CONTACT_NOTICES_TOPIC_ARN } = settings;
  return {
    contacts: new DynamoContacts(database, CONTACTS_TABLE),
    pacer: new DynamoPacer(database, PACER_TABLE, CONNECT_INSTANCE_ID, paceOf(settings), Date.now),
    notices: new SnsNotices(sns, CONTACT_NOTICES_TOPIC_ARN),
    stopRequests: new SqsStopRequests(sqs, settings.STOP_REQUESTS_QUEUE_URL),
    now: Date.now,
    patience: patienceOf(settings),
  };
}

/** The shared limit of StopContact. */
export const stopRateOf = (settings: StopRateSettings) =>
  new DynamoRateLimit(
    dynamoDb(),
    settings.PACER_TABLE,
    `${settings.CONNECT_INSTANCE_ID}/StopContact`,
    { perSecond: settings.CONNECT_STOP_RATE_PER_SECOND, burst: settings.CONNECT_STOP_BURST },
    Date.now,
  );
