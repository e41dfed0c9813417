import { DynamoMetrics } from "../metrics/metrics.dynamodb.ts";
import { DynamoProgressBook } from "../metrics/progress.dynamodb.ts";
import type { OutcomeBooks } from "../metrics/read-outcomes.ts";
import { dynamoDb } from "./clients.ts";
import type { MetricsSettings } from "./settings/metrics.ts";

export const metricsTable = (settings: MetricsSettings): DynamoMetrics =>
  new DynamoMetrics(dynamoDb(), settings.METRICS_TABLE, settings.CONNECT_INSTANCE_ID, {
    now: settings.METRICS_KEEP_NOW_DAYS,
    "5m": settings.METRICS_KEEP_5M_DAYS,
    "1h": settings.METRICS_KEEP_1H_DAYS,
    "1d": settings.METRICS_KEEP_1D_DAYS,
  });

/** @param slot absent for history in five minutes */
export const progressBook = (settings: MetricsSettings, slot?: string): DynamoProgressBook =>
  new DynamoProgressBook(dynamoDb(), settings.METRICS_TABLE, settings.CONNECT_INSTANCE_ID, Date.now, slot);

export const outcomeBooks = (settings: MetricsSettings): OutcomeBooks => ({
  "1h": progressBook(settings, "1h"),
  "1d": progressBook(settings, "1d"),
});
