/** The metrics of GetCurrentMetricData with the unit that each has. A count that adds up over queues says so. */
export const currentMetrics = {
  // An agent who serves several queues is counted in each of them: over queues these do not add up.
  AGENTS_ONLINE: { unit: "COUNT", addsUp: false },
  AGENTS_AVAILABLE: { unit: "COUNT", addsUp: false },
  AGENTS_NON_PRODUCTIVE: { unit: "COUNT", addsUp: false },
  AGENTS_STAFFED: { unit: "COUNT", addsUp: false },
  AGENTS_ERROR: { unit: "COUNT", addsUp: false },
  SLOTS_ACTIVE: { unit: "COUNT", addsUp: false },
  SLOTS_AVAILABLE: { unit: "COUNT", addsUp: false },
  // The older name of AGENTS_ON_CONTACT, which Connect still takes.
  AGENTS_ON_CALL: { unit: "COUNT", addsUp: true },
  AGENTS_ON_CONTACT: { unit: "COUNT", addsUp: true },
  AGENTS_AFTER_CONTACT_WORK: { unit: "COUNT", addsUp: true },
  CONTACTS_IN_QUEUE: { unit: "COUNT", addsUp: true },
  CONTACTS_SCHEDULED: { unit: "COUNT", addsUp: true },
  OLDEST_CONTACT_AGE: { unit: "SECONDS", addsUp: false },
  ESTIMATED_WAIT_TIME: { unit: "SECONDS", addsUp: false },
} as const satisfies Record<string, { unit: "COUNT" | "SECONDS"; addsUp: boolean }>;

export type CurrentMetric = keyof typeof currentMetrics;

export const currentNames = Object.keys(currentMetrics) as CurrentMetric[];
