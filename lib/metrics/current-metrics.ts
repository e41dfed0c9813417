/** The metrics of GetCurrentMetricData with the unit that each has. */
export const currentMetrics = {
  // An agent who serves several queues is counted in each of them: over queues the first seven do not add up.
  AGENTS_ONLINE: { unit: "COUNT" },
  AGENTS_AVAILABLE: { unit: "COUNT" },
  AGENTS_NON_PRODUCTIVE: { unit: "COUNT" },
  AGENTS_STAFFED: { unit: "COUNT" },
  AGENTS_ERROR: { unit: "COUNT" },
  SLOTS_ACTIVE: { unit: "COUNT" },
  SLOTS_AVAILABLE: { unit: "COUNT" },
  // The older name of AGENTS_ON_CONTACT, which Connect still takes.
  AGENTS_ON_CALL: { unit: "COUNT" },
  AGENTS_ON_CONTACT: { unit: "COUNT" },
  AGENTS_AFTER_CONTACT_WORK: { unit: "COUNT" },
  CONTACTS_IN_QUEUE: { unit: "COUNT" },
  CONTACTS_SCHEDULED: { unit: "COUNT" },
  OLDEST_CONTACT_AGE: { unit: "SECONDS" },
  ESTIMATED_WAIT_TIME: { unit: "SECONDS" },
} as const satisfies Record<string, { unit: "COUNT" | "SECONDS" }>;

export type CurrentMetric = keyof typeof currentMetrics;

export const currentNames = Object.keys(currentMetrics) as CurrentMetric[];
