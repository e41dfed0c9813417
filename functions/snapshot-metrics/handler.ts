import { randomUUID } from "node:crypto";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { ConnectQueueLister } from "../../lib/connect/queue-lister.connect.ts";
import { ConnectQueueMetrics } from "../../lib/connect/queue-metrics.connect.ts";
import { ConnectSecondQueueMetrics } from "../../lib/connect/second-queue-metrics.connect.ts";
import { connect, connectOnce } from "../../lib/edge/clients.ts";
import { gaugesInCloudWatch } from "../../lib/edge/gauges.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { metricsTable, outcomeBooks, progressBook } from "../../lib/edge/metrics.ts";
import { onSchedule } from "../../lib/edge/schedule.ts";
import { ofSnapshotMetrics } from "../../lib/edge/settings/metrics.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { metricsRatesOf } from "../../lib/edge/shared-steps.ts";
import { until } from "../../lib/edge/until.ts";
import { columnsOf } from "../../lib/metrics/historical-metrics.ts";
import { queueList } from "../../lib/metrics/queue-list.ts";
import { type SnapshotSteps, snapshotMetrics } from "../../lib/metrics/snapshot-metrics.ts";

const settings = settingsOf("snapshot-metrics", ofSnapshotMetrics);
const { CONNECT_INSTANCE_ID: instanceId } = settings;
const table = metricsTable(settings);
const lister = new ConnectQueueLister(connect(), instanceId);

const steps: SnapshotSteps = {
  connect: new ConnectQueueMetrics(connectOnce(), instanceId),
  second: new ConnectSecondQueueMetrics(connectOnce(), settings.CONNECT_INSTANCE_ARN),
  queues: queueList(lister, table, settings.METRICS_QUEUES, Date.now),
  metrics: table,
  progress: progressBook(settings),
  outcomes: outcomeBooks(settings),
  backfillMs: settings.METRICS_BACKFILL_DAYS,
  gauges: gaugesInCloudWatch(settings.METRICS_PER_QUEUE),
  columns: columnsOf(settings.METRICS_SERVICE_LEVEL_SECONDS),
  rates: metricsRatesOf(settings),
  newOwner: randomUUID,
  now: Date.now,
  until,
};

export const handler = middy(onSchedule((mustEndBy, event) => snapshotMetrics(event, steps, mustEndBy)))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
