import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { logger, metrics } from "../../lib/edge/log.ts";
import { metricsTable, progressBook } from "../../lib/edge/metrics.ts";
import { onSchedule } from "../../lib/edge/schedule.ts";
import { ofRollUpMetrics } from "../../lib/edge/settings/metrics.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { type RollUpSteps, rollUpMetrics } from "../../lib/metrics/roll-up-metrics.ts";

const settings = settingsOf("roll-up-metrics", ofRollUpMetrics);

const steps: RollUpSteps = {
  metrics: metricsTable(settings),
  progress: progressBook(settings),
  now: Date.now,
};

export const handler = middy(onSchedule((mustEndBy) => rollUpMetrics(steps, mustEndBy)))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
