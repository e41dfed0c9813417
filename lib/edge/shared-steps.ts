import { DynamoContacts } from "../contacts/contacts.dynamodb.ts";
import { SnsNotices } from "../notices/notices.sns.ts";
import { DynamoPacer } from "../pacing/pacer.dynamodb.ts";
import { dynamoDb, sns } from "./clients.ts";
import { paceOf, patienceOf, type SharedSettings } from "./settings.ts";

/** The steps that all functions take alike: the tables, the notices and the clock. */
export function sharedSteps(settings: SharedSettings) {
  const database = dynamoDb();
  const { CONTACTS_TABLE, PACER_TABLE, CONNECT_INSTANCE_ID, CONTACT_NOTICES_TOPIC_ARN } = settings;
  return {
    contacts: new DynamoContacts(database, CONTACTS_TABLE),
    pacer: new DynamoPacer(database, PACER_TABLE, CONNECT_INSTANCE_ID, paceOf(settings), Date.now),
    notices: new SnsNotices(sns, CONTACT_NOTICES_TOPIC_ARN),
    now: Date.now,
    patience: patienceOf(settings),
  };
}
