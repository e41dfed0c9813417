import { randomUUID } from "node:crypto";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { ConnectDialler } from "../../lib/connect/dialler.connect.ts";
import { SqsDeadLetters } from "../../lib/contacts/dead-letters.sqs.ts";
import { afterwards, type StartSteps, startContacts } from "../../lib/contacts/start-contact.ts";
import { connectForDialling, sqs } from "../../lib/edge/clients.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { ofStartContact } from "../../lib/edge/settings/contacts.ts";
import { defaultsOf } from "../../lib/edge/settings/intake.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { sharedSteps } from "../../lib/edge/shared-steps.ts";
import { onSqs } from "../../lib/edge/sqs.ts";
import { until } from "../../lib/edge/until.ts";

const settings = settingsOf("start-contact", ofStartContact);
const { client, forgetIdleConnections } = connectForDialling();

const steps: StartSteps = {
  ...sharedSteps(settings),
  dialler: new ConnectDialler(client, settings.CONNECT_INSTANCE_ID),
  deadLetters: new SqsDeadLetters(sqs, settings.CALL_REQUESTS_DLQ_URL),
  until,
  random: randomUUID,
  defaults: defaultsOf(settings),
};

export const handler = middy(
  onSqs((deliveries, mustEndBy) => startContacts(deliveries, steps, mustEndBy), afterwards),
)
  .before(forgetIdleConnections)
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
