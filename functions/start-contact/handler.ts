import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { ConnectDialler } from "../../lib/connect/dialler.connect.ts";
import { DynamoContacts } from "../../lib/contacts/contacts.dynamodb.ts";
import { SqsDeadLetters } from "../../lib/contacts/dead-letters.sqs.ts";
import { afterwards, type StartSteps, startContacts } from "../../lib/contacts/start-contact.ts";
import { connectForDialling, dynamoDb, sns, sqs } from "../../lib/edge/clients.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { defaultsOf, paceOf, patienceOf, settingsOf } from "../../lib/edge/settings.ts";
import { onSqs } from "../../lib/edge/sqs.ts";
import { SnsNotices } from "../../lib/notices/notices.sns.ts";
import { DynamoPacer } from "../../lib/pacing/pacer.dynamodb.ts";

const settings = settingsOf("start-contact");
const database = dynamoDb();

const steps: StartSteps = {
  contacts: new DynamoContacts(database, settings.CONTACTS_TABLE),
  pacer: new DynamoPacer(
    database,
    settings.PACER_TABLE,
    settings.CONNECT_INSTANCE_ID,
    paceOf(settings),
    Date.now,
  ),
  dialler: new ConnectDialler(connectForDialling(), settings.CONNECT_INSTANCE_ID),
  notices: new SnsNotices(sns(), settings.CONTACT_NOTICES_TOPIC_ARN),
  deadLetters: new SqsDeadLetters(sqs(), settings.CALL_REQUESTS_DLQ_URL),
  now: Date.now,
  until: async (at) => void (at > Date.now() && (await sleep(at - Date.now()))),
  random: randomUUID,
  defaults: defaultsOf(settings),
  patience: patienceOf(settings),
};

export const handler = middy(
  onSqs((deliveries, mustEndBy) => startContacts(deliveries, steps, mustEndBy), afterwards),
)
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
