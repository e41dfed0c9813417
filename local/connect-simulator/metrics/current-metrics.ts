import { type Agent, available, isFree, isOnline } from "../centre/floor.ts";
import type { Instance } from "../instance/instance.ts";
import type { Scope } from "./metric-filters.ts";

/** The metrics of GetCurrentMetricData with the one unit that each has. */
export const currentUnits = {
  AGENTS_ONLINE: "COUNT",
  AGENTS_AVAILABLE: "COUNT",
  AGENTS_ON_CALL: "COUNT",
  AGENTS_NON_PRODUCTIVE: "COUNT",
  AGENTS_AFTER_CONTACT_WORK: "COUNT",
  AGENTS_ERROR: "COUNT",
  AGENTS_STAFFED: "COUNT",
  CONTACTS_IN_QUEUE: "COUNT",
  OLDEST_CONTACT_AGE: "SECONDS",
  CONTACTS_SCHEDULED: "COUNT",
  AGENTS_ON_CONTACT: "COUNT",
  SLOTS_ACTIVE: "COUNT",
  SLOTS_AVAILABLE: "COUNT",
  ESTIMATED_WAIT_TIME: "SECONDS",
} as const;

export type CurrentMetricName = keyof typeof currentUnits;

type AgentTally = {
  online: number;
  available: number;
  nonProductive: number;
  error: number;
  /** Agents who have a contact at all, ringing ones included. */
  occupied: number;
  statuses: Map<string, number>;
};
type ContactTally = { onContact: number; afterContactWork: number };

/** One look at all agents of an instance, from which every metric of a snapshot is read. */
export type Tally = {
  readonly now: number;
  readonly instance: Instance;
  readonly byProfile: ReadonlyMap<string, AgentTally>;
  /** By queue and channel of the contact that an agent is busy with; by the agent's profile in another. */
  readonly byContact: ReadonlyMap<string, ContactTally>;
};

/** `contactOf`: the queue and channel of an agent's contact. */
export function tallyOf(
  instance: Instance,
  contactOf: (agent: Agent) => { queueId: string; channel: string } | undefined,
  now: number,
): Tally {
  const byProfile = new Map<string, AgentTally>();
  const byContact = new Map<string, ContactTally>();
  for (const agent of instance.floor.agents()) {
    if (!isOnline(agent)) continue;
    const tally = byProfile.get(agent.routingProfileId) ?? {
      online: 0,
      available: 0,
      nonProductive: 0,
      error: 0,
      occupied: 0,
      statuses: new Map<string, number>(),
    };
    byProfile.set(agent.routingProfileId, tally);
    tally.online += 1;
    if (isFree(agent)) tally.available += 1;
    if (agent.status !== available) tally.nonProductive += 1;
    if (agent.activity === "error") tally.error += 1;
    if (agent.contactId !== null) tally.occupied += 1;
    tally.statuses.set(agent.status, (tally.statuses.get(agent.status) ?? 0) + 1);

    const busy = agent.activity === "on-contact" || agent.activity === "after-contact-work";
    const contact = busy ? contactOf(agent) : undefined;
    if (contact === undefined) continue;
    const key = `${contact.queueId} ${contact.channel}`;
    const contacts = byContact.get(key) ?? { onContact: 0, afterContactWork: 0 };
    byContact.set(key, contacts);
    contacts.onContact += 1;
    if (agent.activity === "after-contact-work") contacts.afterContactWork += 1;
  }
  return { now, instance, byProfile, byContact };
}

/** Null where nothing can be computed. OLDEST_CONTACT_AGE in milliseconds, ESTIMATED_WAIT_TIME in seconds. */
export function currentValue(name: CurrentMetricName, scope: Scope, tally: Tally): number | null {
  const agents = (count: (of: AgentTally) => number) =>
    sum(scope.profiles, ({ id }) => {
      const found = tally.byProfile.get(id);
      return found === undefined ? 0 : count(found);
    });
  const contacts = (count: (of: ContactTally) => number) =>
    sum(scope.queueIds, (queueId) =>
      sum(scope.channels, (channel) => {
        const found = tally.byContact.get(`${queueId} ${channel}`);
        return found === undefined ? 0 : count(found);
      }),
    );
  switch (name) {
    case "AGENTS_ONLINE":
      return agents(({ online, statuses }) =>
        scope.statuses === undefined ? online : sum([...scope.statuses], (one) => statuses.get(one) ?? 0),
      );
    case "AGENTS_AVAILABLE":
    case "SLOTS_AVAILABLE":
      return agents((of) => of.available);
    case "AGENTS_NON_PRODUCTIVE":
      return agents((of) => of.nonProductive);
    case "AGENTS_STAFFED":
      return agents((of) => of.online - of.nonProductive);
    case "AGENTS_ERROR":
      return agents((of) => of.error);
    case "SLOTS_ACTIVE":
      return agents((of) => of.occupied);
    case "AGENTS_ON_CALL":
    case "AGENTS_ON_CONTACT":
      return contacts((of) => of.onContact);
    case "AGENTS_AFTER_CONTACT_WORK":
      return contacts((of) => of.afterContactWork);
    case "CONTACTS_IN_QUEUE":
      return waitingOf(scope, tally).length;
    case "CONTACTS_SCHEDULED":
      return sum(scope.queueIds, (queueId) => {
        const scheduled = tally.instance.floor.scheduled(queueId);
        return scope.channels.includes("VOICE") ? scheduled.size : 0;
      });
    case "OLDEST_CONTACT_AGE":
      return waitingOf(scope, tally).reduce((oldest, at) => Math.max(oldest, tally.now - at), 0);
    case "ESTIMATED_WAIT_TIME": {
      const staffed = agents((of) => of.online - of.nonProductive);
      if (staffed === 0) return null;
      const { talk, afterContactWork } = tally.instance.behaviour.durations;
      const handling = (talk[0] + talk[1] + afterContactWork[0] + afterContactWork[1]) / 2;
      return Math.round((waitingOf(scope, tally).length * handling) / staffed);
    }
  }
}

/** When each contact that now waits was queued. */
function waitingOf(scope: Scope, { instance }: Tally): number[] {
  return scope.queueIds.flatMap((queueId) =>
    [...instance.floor.inQueue(queueId)]
      .filter(({ channel }) => scope.channels.includes(channel))
      .map(({ enqueuedAt }) => enqueuedAt ?? 0),
  );
}

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
