import type { Channel, RoutingProfile } from "../instance/instance.ts";
import type { Table } from "../instance/table.ts";
import type { Journal } from "../journal.ts";
import type { Books } from "./books.ts";
import { type Contact, isInQueue } from "./contact.ts";

export const available = "Available";
export const offline = "Offline";

export type AgentActivity = "idle" | "offered" | "on-contact" | "after-contact-work" | "error";

/** What an agent still has before it. `at`: simulated milliseconds. */
export type AgentStep = {
  readonly kind: "SHIFT_BEGINS" | "SHIFT_ENDS" | "BREAK_BEGINS" | "BREAK_ENDS" | "RECOVERS";
  readonly at: number;
};

/** A user who takes contacts, or has. Times are simulated milliseconds. */
export type Agent = {
  readonly userId: string;
  readonly instanceId: string;
  readonly username: string;
  readonly ordinal: number;
  routingProfileId: string;
  /** Available, Offline, or a custom status. */
  status: string;
  /** Chosen during a contact, and taken once that is done. */
  nextStatus: string | null;
  activity: AgentActivity;
  contactId: string | null;
  /** Since when the agent has been free, or was last. */
  freeSince: number;
  ahead: AgentStep[];
  /** How many draws this agent has had, so that a restart does not repeat them. */
  draws: number;
};

/** Free to take a contact. */
export const isFree = (agent: Agent): boolean =>
  agent.status === available && agent.nextStatus === null && agent.activity === "idle";

export const isOnline = (agent: Agent): boolean => agent.status !== offline;

/** Where the agents of one instance sit, and where its contacts wait for them. */
export type Floor = {
  agent(userId: string): Agent | undefined;
  /** Everybody who has ever signed in. */
  agents(): Iterable<Agent>;
  seat(agent: Agent): void;
  leave(agent: Agent): void;
  /** Keeps what is planned for an agent. */
  save(agent: Agent): void;
  /** The only way to change an agent: keeps what is known of free agents, and their idle time, in step. */
  change(agent: Agent, now: number, changes: Partial<Agent>): void;
  /** Waiting and offered ones alike, the oldest first. */
  inQueue(queueId: string): ReadonlySet<Contact>;
  scheduled(queueId: string): ReadonlySet<Contact>;
  join(contact: Contact): void;
  part(contact: Contact): void;
  /** The agent who has been free the longest among those who may take such a contact. */
  agentFor(contact: Contact): Agent | undefined;
  /** What this agent should take next: by the priorities of the routing profile, then the oldest. */
  contactFor(agent: Agent): Contact | undefined;
  profilesServing(queueId: string, channel?: Channel): readonly RoutingProfile[];
};

type Parts = {
  instanceId: string;
  routingProfiles: Table<RoutingProfile>;
  contacts: Iterable<Contact>;
  books: Books;
  journal: Journal;
};

export function floor({ instanceId, routingProfiles, contacts, books, journal }: Parts): Floor {
  const keyOf = ({ userId }: Agent) => `${instanceId} ${userId}`;
  const agents = new Map<string, Agent>();
  /** By routing profile, the one who has been free the longest first. */
  const free = new Map<string, Set<Agent>>();
  const queues = new Map<string, Set<Contact>>();
  const callbacks = new Map<string, Set<Contact>>();

  function of<Member>(groups: Map<string, Set<Member>>, key: string): Set<Member> {
    const found = groups.get(key) ?? new Set<Member>();
    groups.set(key, found);
    return found;
  }

  function profilesServing(queueId: string, channel?: Channel): readonly RoutingProfile[] {
    const serving: RoutingProfile[] = [];
    for (const profile of routingProfiles.all()) {
      if (channel !== undefined && !profile.channels.includes(channel)) continue;
      if (profile.queues.some((one) => one.queueId === queueId)) serving.push(profile);
    }
    return serving;
  }

  const index = new Map<string, readonly RoutingProfile[]>();
  function serving(contact: Contact): readonly RoutingProfile[] {
    const key = `${contact.channel} ${contact.queueId}`;
    const found = index.get(key) ?? profilesServing(contact.queueId, contact.channel);
    index.set(key, found);
    return found;
  }

  function firstWaiting(queueId: string, channels: readonly Channel[]): Contact | undefined {
    for (const contact of queues.get(queueId) ?? []) {
      if (contact.offeredTo === null && channels.includes(contact.channel)) return contact;
    }
    return undefined;
  }

  function join(contact: Contact): void {
    of(contact.scheduled ? callbacks : queues, contact.queueId).add(contact);
  }

  for (const agent of journal.found<Agent>("agent")) {
    if (agent.instanceId !== instanceId) continue;
    agents.set(agent.userId, agent);
  }
  for (const agent of [...agents.values()].filter(isFree).sort((a, b) => a.freeSince - b.freeSince)) {
    of(free, agent.routingProfileId).add(agent);
  }
  const waiting = [...contacts].filter((one) => one.instanceId === instanceId);
  for (const contact of waiting.filter(({ scheduled }) => scheduled)) join(contact);
  for (const contact of waiting
    .filter(isInQueue)
    .sort((a, b) => (a.enqueuedAt ?? 0) - (b.enqueuedAt ?? 0) || a.ordinal - b.ordinal)) {
    join(contact);
  }

  const nobody: ReadonlySet<Contact> = new Set();

  return {
    agent: (userId) => agents.get(userId),
    agents: () => agents.values(),
    seat(agent) {
      agents.set(agent.userId, agent);
      if (isFree(agent)) of(free, agent.routingProfileId).add(agent);
      journal.put("agent", keyOf(agent), agent);
    },
    save(agent) {
      if (agents.get(agent.userId) === agent) journal.put("agent", keyOf(agent), agent);
    },
    leave(agent) {
      free.get(agent.routingProfileId)?.delete(agent);
      agents.delete(agent.userId);
      journal.forget("agent", keyOf(agent));
    },
    change(agent, now, changes) {
      if (isFree(agent)) {
        books.addIdleTime(agent.routingProfileId, agent.freeSince, now);
        free.get(agent.routingProfileId)?.delete(agent);
      }
      Object.assign(agent, changes);
      if (isFree(agent)) {
        agent.freeSince = now;
        of(free, agent.routingProfileId).add(agent);
      }
      journal.put("agent", keyOf(agent), agent);
    },
    inQueue: (queueId) => queues.get(queueId) ?? nobody,
    scheduled: (queueId) => callbacks.get(queueId) ?? nobody,
    join,
    part(contact) {
      queues.get(contact.queueId)?.delete(contact);
      callbacks.get(contact.queueId)?.delete(contact);
    },
    agentFor(contact) {
      let longest: Agent | undefined;
      for (const { id } of serving(contact)) {
        const [first] = free.get(id) ?? [];
        if (first === undefined) continue;
        const earlier = longest === undefined || first.freeSince < longest.freeSince;
        const tie = first.freeSince === longest?.freeSince && first.ordinal < longest.ordinal;
        if (earlier || tie) longest = first;
      }
      return longest;
    },
    contactFor(agent) {
      const profile = routingProfiles.get(agent.routingProfileId);
      let best: { contact: Contact; priority: number } | undefined;
      for (const { queueId, priority } of profile?.queues ?? []) {
        if (best !== undefined && priority > best.priority) continue;
        const contact = firstWaiting(queueId, profile?.channels ?? []);
        if (contact === undefined) continue;
        const older = (contact.enqueuedAt ?? 0) < (best?.contact.enqueuedAt ?? Number.POSITIVE_INFINITY);
        if (best === undefined || priority < best.priority || older) best = { contact, priority };
      }
      return best?.contact;
    },
    profilesServing,
  };
}
