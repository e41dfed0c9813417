const count = { statistic: "SUM", unit: "COUNT", composition: { kind: "count" } } as const;

const counts = {
  CONTACTS_QUEUED: count,
  CONTACTS_HANDLED: count,
  CONTACTS_ABANDONED: count,
  CONTACTS_CONSULTED: count,
  CONTACTS_AGENT_HUNG_UP_FIRST: count,
  CONTACTS_HANDLED_INCOMING: count,
  CONTACTS_HANDLED_OUTBOUND: count,
  CONTACTS_HOLD_ABANDONS: count,
  CONTACTS_TRANSFERRED_IN: count,
  CONTACTS_TRANSFERRED_OUT: count,
  CONTACTS_TRANSFERRED_IN_FROM_QUEUE: count,
  CONTACTS_TRANSFERRED_OUT_FROM_QUEUE: count,
  CONTACTS_MISSED: count,
  CALLBACK_CONTACTS_HANDLED: count,
  API_CONTACTS_HANDLED: count,
} as const;

/** Of what a metric is made, and so how several of its values become one. */
export type Composition =
  /** Adds up. */
  | { kind: "count" }
  /** The longest counts. */
  | { kind: "maximum" }
  /** A mean, or a share in percent, of so many as the column `over` counts. */
  | { kind: "mean"; over: keyof typeof counts }
  /**
   * The mean hold of those contacts that were put on hold, which nothing counts. All hold together is what lies between
   * INTERACTION_AND_HOLD_TIME and INTERACTION_TIME, over the contacts handled; divided by the mean it gives how many.
   */
  | { kind: "hold" }
  /** A share of agents' time, of which no metric tells how much it is: several values do not become one. */
  | { kind: "share of time" };

interface Kind {
  statistic: "SUM" | "AVG" | "MAX";
  unit: "COUNT" | "SECONDS" | "PERCENT";
  composition: Composition;
}

const mean = (over: keyof typeof counts): Kind => ({
  statistic: "AVG",
  unit: "SECONDS",
  composition: { kind: "mean", over },
});

/** The metrics of GetMetricData, each with the one statistic and the one unit that Connect takes for it. */
export const historicalMetrics = {
  ...counts,
  HANDLE_TIME: mean("CONTACTS_HANDLED"),
  AFTER_CONTACT_WORK_TIME: mean("CONTACTS_HANDLED"),
  INTERACTION_TIME: mean("CONTACTS_HANDLED"),
  INTERACTION_AND_HOLD_TIME: mean("CONTACTS_HANDLED"),
  QUEUE_ANSWER_TIME: mean("CONTACTS_HANDLED"),
  ABANDON_TIME: mean("CONTACTS_ABANDONED"),
  HOLD_TIME: { statistic: "AVG", unit: "SECONDS", composition: { kind: "hold" } },
  QUEUED_TIME: { statistic: "MAX", unit: "SECONDS", composition: { kind: "maximum" } },
  OCCUPANCY: { statistic: "AVG", unit: "PERCENT", composition: { kind: "share of time" } },
  SERVICE_LEVEL: {
    statistic: "AVG",
    unit: "PERCENT",
    composition: { kind: "mean", over: "CONTACTS_QUEUED" },
  },
} as const satisfies Record<string, Kind>;

export type HistoricalMetric = keyof typeof historicalMetrics;

export const historicalNames = Object.keys(historicalMetrics) as HistoricalMetric[];

/** One value that is asked for. `threshold`: seconds, for SERVICE_LEVEL and for nothing else. */
export interface Column {
  column: string;
  metric: HistoricalMetric;
  threshold?: number;
}

/** Every metric once, and SERVICE_LEVEL once for each threshold. */
export const columnsOf = (thresholds: readonly number[]): Column[] =>
  historicalNames.flatMap((metric): Column[] =>
    metric === "SERVICE_LEVEL"
      ? thresholds.map((threshold) => ({ column: `SERVICE_LEVEL_${threshold}`, metric, threshold }))
      : [{ column: metric, metric }],
  );

const serviceLevel = /^SERVICE_LEVEL_\d+$/;

/** The metric of a column, undefined for one that is none of history's. */
export const metricOf = (column: string): HistoricalMetric | undefined =>
  serviceLevel.test(column) ? "SERVICE_LEVEL" : historicalNames.find((name) => name === column);
