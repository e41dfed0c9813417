import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { dynamoDb, s3 } from "../../lib/edge/clients.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { metricsTable, progressBook } from "../../lib/edge/metrics.ts";
import { onSchedule } from "../../lib/edge/schedule.ts";
import { ofExportMetrics } from "../../lib/edge/settings/metrics.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { DynamoExportBook } from "../../lib/metrics/export/export-book.dynamodb.ts";
import { type ExportSteps, exportMetrics } from "../../lib/metrics/export/export-metrics.ts";
import { S3ObjectStore } from "../../lib/metrics/export/object-store.s3.ts";

const settings = settingsOf("export-metrics", ofExportMetrics);
const { CONNECT_INSTANCE_ID: instanceId } = settings;

const steps: ExportSteps = {
  instanceId,
  metrics: metricsTable(settings),
  history: progressBook(settings),
  book: new DynamoExportBook(dynamoDb(), settings.METRICS_TABLE, instanceId),
  objects: new S3ObjectStore(s3(), settings.METRICS_BUCKET),
  keepMs: settings.METRICS_KEEP_5M_DAYS,
  now: Date.now,
};

export const handler = middy(onSchedule((mustEndBy) => exportMetrics(steps, mustEndBy)))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
