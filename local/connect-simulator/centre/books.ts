import type { Channel } from "../instance/instance.ts";
import type { Journal } from "../journal.ts";
import type { InitiationMethod } from "./contact.ts";
import { keptFor, ledger, slices } from "./ledger.ts";

const nothing = {
  queued: 0,
  handled: 0,
  handledIncoming: 0,
  handledOutbound: 0,
  apiHandled: 0,
  callbackHandled: 0,
  abandoned: 0,
  consulted: 0,
  agentHungUpFirst: 0,
  holdAbandons: 0,
  transferredIn: 0,
  transferredOut: 0,
  transferredInFromQueue: 0,
  transferredOutFromQueue: 0,
  missed: 0,
  /** Left the queue while an agent's telephone rang for it. */
  offersLost: 0,
  /** Left the queue because the customer wants to be called back: neither answered nor abandoned. */
  leftForCallback: 0,
  abandonMs: 0,
  answered: 0,
  answerMs: 0,
  longestWaitMs: 0,
  /** Handled contacts whose work is done, and what it took. */
  finished: 0,
  held: 0,
  holdMs: 0,
  interactionMs: 0,
  afterContactWorkMs: 0,
  /** Agents' time on the contacts of the queue. */
  contactMs: 0,
};

type Counter = keyof typeof nothing;
const counters = Object.keys(nothing) as Counter[];

/** Numbers by what they are of; what has none is not there. */
export type Tally = Record<string, number>;

/** Contacts that are alike: what a book is about. */
type Kindred = {
  readonly queueId: string;
  readonly channel: Channel;
  readonly initiationMethod: InitiationMethod;
};

/**
 * What happened to the contacts of one queue, channel and initiation method in one interval. Counts and waits stand where they
 * happened; the durations and the end of a handled contact where its agent was connected, and its wait for the service level
 * where it was queued. A contact that never came to a queue is in the books of the one that it was started for.
 */
export type Book = typeof nothing &
  Kindred & {
    readonly instanceId: string;
    readonly start: number;
    created: number;
    /** By disconnect reason, those who ended then. */
    readonly disconnected: Tally;
    /** By disconnect reason, those who were handled then. */
    readonly handledUntil: Tally;
    /** By whole seconds, how many contacts left the queue after so long, and how. */
    readonly waits: Readonly<Record<WaitEnd, Tally>>;
  };

export type WaitEnd = "answered" | "abandoned" | "callback";
export type Count = Exclude<Counter, `${string}Ms`>;

/** Milliseconds of the agents of one routing profile: free, or on contacts. */
export type AgentTime = { idleMs: number; contactMs: number };

type TimeRow = AgentTime & {
  readonly instanceId: string;
  readonly profileId: string;
  readonly start: number;
};

export type Books = {
  /** The book in which something that happens at `at` is entered. */
  enter(contact: Kindred, at: number): Book;
  /** Agents' time in the intervals that it fell into. `profileId`: of the agent, null when there is none any more. */
  addContactTime(contact: Kindred, profileId: string | null, from: number, to: number): void;
  addIdleTime(profileId: string, from: number, to: number): void;
  /** The books of the intervals from `start` up to, not including, `end`. */
  between(queueId: string, start: number, end: number): Book[];
  timeBetween(profileId: string, start: number, end: number): AgentTime;
  all(): Iterable<Book>;
};

export function addTo(tally: Tally, name: string | number, count = 1): void {
  tally[name] = (tally[name] ?? 0) + count;
}

function addAll(into: Tally, from: Tally): void {
  for (const [name, count] of Object.entries(from)) addTo(into, name, count);
}

/** Has nothing that the metrics of GetMetricData are made of. */
export const isBlank = (book: Book): boolean => counters.every((name) => book[name] === 0);

export function books(journal: Journal, instanceId: string, now: number): Books {
  const byQueue = ledger<Kindred, Book>({
    journal,
    kind: "queueBook",
    instanceId,
    now,
    ownerOf: ({ queueId }) => queueId,
    keyOf: ({ queueId, channel, initiationMethod }) => `${queueId} ${channel} ${initiationMethod}`,
    blank: ({ queueId, channel, initiationMethod }, start) => ({
      instanceId,
      queueId,
      channel,
      initiationMethod,
      start,
      ...nothing,
      created: 0,
      disconnected: {},
      handledUntil: {},
      waits: { answered: {}, abandoned: {}, callback: {} },
    }),
    merge(into, from) {
      const longest = Math.max(into.longestWaitMs, from.longestWaitMs);
      for (const name of counters) into[name] += from[name];
      into.longestWaitMs = longest;
      into.created += from.created;
      addAll(into.disconnected, from.disconnected);
      addAll(into.handledUntil, from.handledUntil);
      for (const how of waitEnds) addAll(into.waits[how], from.waits[how]);
    },
  });
  const byProfile = ledger<Pick<TimeRow, "profileId">, TimeRow>({
    journal,
    kind: "agentTime",
    instanceId,
    now,
    ownerOf: ({ profileId }) => profileId,
    keyOf: ({ profileId }) => profileId,
    blank: ({ profileId }, start) => ({ instanceId, profileId, start, idleMs: 0, contactMs: 0 }),
    merge(into, from) {
      into.idleMs += from.idleMs;
      into.contactMs += from.contactMs;
    },
  });

  return {
    enter: byQueue.enter,
    addContactTime(contact, profileId, from, to) {
      for (const [at, ms] of slices(from, to)) {
        byQueue.enter(contact, at).contactMs += ms;
        if (profileId !== null) byProfile.enter({ profileId }, at).contactMs += ms;
      }
    },
    addIdleTime(profileId, since, to) {
      const from = Math.max(since, to - keptFor);
      for (const [at, ms] of slices(from, to)) byProfile.enter({ profileId }, at).idleMs += ms;
    },
    between: byQueue.between,
    timeBetween(profileId, start, end) {
      const time: AgentTime = { idleMs: 0, contactMs: 0 };
      for (const { idleMs, contactMs } of byProfile.between(profileId, start, end)) {
        time.idleMs += idleMs;
        time.contactMs += contactMs;
      }
      return time;
    },
    all: byQueue.all,
  };
}

const waitEnds: readonly WaitEnd[] = ["answered", "abandoned", "callback"];
