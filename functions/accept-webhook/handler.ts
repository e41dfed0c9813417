import { join } from "node:path";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { dynamoDb, ssm } from "../../lib/edge/clients.ts";
import { intakeOf } from "../../lib/edge/intake.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { parametersOf } from "../../lib/edge/parameters.ts";
import { securityHeaders } from "../../lib/edge/security-headers.ts";
import { defaultsOf, ofAcceptWebhook } from "../../lib/edge/settings/intake.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { webhookSources } from "../../lib/edge/webhook-sources.ts";
import { onWebhook } from "../../lib/edge/webhooks.ts";
import type { AcceptSteps } from "../../lib/webhooks/accept-webhook.ts";
import { secretsFrom } from "../../lib/webhooks/secrets.ts";
import { DynamoWebhooks } from "../../lib/webhooks/webhooks.dynamodb.ts";

const settings = settingsOf("accept-webhook", ofAcceptWebhook);

const steps: AcceptSteps = {
  sources: webhookSources(join(settings.LAMBDA_TASK_ROOT, "webhooks")),
  secrets: secretsFrom(parametersOf(ssm()), settings.WEBHOOK_SECRETS_PATH),
  webhooks: new DynamoWebhooks(dynamoDb(), settings.WEBHOOKS_TABLE),
  intake: intakeOf(settings),
  defaults: defaultsOf(settings),
  now: Date.now,
};

export const handler = middy(onWebhook(steps))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .use(securityHeaders());
