import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { ConnectContactLookup } from "../../lib/connect/contact-lookup.connect.ts";
import { SqsCallRequests } from "../../lib/contacts/call-requests.sqs.ts";
import { DynamoContacts } from "../../lib/contacts/contacts.dynamodb.ts";
import { type ReleaseSteps, releaseDue } from "../../lib/contacts/release-due.ts";
import { connect, dynamoDb, sns, sqs } from "../../lib/edge/clients.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { onSchedule } from "../../lib/edge/schedule.ts";
import { paceOf, patienceOf, settingsOf } from "../../lib/edge/settings.ts";
import { SnsNotices } from "../../lib/notices/notices.sns.ts";
import { DynamoPacer } from "../../lib/pacing/pacer.dynamodb.ts";

const settings = settingsOf("release-due");
const database = dynamoDb();

const steps: ReleaseSteps = {
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
  callRequests: new SqsCallRequests(sqs(), settings.CALL_REQUESTS_QUEUE_URL),
  now: Date.now,
  patience: patienceOf(settings),
};

export const handler = middy(onSchedule((mustEndBy) => releaseDue(steps, mustEndBy)))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
