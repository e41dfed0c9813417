import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { ConnectContactLookup } from "../../lib/connect/contact-lookup.connect.ts";
import { afterwards, type TrackSteps, trackContacts } from "../../lib/contacts/track-contact.ts";
import { connect } from "../../lib/edge/clients.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { ofTrackContact } from "../../lib/edge/settings/contacts.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { sharedSteps } from "../../lib/edge/shared-steps.ts";
import { onSqs } from "../../lib/edge/sqs.ts";

const settings = settingsOf("track-contact", ofTrackContact);

const steps: TrackSteps = {
  ...sharedSteps(settings),
  lookup: new ConnectContactLookup(connect(), settings.CONNECT_INSTANCE_ID),
  instanceId: settings.CONNECT_INSTANCE_ID,
};

export const handler = middy(onSqs((deliveries) => trackContacts(deliveries, steps), afterwards))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
