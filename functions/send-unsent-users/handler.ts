import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { logger, metrics } from "../../lib/edge/log.ts";
import { onSchedule } from "../../lib/edge/schedule.ts";
import { sendStepsOf } from "../../lib/edge/scim.ts";
import { ofSendUnsentUsers } from "../../lib/edge/settings/scim.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { sendUnsent } from "../../lib/scim/send-unsent.ts";

const steps = sendStepsOf(settingsOf("send-unsent-users", ofSendUnsentUsers));

export const handler = middy(onSchedule((mustEndBy) => sendUnsent(steps, mustEndBy)))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
