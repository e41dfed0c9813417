import * as v from "valibot";
import { days, filled, list, number, yesOrNo } from "./kinds.ts";
import type { Settings } from "./settings.ts";

// What Connect takes of SERVICE_LEVEL in one request.
const thresholds = v.pipe(
  list("20,60"),
  v.transform((texts) => [...new Set(texts.map(Number))]),
  v.array(v.pipe(v.number("must be a list of seconds"), v.integer(), v.minValue(1), v.maxValue(604_800))),
  v.maxLength(20, "must have at most 20 entries"),
);

/** All that writing to the table `metrics` takes. */
const ofMetrics = {
  CONNECT_INSTANCE_ID: filled,
  METRICS_TABLE: filled,
  METRICS_KEEP_NOW_DAYS: days("3", 1),
  // Hours and days are made of what was kept today and on the two days before.
  METRICS_KEEP_5M_DAYS: days("35", 3),
  METRICS_KEEP_1H_DAYS: days("400", 1),
  METRICS_KEEP_1D_DAYS: days("1100", 1),
};

const ofMetricsRate = {
  CONNECT_METRICS_RATE_PER_SECOND: number("5", 0.01),
  CONNECT_METRICS_BURST: number("8", 1),
  CONNECT_METRICS_V2_RATE_PER_SECOND: number("10", 0.01),
  CONNECT_METRICS_V2_BURST: number("10", 1),
};

export const ofSnapshotMetrics = {
  ...ofMetrics,
  ...ofMetricsRate,
  CONNECT_INSTANCE_ARN: filled,
  PACER_TABLE: filled,
  METRICS_BACKFILL_DAYS: days("1", 0),
  METRICS_QUEUES: list(""),
  METRICS_SERVICE_LEVEL_SECONDS: thresholds,
  METRICS_PER_QUEUE: yesOrNo,
};

export const ofRollUpMetrics = ofMetrics;
export const ofReadMetrics = ofMetrics;
export const ofExportMetrics = { ...ofMetrics, METRICS_BUCKET: filled };

export type MetricsSettings = Settings<typeof ofMetrics>;
export type MetricsRateSettings = Settings<typeof ofMetricsRate>;
