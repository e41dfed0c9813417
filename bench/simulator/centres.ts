import type { CentreConfigInput } from "../../local/connect-simulator/simulator.ts";

const noLimit = { rate: 1e9, burst: 1e9 };

export const operations = [
  "DescribeUser",
  "ListUsers",
  "SearchUsers",
  "CreateUser",
  "GetCurrentMetricData",
  "StartOutboundVoiceContact",
  "DescribeInstance",
  "ListInstances",
] as const;

export const queuesAsked = 100;
const agents = 20;

/** So many users, of whom a few are agents at work, and nothing that holds a request back. */
export function largeCentre(users: number): CentreConfigInput {
  return {
    instances: [
      {
        limits: { users: 10_000_000, activeCalls: 1_000_000 },
        queues: named("Queue", queuesAsked),
        users: [
          { username: "agent", count: agents },
          { username: "user", count: users - agents, status: "Offline" },
        ],
      },
    ],
    quotas: Object.fromEntries(operations.map((name) => [name, noLimit])),
  };
}

/** Contacts of each hour of the day, in all queues together: 1,400 on average, and more than 200 agents can take at noon. */
const perHour = [
  500, 400, 350, 350, 450, 700, 1100, 1600, 1950, 2100, 2150, 2150, 2100, 2050, 2050, 2000, 1950, 1900, 1700,
  1450, 1200, 950, 750, 1700,
];

/** 200 agents on three routing profiles; each queue is served by two of them. */
export function busyCentre(queues: number): CentreConfigInput {
  const names = named("Queue", queues);
  const profiles = named("Profile", 3);
  return {
    instances: [
      {
        limits: { activeCalls: 100_000 },
        queues: names,
        routingProfiles: profiles.map((name, profile) => ({
          name,
          queues: names.filter((_, queue) => queue % 3 === profile || (queue + 1) % 3 === profile),
        })),
        users: [70, 65, 65].map((count, profile) => ({
          username: `agent-${profile + 1}`,
          count,
          routingProfile: profiles[profile],
        })),
        load: names.map((queue) => ({ queue, perHour: perHour.map((contacts) => contacts / queues) })),
        behaviour: {
          durations: { talk: [120, 420], afterContactWork: [20, 90] },
          missedOffers: 0.02,
          holds: 0.15,
          holdAbandons: 0.05,
          consults: 0.03,
          agentTransfers: 0.05,
          queueTransfers: 0.2,
          callbacks: 0.3,
          breaks: { every: [5400, 9000], last: [300, 900] },
        },
      },
    ],
  };
}

function named(kind: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind} ${index + 1}`);
}
