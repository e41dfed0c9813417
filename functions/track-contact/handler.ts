import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { ConnectContactLookup } from "../../lib/connect/contact-lookup.connect.ts";
import { DynamoContacts } from "../../lib/contacts/contacts.dynamodb.ts";
import { afterwards, type TrackSteps, trackContacts } from "../../lib/contacts/track-contact.ts";
import { connect, dynamoDb, sns } from "../../lib/edge/clients.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { paceOf, patienceOf, settingsOf } from "../../lib/edge/settings.ts";
import { onSqs } from "../../lib/edge/sqs.ts";
import { SnsNotices } from "../../lib/notices/notices.sns.ts";
import { DynamoPacer } from "../../lib/pacing/pacer.dynamodb.ts";

const settings = settingsOf("track-contact");
const database = dynamoDb();

const steps: TrackSteps = {
  contacts: new DynamoContacts(database, settings.CONTACTS_TABLE),
  pacer: new DynamoPacer(
    database,
    settings.PACER_TABLE,
    settings.CONNECT_INSTANCE_ID,
    paceOf(settings),
    Date.now,
  ),
  lookup: new ConnectContactLookup(connect(), settings.CONNECT_INSTANCE_ID),
  notices: new SnsNotices(sns(), settings.CONTACT_NOTICES_TOPIC_ARN),
  instanceId: settings.CONNECT_INSTANCE_ID,
  now: Date.now,
  patience: patienceOf(settings),
};

export const handler = middy(onSqs((deliveries) => trackContacts(deliveries, steps), afterwards))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
