import type { AgentTime, Book, Tally, WaitEnd } from "../centre/books.ts";

/** What a metric is reckoned from. */
export type Figures = Readonly<AgentTime> & {
  readonly books: readonly Book[];
  /** The threshold, where the metric has one. Seconds. */
  readonly within: (second: number) => boolean;
  /** The disconnect reasons that are asked for; null for whatever they are. */
  readonly reasons: ((reason: string) => boolean) | null;
};

/** Null where nothing can be computed: a mean of no contacts, a share of none. Times in seconds, shares in percent. */
export type Figure = (of: Figures) => number | null;

type Of = (book: Book, figures: Figures) => number;

const sum = (figures: Figures, of: Of): number =>
  figures.books.reduce((total, book) => total + of(book, figures), 0);

export const count =
  (of: Of): Figure =>
  (figures) =>
    sum(figures, of);

const seconds =
  (ms: Of): Figure =>
  (figures) =>
    sum(figures, ms) / 1000;

const mean =
  (ms: Of, among: Of): Figure =>
  (figures) => {
    const contacts = sum(figures, among);
    return contacts === 0 ? null : sum(figures, ms) / contacts / 1000;
  };

export const share =
  (part: Of, among: Of): Figure =>
  (figures) => {
    const contacts = sum(figures, among);
    return contacts === 0 ? null : (sum(figures, part) / contacts) * 100;
  };

export const occupancy: Figure = ({ idleMs, contactMs }) =>
  idleMs + contactMs === 0 ? null : (contactMs / (contactMs + idleMs)) * 100;

export const timeOf =
  (name: keyof AgentTime): Figure =>
  (figures) =>
    figures[name] / 1000;

export const longestWait: Figure = ({ books }) =>
  books.some(({ answered, abandoned, longestWaitMs }) => answered + abandoned + longestWaitMs > 0)
    ? books.reduce((longest, book) => Math.max(longest, book.longestWaitMs), 0) / 1000
    : null;

/** How many a tally has of what is wanted. */
const among = (tally: Tally, wanted: (name: string) => boolean): number => {
  let found = 0;
  for (const name in tally) if (wanted(name)) found += tally[name] ?? 0;
  return found;
};

export const endedBy =
  (tally: "disconnected" | "handledUntil"): Of =>
  (book, { reasons }) =>
    among(book[tally], reasons ?? (() => true));

/** Contacts that left the queue within the threshold. */
export const leftWithin =
  (...ends: readonly WaitEnd[]): Of =>
  ({ waits }, { within }) =>
    ends.reduce((left, end) => left + among(waits[end], (second) => within(Number(second))), 0);

const finished: Of = (book) => book.finished;
const interactionMs: Of = (book) => book.interactionMs;
const holdMs: Of = (book) => book.holdMs;
const workMs: Of = (book) => book.afterContactWorkMs;
const interactionAndHoldMs: Of = (book) => book.interactionMs + book.holdMs;
const handleMs: Of = (book) => book.interactionMs + book.holdMs + book.afterContactWorkMs;

/** What takes time, as a sum and as a mean of the contacts that it is known of. */
const times = (ms: Of, among: Of = finished) => ({ sum: seconds(ms), mean: mean(ms, among) });

export const abandonTime = times(
  (book) => book.abandonMs,
  (book) => book.abandoned,
);
export const answerTime = times(
  (book) => book.answerMs,
  (book) => book.answered,
);
export const holdTime = times(holdMs, (book) => book.held);
export const holdTimeOfAll = times(holdMs);
export const interactionTime = times(interactionMs);
export const interactionAndHoldTime = times(interactionAndHoldMs);
export const workTime = times(workMs);
export const handleTime = times(handleMs);

export const serviceLevel = share(leftWithin("answered", "abandoned", "callback"), (book) => book.queued);
