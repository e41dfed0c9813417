import type { Channel } from "../instance/instance.ts";
import type { Journal } from "../journal.ts";

/** Historical metrics come in intervals of five minutes. */
export const interval = 300_000;
/** Of the simulated clock. The API gives the last 24 hours. */
const kept = 48 * 3_600_000;

export const intervalOf = (at: number): number => Math.floor(at / interval) * interval;

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

/**
 * What happened to the contacts of one queue and channel in one interval. Counts and waits stand where they happened; the
 * durations of a handled contact where its agent was connected, and its wait for the service level where it was queued.
 */
export type Book = typeof nothing & {
  readonly instanceId: string;
  readonly queueId: string;
  readonly channel: Channel;
  readonly start: number;
  /** Waits by whole seconds: how many contacts left the queue after so long. */
  waits: Record<number, number>;
};

export type Count = Exclude<keyof typeof nothing, `${string}Ms`>;

type Idle = { readonly instanceId: string; readonly profileId: string; readonly start: number; ms: number };

export type Books = {
  /** The book in which something that happens at `at` is entered. */
  enter(queueId: string, channel: Channel, at: number): Book;
  /** Agents' time: on contacts of a queue, or waiting for one, in the intervals that it fell into. */
  addContactTime(queueId: string, channel: Channel, from: number, to: number): void;
  addIdleTime(profileId: string, from: number, to: number): void;
  /** The books of the intervals from `start` up to, not including, `end`. */
  between(queueId: string, start: number, end: number): Book[];
  /** Milliseconds. */
  idleBetween(profileId: string, start: number, end: number): number;
  all(): Iterable<Book>;
};

export function books(journal: Journal, instanceId: string): Books {
  /** By queue, then by start of the interval: one book a channel. */
  const queues = new Map<string, Map<number, Book[]>>();
  const idle = new Map<string, Map<number, Idle>>();
  let prunedAt = 0;

  function inner<Value>(outer: Map<string, Map<number, Value>>, key: string): Map<number, Value> {
    const found = outer.get(key) ?? new Map<number, Value>();
    outer.set(key, found);
    return found;
  }

  function add(book: Book): Book {
    const of = inner(queues, book.queueId);
    of.set(book.start, [...(of.get(book.start) ?? []), book]);
    return book;
  }

  const bookKey = ({ queueId, channel, start }: Book) => `${instanceId} ${queueId} ${channel} ${start}`;
  const idleKey = ({ profileId, start }: Idle) => `${instanceId} ${profileId} ${start}`;

  function prune(now: number): void {
    if (now - prunedAt < 3_600_000) return;
    prunedAt = now;
    for (const of of queues.values()) {
      for (const [start, found] of of) {
        if (start >= now - kept) continue;
        of.delete(start);
        for (const book of found) journal.forget("book", bookKey(book));
      }
    }
    for (const of of idle.values()) {
      for (const [start, row] of of) {
        if (start >= now - kept) continue;
        of.delete(start);
        journal.forget("idle", idleKey(row));
      }
    }
  }

  for (const book of journal.found<Book>("book")) if (book.instanceId === instanceId) add(book);
  for (const row of journal.found<Idle>("idle")) {
    if (row.instanceId === instanceId) inner(idle, row.profileId).set(row.start, row);
  }

  function enter(queueId: string, channel: Channel, at: number): Book {
    prune(at);
    const start = intervalOf(at);
    const book =
      queues
        .get(queueId)
        ?.get(start)
        ?.find((one) => one.channel === channel) ??
      add({ instanceId, queueId, channel, start, ...nothing, waits: {} });
    journal.put("book", bookKey(book), book);
    return book;
  }

  return {
    enter,
    addContactTime(queueId, channel, from, to) {
      for (const [at, ms] of slices(from, to)) enter(queueId, channel, at).contactMs += ms;
    },
    addIdleTime(profileId, since, to) {
      prune(to);
      const from = Math.max(since, to - kept);
      for (const [start, ms] of slices(from, to)) {
        const of = inner(idle, profileId);
        const row = of.get(start) ?? { instanceId, profileId, start, ms: 0 };
        row.ms += ms;
        of.set(start, row);
        journal.put("idle", idleKey(row), row);
      }
    },
    between(queueId, start, end) {
      const of = queues.get(queueId);
      const found: Book[] = [];
      for (let at = intervalOf(start); of !== undefined && at < end; at += interval)
        found.push(...(of.get(at) ?? []));
      return found;
    },
    idleBetween(profileId, start, end) {
      const of = idle.get(profileId);
      let ms = 0;
      for (let at = intervalOf(start); of !== undefined && at < end; at += interval)
        ms += of.get(at)?.ms ?? 0;
      return ms;
    },
    *all() {
      for (const of of queues.values()) for (const found of of.values()) yield* found;
    },
  };
}

/** How much of a span falls into each interval, by the interval's start. */
export function* slices(from: number, to: number): Generator<[start: number, ms: number]> {
  for (let start = intervalOf(from); start < to; start += interval) {
    yield [start, Math.min(to, start + interval) - Math.max(from, start)];
  }
}
