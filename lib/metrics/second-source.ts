import type { Column, HistoricalMetric } from "./historical-metrics.ts";

/** What GetMetricDataV2 is asked for one value. All filters hold at once; of the values of a filter any one does. */
export interface SecondMetric {
  name: string;
  filters?: readonly { key: "INITIATION_METHOD" | "DISCONNECT_REASON"; values: readonly string[] }[];
  /** Seconds, for SERVICE_LEVEL and for nothing else: less than so many. */
  threshold?: number;
}

export interface SecondColumn {
  column: string;
  /** Null where the second source has no such thing: its value is null. */
  metric: SecondMetric | null;
}

const begunBy = (...values: string[]) => ({ key: "INITIATION_METHOD", values }) as const;
const endedBy = (...values: string[]) => ({ key: "DISCONNECT_REASON", values }) as const;

const handled = (...filters: NonNullable<SecondMetric["filters"]>): SecondMetric => ({
  name: "CONTACTS_HANDLED",
  filters,
});

/**
 * What the first source calls so, as the second one gives it by queue. Null where it does not: it does not count consultations,
 * gives occupancy by agent alone, and Amazon's guide names no filter that tells those from a queue apart.
 */
const sameOfSecond: Record<Exclude<HistoricalMetric, "SERVICE_LEVEL">, SecondMetric | null> = {
  CONTACTS_QUEUED: { name: "CONTACTS_QUEUED" },
  CONTACTS_HANDLED: { name: "CONTACTS_HANDLED" },
  CONTACTS_ABANDONED: { name: "CONTACTS_ABANDONED" },
  CONTACTS_CONSULTED: null,
  CONTACTS_AGENT_HUNG_UP_FIRST: handled(endedBy("AGENT_DISCONNECT")),
  CONTACTS_HANDLED_INCOMING: handled(begunBy("INBOUND", "TRANSFER", "QUEUE_TRANSFER")),
  CONTACTS_HANDLED_OUTBOUND: handled(begunBy("OUTBOUND")),
  CONTACTS_HOLD_ABANDONS: { name: "CONTACTS_HOLD_ABANDONS" },
  CONTACTS_TRANSFERRED_IN: { name: "CONTACTS_CREATED", filters: [begunBy("TRANSFER", "QUEUE_TRANSFER")] },
  CONTACTS_TRANSFERRED_OUT: { name: "CONTACTS_TRANSFERRED_OUT" },
  CONTACTS_TRANSFERRED_IN_FROM_QUEUE: null,
  CONTACTS_TRANSFERRED_OUT_FROM_QUEUE: { name: "CONTACTS_TRANSFERRED_OUT_FROM_QUEUE" },
  CONTACTS_MISSED: { name: "AGENT_NON_RESPONSE" },
  CALLBACK_CONTACTS_HANDLED: handled(begunBy("CALLBACK")),
  API_CONTACTS_HANDLED: handled(begunBy("API")),
  HANDLE_TIME: { name: "AVG_HANDLE_TIME" },
  AFTER_CONTACT_WORK_TIME: { name: "AVG_AFTER_CONTACT_WORK_TIME" },
  INTERACTION_TIME: { name: "AVG_INTERACTION_TIME" },
  INTERACTION_AND_HOLD_TIME: { name: "AVG_INTERACTION_AND_HOLD_TIME" },
  QUEUE_ANSWER_TIME: { name: "AVG_QUEUE_ANSWER_TIME" },
  ABANDON_TIME: { name: "AVG_ABANDON_TIME" },
  HOLD_TIME: { name: "AVG_HOLD_TIME" },
  QUEUED_TIME: { name: "MAX_QUEUED_TIME" },
  OCCUPANCY: null,
};

/** The columns of the first source, as the second one has them. */
export const secondColumnsOf = (columns: readonly Column[]): SecondColumn[] =>
  columns.map(({ column, metric, threshold }) => ({
    column,
    metric:
      metric === "SERVICE_LEVEL"
        ? { name: metric, ...(threshold !== undefined && { threshold }) }
        : sameOfSecond[metric],
  }));

const reasons = [
  "CUSTOMER_DISCONNECT",
  "AGENT_DISCONNECT",
  "THIRD_PARTY_DISCONNECT",
  "CONTACT_FLOW_DISCONNECT",
  "TELECOM_PROBLEM",
  "BARGED",
  "EXPIRED",
  "API",
  "OTHER",
];

/** Of calls that were not answered. */
const unanswered = [
  "TELECOM_BUSY",
  "TELECOM_UNANSWERED",
  "TELECOM_TIMEOUT",
  "TELECOM_NUMBER_INVALID",
  "TELECOM_POTENTIAL_BLOCKING",
  "TELECOM_ORIGINATOR_CANCEL",
];

/** What the second source alone has: dials, and by what reason contacts ended. */
export const outcomeColumns: readonly SecondColumn[] = [
  { column: "CONTACTS_CREATED", metric: { name: "CONTACTS_CREATED" } },
  { column: "API_CONTACTS", metric: { name: "CONTACTS_CREATED", filters: [begunBy("API")] } },
  { column: "API_CONTACTS_ABANDONED", metric: { name: "CONTACTS_ABANDONED", filters: [begunBy("API")] } },
  ...reasons.map((reason) => ({ column: `CONTACTS_HANDLED_${reason}`, metric: handled(endedBy(reason)) })),
  ...reasons.map((reason) => ({
    column: `API_CONTACTS_HANDLED_${reason}`,
    metric: handled(begunBy("API"), endedBy(reason)),
  })),
  ...[...reasons, ...unanswered].map((reason) => ({
    column: `CONTACTS_DISCONNECTED_${reason}`,
    metric: { name: "SUM_CONTACTS_DISCONNECTED", filters: [endedBy(reason)] },
  })),
];

export const outcomeNames = outcomeColumns.map(({ column }) => column);
