import { type MetricRow, stepOf } from "./metric-row.ts";

/** One number for CloudWatch. */
export interface Gauge {
  name: string;
  unit: "Count" | "Seconds";
  value: number;
}

/** Whoever watches the queues: is told of each snapshot, and of each interval of history when it is read. */
export interface Gauges {
  present(rows: readonly MetricRow[]): void;
  interval(rows: readonly MetricRow[]): void;
}

const numberIn = ({ values }: MetricRow, column: string): number => values[column] ?? 0;
const sumOf = (rows: readonly MetricRow[], column: string): number =>
  rows.reduce((sum, row) => sum + numberIn(row, column), 0);
const mostOf = (rows: readonly MetricRow[], column: string): number =>
  rows.reduce((most, row) => Math.max(most, numberIn(row, column)), 0);

const waitingIn = (rows: readonly MetricRow[]): Gauge[] => [
  { name: "contactsInQueue", unit: "Count", value: sumOf(rows, "CONTACTS_IN_QUEUE") },
  { name: "oldestContactSeconds", unit: "Seconds", value: mostOf(rows, "OLDEST_CONTACT_AGE") },
];

/**
 * All queues together, however many: agents who serve several cannot be added up, so what is told is in how many queues contacts
 * wait and nobody is staffed.
 */
export function presentGauges(rows: readonly MetricRow[]): Gauge[] {
  const unstaffed = [...byQueue(rows).values()].filter(
    (own) => sumOf(own, "CONTACTS_IN_QUEUE") > 0 && mostOf(own, "AGENTS_STAFFED") === 0,
  );
  return [...waitingIn(rows), { name: "queuesUnstaffed", unit: "Count", value: unstaffed.length }];
}

/** One queue, its channels together; the same agents are staffed for all of them. */
export const queueGauges = (rows: readonly MetricRow[]): Gauge[] => [
  ...waitingIn(rows),
  { name: "agentsStaffed", unit: "Count", value: mostOf(rows, "AGENTS_STAFFED") },
];

export const byQueue = (rows: readonly MetricRow[]): Map<string, MetricRow[]> =>
  Map.groupBy(rows, ({ queueId }) => queueId);

/** What is older is told to nobody: an alarm is of what is the case. */
const newsMs = 3 * stepOf["5m"];
const serviceLevel = /^SERVICE_LEVEL_(\d+)$/;

/**
 * The contacts of an interval that were queued, and that left their queue within each threshold: of any time the service level
 * is the one divided by the other.
 */
export function intervalGauges(rows: readonly MetricRow[], now: number): Gauge[] {
  const recent = rows.filter(({ at }) => now - Date.parse(at) <= newsMs);
  const columns = new Set(recent.flatMap(({ values }) => Object.keys(values)));
  const within = [...columns].flatMap((column): Gauge[] => {
    const [, seconds] = serviceLevel.exec(column) ?? [];
    if (seconds === undefined) return [];
    const value = recent.reduce(
      (sum, row) => sum + (numberIn(row, column) / 100) * numberIn(row, "CONTACTS_QUEUED"),
      0,
    );
    return [{ name: `contactsWithin${seconds}`, unit: "Count", value }];
  });
  if (within.length === 0) return [];
  return [{ name: "contactsQueued", unit: "Count", value: sumOf(recent, "CONTACTS_QUEUED") }, ...within];
}
