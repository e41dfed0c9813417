import type { Book, Count } from "../centre/books.ts";
import type { Contact } from "../centre/contact.ts";
import { type Agent, isFree } from "../centre/floor.ts";
import type { Instance } from "../instance/instance.ts";
import type { Scope } from "./metric-filters.ts";

/** A metric of GetMetricData: the one statistic and the one unit that it has. */
type Kind = { statistic: "SUM" | "AVG" | "MAX"; unit: "COUNT" | "SECONDS" | "PERCENT" };

const count: Kind = { statistic: "SUM", unit: "COUNT" };
const mean: Kind = { statistic: "AVG", unit: "SECONDS" };
const percent: Kind = { statistic: "AVG", unit: "PERCENT" };

export const historicalKinds = {
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
  OCCUPANCY: percent,
  HANDLE_TIME: mean,
  AFTER_CONTACT_WORK_TIME: mean,
  QUEUED_TIME: { statistic: "MAX", unit: "SECONDS" },
  ABANDON_TIME: mean,
  QUEUE_ANSWER_TIME: mean,
  HOLD_TIME: mean,
  INTERACTION_TIME: mean,
  INTERACTION_AND_HOLD_TIME: mean,
  SERVICE_LEVEL: percent,
} as const satisfies Record<string, Kind>;

export type HistoricalMetricName = keyof typeof historicalKinds;

const counts = {
  CONTACTS_QUEUED: "queued",
  CONTACTS_HANDLED: "handled",
  CONTACTS_ABANDONED: "abandoned",
  CONTACTS_CONSULTED: "consulted",
  CONTACTS_AGENT_HUNG_UP_FIRST: "agentHungUpFirst",
  CONTACTS_HANDLED_INCOMING: "handledIncoming",
  CONTACTS_HANDLED_OUTBOUND: "handledOutbound",
  CONTACTS_HOLD_ABANDONS: "holdAbandons",
  CONTACTS_TRANSFERRED_IN: "transferredIn",
  CONTACTS_TRANSFERRED_OUT: "transferredOut",
  CONTACTS_TRANSFERRED_IN_FROM_QUEUE: "transferredInFromQueue",
  CONTACTS_TRANSFERRED_OUT_FROM_QUEUE: "transferredOutFromQueue",
  CONTACTS_MISSED: "missed",
  CALLBACK_CONTACTS_HANDLED: "callbackHandled",
  API_CONTACTS_HANDLED: "apiHandled",
} as const satisfies Partial<Record<HistoricalMetricName, Count>>;

type Counted = keyof typeof counts;
const isCounted = (name: HistoricalMetricName): name is Counted => name in counts;

/** The books of one scope. `idleMs`: what its agents waited for contacts. `busyMs`: on contacts that are not yet entered. */
export type History = { readonly books: readonly Book[]; readonly idleMs: number; readonly busyMs: number };

/** Since when those who are free have been so, by routing profile, and those with a contact, by its queue and channel. */
export type UnderWay = {
  readonly free: ReadonlyMap<string, readonly number[]>;
  readonly busy: ReadonlyMap<string, readonly number[]>;
};

/** One look at all agents, for all groups of an answer. `contactOf`: the contact that an agent has. */
export function underWayOf({ floor }: Instance, contactOf: (agent: Agent) => Contact | undefined): UnderWay {
  const free = new Map<string, number[]>();
  const busy = new Map<string, number[]>();
  const add = (to: Map<string, number[]>, key: string, since: number) =>
    to.set(key, [...(to.get(key) ?? []), since]);
  for (const agent of floor.agents()) {
    if (isFree(agent)) add(free, agent.routingProfileId, agent.freeSince);
    const contact = agent.contactId === null ? undefined : contactOf(agent);
    if (!contact || contact.agentConnectedAt === null) continue;
    add(busy, `${contact.queueId} ${contact.channel}`, contact.agentConnectedAt);
  }
  return { free, busy };
}

/** `start` up to, not including, `end`, both on intervals. */
export function historyOf(
  scope: Scope,
  { books }: Instance,
  { free, busy }: UnderWay,
  { start, end, now }: { start: number; end: number; now: number },
): History {
  const found = scope.queueIds
    .flatMap((queueId) => books.between(queueId, start, end))
    .filter(({ channel }) => scope.channels.includes(channel));
  const within = (since: readonly number[] = []) =>
    since.reduce((ms, from) => ms + Math.max(0, Math.min(now, end) - Math.max(from, start)), 0);
  let idleMs = 0;
  for (const { id } of scope.profiles) idleMs += books.idleBetween(id, start, end) + within(free.get(id));
  let busyMs = 0;
  for (const queueId of scope.queueIds) {
    for (const channel of scope.channels) busyMs += within(busy.get(`${queueId} ${channel}`));
  }
  return { books: found, idleMs, busyMs };
}

/** Null where nothing can be computed: a mean of no contacts, a share of none. Times in seconds. */
export function historicalValue(
  name: HistoricalMetricName,
  { books, idleMs, busyMs }: History,
  threshold: number | null,
): number | null {
  const total = (of: (book: Book) => number) => books.reduce((sum, book) => sum + of(book), 0);
  const average = (ms: (book: Book) => number, of: (book: Book) => number) => {
    const among = total(of);
    return among === 0 ? null : total(ms) / among / 1000;
  };
  if (isCounted(name)) return total((book) => book[counts[name]]);
  switch (name) {
    case "OCCUPANCY": {
      const busy = total((book) => book.contactMs) + busyMs;
      return busy + idleMs === 0 ? null : (busy / (busy + idleMs)) * 100;
    }
    case "HANDLE_TIME":
      return average((book) => book.interactionMs + book.holdMs + book.afterContactWorkMs, finished);
    case "AFTER_CONTACT_WORK_TIME":
      return average((book) => book.afterContactWorkMs, finished);
    case "INTERACTION_TIME":
      return average((book) => book.interactionMs, finished);
    case "INTERACTION_AND_HOLD_TIME":
      return average((book) => book.interactionMs + book.holdMs, finished);
    case "HOLD_TIME":
      return average(
        (book) => book.holdMs,
        (book) => book.held,
      );
    case "ABANDON_TIME":
      return average(
        (book) => book.abandonMs,
        (book) => book.abandoned,
      );
    case "QUEUE_ANSWER_TIME":
      return average(
        (book) => book.answerMs,
        (book) => book.answered,
      );
    case "QUEUED_TIME":
      return books.some(({ answered, abandoned, longestWaitMs }) => answered + abandoned + longestWaitMs > 0)
        ? books.reduce((longest, book) => Math.max(longest, book.longestWaitMs), 0) / 1000
        : null;
    case "SERVICE_LEVEL": {
      const queued = total((book) => book.queued);
      const within = total(({ waits }) => {
        let left = 0;
        for (const second in waits) if (Number(second) < (threshold ?? 0)) left += waits[second] ?? 0;
        return left;
      });
      return queued === 0 ? null : (within / queued) * 100;
    }
  }
}

const finished = (book: Book): number => book.finished;
