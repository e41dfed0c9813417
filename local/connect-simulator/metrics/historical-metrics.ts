import type { Book, Count } from "../centre/books.ts";
import type { Contact } from "../centre/contact.ts";
import { type Agent, isFree } from "../centre/floor.ts";
import type { Instance } from "../instance/instance.ts";
import {
  abandonTime,
  answerTime,
  count,
  type Figure,
  handleTime,
  holdTime,
  interactionAndHoldTime,
  interactionTime,
  longestWait,
  occupancy,
  serviceLevel,
  workTime,
} from "./figures.ts";
import type { Scope } from "./metric-filters.ts";

/** A metric of GetMetricData: the one statistic and the one unit that it has. */
type Kind = { statistic: "SUM" | "AVG" | "MAX"; unit: "COUNT" | "SECONDS" | "PERCENT"; figure: Figure };

const counted = (name: Count): Kind => ({
  statistic: "SUM",
  unit: "COUNT",
  figure: count((book) => book[name]),
});
const meanOf = (time: { mean: Figure }): Kind => ({ statistic: "AVG", unit: "SECONDS", figure: time.mean });
const percentOf = (figure: Figure): Kind => ({ statistic: "AVG", unit: "PERCENT", figure });

export const historicalKinds = {
  CONTACTS_QUEUED: counted("queued"),
  CONTACTS_HANDLED: counted("handled"),
  CONTACTS_ABANDONED: counted("abandoned"),
  CONTACTS_CONSULTED: counted("consulted"),
  CONTACTS_AGENT_HUNG_UP_FIRST: counted("agentHungUpFirst"),
  CONTACTS_HANDLED_INCOMING: counted("handledIncoming"),
  CONTACTS_HANDLED_OUTBOUND: counted("handledOutbound"),
  CONTACTS_HOLD_ABANDONS: counted("holdAbandons"),
  CONTACTS_TRANSFERRED_IN: counted("transferredIn"),
  CONTACTS_TRANSFERRED_OUT: counted("transferredOut"),
  CONTACTS_TRANSFERRED_IN_FROM_QUEUE: counted("transferredInFromQueue"),
  CONTACTS_TRANSFERRED_OUT_FROM_QUEUE: counted("transferredOutFromQueue"),
  CONTACTS_MISSED: counted("missed"),
  CALLBACK_CONTACTS_HANDLED: counted("callbackHandled"),
  API_CONTACTS_HANDLED: counted("apiHandled"),
  OCCUPANCY: percentOf(occupancy),
  HANDLE_TIME: meanOf(handleTime),
  AFTER_CONTACT_WORK_TIME: meanOf(workTime),
  QUEUED_TIME: { statistic: "MAX", unit: "SECONDS", figure: longestWait },
  ABANDON_TIME: meanOf(abandonTime),
  QUEUE_ANSWER_TIME: meanOf(answerTime),
  HOLD_TIME: meanOf(holdTime),
  INTERACTION_TIME: meanOf(interactionTime),
  INTERACTION_AND_HOLD_TIME: meanOf(interactionAndHoldTime),
  SERVICE_LEVEL: percentOf(serviceLevel),
} as const satisfies Record<string, Kind>;

export type HistoricalMetricName = keyof typeof historicalKinds;

/** Milliseconds of agents, what is under way included. */
export type History = {
  readonly books: readonly Book[];
  /** Those who serve the scope, waiting for contacts. */
  readonly idleMs: number;
  /** Anybody, on contacts of the scope's queues. */
  readonly queueMs: number;
  /** Those who serve the scope, on any contacts. */
  readonly agentMs: number;
};

type Since = ReadonlyMap<string, readonly number[]>;

/** Since when agents have been free, by routing profile, and on a contact, by its queue and channel and by routing profile. */
export type UnderWay = { readonly free: Since; readonly ofQueue: Since; readonly ofProfile: Since };

/** One look at all agents, for all groups of an answer. `contactOf`: the contact that an agent has. */
export function underWayOf({ floor }: Instance, contactOf: (agent: Agent) => Contact | undefined): UnderWay {
  const free = new Map<string, number[]>();
  const ofQueue = new Map<string, number[]>();
  const ofProfile = new Map<string, number[]>();
  const add = (to: Map<string, number[]>, key: string, since: number) =>
    to.set(key, [...(to.get(key) ?? []), since]);
  for (const agent of floor.agents()) {
    if (isFree(agent)) add(free, agent.routingProfileId, agent.freeSince);
    const contact = agent.contactId === null ? undefined : contactOf(agent);
    if (!contact || contact.agentConnectedAt === null) continue;
    add(ofQueue, `${contact.queueId} ${contact.channel}`, contact.agentConnectedAt);
    add(ofProfile, agent.routingProfileId, contact.agentConnectedAt);
  }
  return { free, ofQueue, ofProfile };
}

/** `start` up to, not including, `end`. What the books hold counts from the interval that `start` is in. */
export function historyOf(
  scope: Scope,
  { books }: Instance,
  underWay: UnderWay,
  { start, end, now }: { start: number; end: number; now: number },
): History {
  const found = scope.queueIds
    .flatMap((queueId) => books.between(queueId, start, end))
    .filter(({ channel }) => scope.channels.includes(channel));
  const within = (since: readonly number[] = []) =>
    since.reduce((ms, from) => ms + Math.max(0, Math.min(now, end) - Math.max(from, start)), 0);
  let idleMs = 0;
  let agentMs = 0;
  for (const { id } of scope.profiles) {
    const time = books.timeBetween(id, start, end);
    idleMs += time.idleMs + within(underWay.free.get(id));
    agentMs += time.contactMs + within(underWay.ofProfile.get(id));
  }
  let queueMs = found.reduce((ms, { contactMs }) => ms + contactMs, 0);
  for (const queueId of scope.queueIds) {
    for (const channel of scope.channels) queueMs += within(underWay.ofQueue.get(`${queueId} ${channel}`));
  }
  return { books: found, idleMs, queueMs, agentMs };
}

/** Null where nothing can be computed. */
export const historicalValue = (
  name: HistoricalMetricName,
  { books, idleMs, queueMs }: History,
  threshold: number | null,
): number | null =>
  historicalKinds[name].figure({
    books,
    idleMs,
    contactMs: queueMs,
    within: (second) => second < (threshold ?? 0),
    reasons: null,
  });
