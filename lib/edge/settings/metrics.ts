import * as v from "valibot";
import { days, filled, number } from "./kinds.ts";
import type { Settings } from "./settings.ts";

const list = (fallback: string) =>
  v.pipe(
    v.optional(v.string(), fallback),
    v.transform((text) =>
      text
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ""),
    ),
  );

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
};

export const ofSnapshotMetrics = {
  ...ofMetrics,
  ...ofMetricsRate,
  PACER_TABLE: filled,
  METRICS_QUEUES: list(""),
  METRICS_SERVICE_LEVEL_SECONDS: thresholds,
  METRICS_PER_QUEUE: v.pipe(
    v.optional(v.picklist(["true", "false"]), "false"),
    v.transform((text) => text === "true"),
  ),
};

export const ofRollUpMetrics = ofMetrics;
export const ofReadMetrics = ofMetrics;
export const ofExportMetrics = { ...ofMetrics, METRICS_BUCKET: filled };

export type MetricsSettings = Settings<typeof ofMetrics>;
export type MetricsRateSettings = Settings<typeof ofMetricsRate>;
