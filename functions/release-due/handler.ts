import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { ConnectContactLookup } from "../../lib/connect/contact-lookup.connect.ts";
import { SqsCallRequests } from "../../lib/contacts/call-requests.sqs.ts";
import { type ReleaseSteps, releaseDue } from "../../lib/contacts/release-due.ts";
import { connect, sqs } from "../../lib/edge/clients.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { onSchedule } from "../../lib/edge/schedule.ts";
import { ofReleaseDue } from "../../lib/edge/settings/contacts.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { sharedSteps } from "../../lib/edge/shared-steps.ts";

const settings = settingsOf("release-due", ofReleaseDue);

const steps: ReleaseSteps = {
  ...sharedSteps(settings),
  lookup: new ConnectContactLookup(connect(), settings.CONNECT_INSTANCE_ID),
  callRequests: new SqsCallRequests(sqs(), settings.CALL_REQUESTS_QUEUE_URL),
};

export const handler = middy(onSchedule((mustEndBy) => releaseDue(steps, mustEndBy)))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
