import { randomBytes } from "node:crypto";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { ssm } from "../../lib/edge/clients.ts";
import { onHttp } from "../../lib/edge/http.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { parametersOf } from "../../lib/edge/parameters.ts";
import { sendStepsOf } from "../../lib/edge/scim.ts";
import { securityHeaders } from "../../lib/edge/security-headers.ts";
import { ofAnswerScim } from "../../lib/edge/settings/scim.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { failedAnswer } from "../../lib/scim/answer.ts";
import { answerScim } from "../../lib/scim/routes.ts";
import type { ScimSteps } from "../../lib/scim/steps.ts";
import { secretsFrom } from "../../lib/webhooks/secrets.ts";

const settings = settingsOf("answer-scim", ofAnswerScim);
const tokens = secretsFrom(parametersOf(ssm()), settings.SCIM_TOKENS_PATH);

const steps: ScimSteps = {
  ...sendStepsOf(settings),
  newGeneration: () => randomBytes(8).toString("hex"),
  tokens: { valid: () => tokens.of("tokens"), validNow: () => tokens.again("tokens") },
};

export const handler = middy(onHttp((request) => answerScim(request, steps), failedAnswer))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .use(securityHeaders());
