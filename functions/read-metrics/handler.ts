import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { onHttp } from "../../lib/edge/http.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { metricsTable, outcomeBooks, progressBook } from "../../lib/edge/metrics.ts";
import { securityHeaders } from "../../lib/edge/security-headers.ts";
import { ofReadMetrics } from "../../lib/edge/settings/metrics.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { answerMetrics } from "../../lib/metrics/reading/routes.ts";
import type { MetricsApiSteps } from "../../lib/metrics/reading/steps.ts";

const settings = settingsOf("read-metrics", ofReadMetrics);

const steps: MetricsApiSteps = {
  metrics: metricsTable(settings),
  progress: progressBook(settings),
  outcomes: outcomeBooks(settings),
  now: Date.now,
};

export const handler = middy(onHttp((request) => answerMetrics(request, steps)))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .use(securityHeaders());
