import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { ConnectAttributeWriter } from "../../lib/connect/attribute-writer.connect.ts";
import { ConnectContactLookup } from "../../lib/connect/contact-lookup.connect.ts";
import { SqsDeadLetters } from "../../lib/contacts/dead-letters.sqs.ts";
import { afterwards, type UpdateSteps, updateAttributes } from "../../lib/contacts/update-attributes.ts";
import { connect, connectOnce, sqs } from "../../lib/edge/clients.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { ofUpdateAttributes } from "../../lib/edge/settings/contacts.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { sharedSteps, updateRateOf } from "../../lib/edge/shared-steps.ts";
import { onSqs } from "../../lib/edge/sqs.ts";
import { until } from "../../lib/edge/until.ts";

const settings = settingsOf("update-attributes", ofUpdateAttributes);

const steps: UpdateSteps = {
  ...sharedSteps(settings),
  lookup: new ConnectContactLookup(connect(), settings.CONNECT_INSTANCE_ID),
  writer: new ConnectAttributeWriter(connectOnce(), settings.CONNECT_INSTANCE_ID),
  rate: updateRateOf(settings),
  deadLetters: new SqsDeadLetters(sqs, settings.ATTRIBUTE_UPDATES_DLQ_URL),
  until,
};

export const handler = middy(
  onSqs((deliveries, mustEndBy) => updateAttributes(deliveries, steps, mustEndBy), afterwards),
)
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
