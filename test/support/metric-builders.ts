import type { MetricRow } from "../../lib/metrics/metric-row.ts";

/** Five minutes of a queue, read when they were over. */
export function aMetricRow(overrides: Partial<MetricRow> = {}): MetricRow {
  return {
    queueId: "queue-1",
    channel: "VOICE",
    resolution: "5m",
    at: "2026-11-24T12:00:00.000Z",
    asOf: "2026-11-24T12:05:00.000Z",
    values: { CONTACTS_QUEUED: 3, HANDLE_TIME: 100.5 },
    partial: false,
    ...overrides,
  };
}
