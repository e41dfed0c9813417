import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { dynamoDb, s3 } from "../../lib/edge/clients.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { metricsTable, outcomeBooks, progressBook } from "../../lib/edge/metrics.ts";
import { onSchedule } from "../../lib/edge/schedule.ts";
import { ofExportMetrics } from "../../lib/edge/settings/metrics.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { DynamoExportBook } from "../../lib/metrics/export/export-book.dynamodb.ts";
import { type ExportSteps, exportMetrics } from "../../lib/metrics/export/export-metrics.ts";
import { historyRows, outcomeRows } from "../../lib/metrics/export/hour-object.ts";
import { S3ObjectStore } from "../../lib/metrics/export/object-store.s3.ts";

const settings = settingsOf("export-metrics", ofExportMetrics);
const { CONNECT_INSTANCE_ID: instanceId } = settings;
const bookOf = (slot: string) => new DynamoExportBook(dynamoDb(), settings.METRICS_TABLE, instanceId, slot);

const steps: ExportSteps = {
  instanceId,
  metrics: metricsTable(settings),
  exports: [
    {
      what: historyRows,
      history: progressBook(settings),
      book: bookOf("export"),
      keepMs: settings.METRICS_KEEP_5M_DAYS,
    },
    {
      what: outcomeRows,
      history: outcomeBooks(settings)["1h"],
      book: bookOf("export-outcomes"),
      keepMs: settings.METRICS_KEEP_1H_DAYS,
    },
  ],
  objects: new S3ObjectStore(s3(), settings.METRICS_BUCKET),
  now: Date.now,
};

export const handler = middy(onSchedule((mustEndBy) => exportMetrics(steps, mustEndBy)))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
