import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { ConnectContactLookup } from "../../lib/connect/contact-lookup.connect.ts";
import { ConnectStopper } from "../../lib/connect/stopper.connect.ts";
import { SqsDeadLetters } from "../../lib/contacts/dead-letters.sqs.ts";
import { afterwards, type StopSteps, stopContacts } from "../../lib/contacts/stop-contact.ts";
import { connect, connectOnce, sqs } from "../../lib/edge/clients.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { ofStopContact } from "../../lib/edge/settings/contacts.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { sharedSteps, stopRateOf } from "../../lib/edge/shared-steps.ts";
import { onSqs } from "../../lib/edge/sqs.ts";
import { until } from "../../lib/edge/until.ts";

const settings = settingsOf("stop-contact", ofStopContact);

const steps: StopSteps = {
  ...sharedSteps(settings),
  lookup: new ConnectContactLookup(connect(), settings.CONNECT_INSTANCE_ID),
  stopper: new ConnectStopper(connectOnce(), settings.CONNECT_INSTANCE_ID),
  rate: stopRateOf(settings),
  deadLetters: new SqsDeadLetters(sqs, settings.STOP_REQUESTS_DLQ_URL),
  until,
};

export const handler = middy(
  onSqs((deliveries, mustEndBy) => stopContacts(deliveries, steps, mustEndBy), afterwards),
)
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
