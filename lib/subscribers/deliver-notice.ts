import type { Delivery } from "../contacts/delivery.ts";
import { circuitOf, holdMs, isHopeless, opensCircuit } from "./circuit.ts";
import { type NoticeDeliveries, type NoticeDelivery, readDelivery } from "./notice-delivery.ts";
import { failureIn, type PostSteps, postNotice } from "./post-notice.ts";
import type { PostAnswer } from "./poster.ts";
import { endOf, nextTryAt, type RetrySchedule } from "./retry-schedule.ts";
import type { Subscriber } from "./subscriber.ts";
import type { Subscribers } from "./subscribers.ts";

type About = { subscriberId: string; noticeId: string };

export type Delivered =
  | (About & { kind: "delivered" })
  /** Sent again, with its due time: no wait uses up the receives of a message. */
  | (About & { kind: "later"; why: string; next: NoticeDelivery })
  /** In the dead-letter queue, from where it can be replayed. */
  | (About & { kind: "given-up"; why: string })
  /** The subscriber was removed. */
  | (About & { kind: "dropped" })
  | { kind: "unusable"; why: string }
  | { kind: "failed"; error: unknown };

export const afterDelivery = {
  delivered: "delete",
  later: "delete",
  "given-up": "delete", // it is in the dead-letter queue
  dropped: "delete",
  unusable: "delete", // it is in the dead-letter queue
  failed: "deliver again",
} as const satisfies Record<Delivered["kind"], "delete" | "deliver again">;

/** All that this story can touch. */
export interface DeliverSteps extends PostSteps {
  subscribers: Pick<Subscribers, "look" | "succeeded" | "failed" | "hold" | "disable">;
  /** The secrets of a subscriber, the newest first. Throws when there is none. */
  secretsOf(subscriberId: string): Promise<string[]>;
  queue: NoticeDeliveries;
  deadLetters: { put(delivery: Delivery, why: string): Promise<void> };
  /** A subscriber was switched off: somebody should know. */
  report(subscriberId: string, reason: string): void;
  /** From 0 up to 1. */
  random(): number;
  schedule: RetrySchedule;
}

/** Within this many milliseconds clocks may differ. */
const earlyMs = 1_000;

/**
 * Delivers each notice of a batch to its subscriber, all at once: look ▸ try ▸ note ▸ send again. Safe to repeat: a notice that
 * comes twice has the same id.
 */
export async function deliverNotices(
  messages: Delivery[],
  steps: DeliverSteps,
): Promise<Map<string, Delivered>> {
  const read = messages.map((message) => ({ message, reading: readDelivery(message.body) }));
  const ids = read.flatMap(({ reading }) =>
    reading.kind === "message" ? [reading.message.subscriberId] : [],
  );
  const subscribers = await steps.subscribers.look([...new Set(ids)]);
  const results = new Map<string, Delivered>();
  await Promise.all(
    read.map(async ({ message, reading }) => {
      results.set(
        message.messageId,
        await guarded(message, steps, async () => {
          if (reading.kind === "unusable") return reading;
          const { subscriberId, notice } = reading.message;
          const verdict = await deliver(reading.message, subscribers.get(subscriberId), steps);
          return { subscriberId, noticeId: notice.noticeId, ...verdict };
        }),
      );
    }),
  );
  await sendAgain(results, steps);
  return results;
}

/** What the dead-letter queue is for goes there before anything is said of it. */
async function guarded(
  message: Delivery,
  { deadLetters }: DeliverSteps,
  work: () => Promise<Delivered>,
): Promise<Delivered> {
  try {
    const result = await work();
    if (result.kind === "given-up" || result.kind === "unusable") await deadLetters.put(message, result.why);
    return result;
  } catch (error) {
    return { kind: "failed", error };
  }
}

type Verdict =
  | { kind: "delivered" | "dropped" }
  | { kind: "later"; why: string; next: NoticeDelivery }
  | { kind: "given-up"; why: string };

async function deliver(
  delivery: NoticeDelivery,
  subscriber: Subscriber | undefined,
  steps: DeliverSteps,
): Promise<Verdict> {
  if (!subscriber) return { kind: "dropped" };
  if (subscriber.status === "disabled") return { kind: "given-up", why: "the subscriber is disabled" };
  const now = steps.now();
  const dueAt = delivery.dueAt === undefined ? now : Date.parse(delivery.dueAt);
  if (dueAt - now >= earlyMs) return laterOf(delivery, dueAt, "it is not due", steps);
  const heldUntil = await holdOf(subscriber, now, steps);
  if (heldUntil !== undefined) return laterOf(delivery, heldUntil, "its subscriber keeps failing", steps);

  const { subscriberId, url } = subscriber;
  const answer = await postNotice(delivery.notice, url, await steps.secretsOf(subscriberId), steps);
  const why = failureIn(answer);
  if (why !== undefined) return noteFailure(delivery, answer, why, steps);
  // Both: whoever has counted a failure may open the circuit after another's success had it forgotten.
  if (subscriber.failures > 0 || subscriber.heldUntil !== undefined)
    await steps.subscribers.succeeded(subscriberId);
  return { kind: "delivered" };
}

/** When it may be tried; undefined for now: the circuit is closed, or this is the probe. */
async function holdOf(subscriber: Subscriber, now: number, steps: DeliverSteps): Promise<number | undefined> {
  const circuit = circuitOf(subscriber, now);
  if (circuit === "closed") return undefined;
  const ms = holdMs(subscriber, now, steps.schedule);
  if (circuit === "probe" && (await steps.subscribers.hold(subscriber, now + ms))) return undefined;
  const until = circuit === "open" ? Date.parse(subscriber.heldUntil ?? "") : now + ms;
  // Spread, so that what has waited does not come all at once.
  return until + Math.round(steps.random() * ms);
}

async function noteFailure(
  delivery: NoticeDelivery,
  answer: PostAnswer,
  why: string,
  steps: DeliverSteps,
): Promise<Verdict> {
  const { subscriberId } = delivery;
  const now = steps.now();
  const subscriber = await steps.subscribers.failed(subscriberId, why, now);
  if (!subscriber) return { kind: "dropped" };
  const reason = reasonToDisable(subscriber, answer, now, steps.schedule);
  if (reason !== undefined) {
    if (await steps.subscribers.disable(subscriberId, reason, now)) steps.report(subscriberId, reason);
    return { kind: "given-up", why };
  }
  if (opensCircuit(subscriber, answer))
    await steps.subscribers.hold(subscriber, now + holdMs(subscriber, now, steps.schedule));
  const tried = { ...delivery, tries: delivery.tries + 1 };
  const retryAfterMs = answer.kind === "answered" ? answer.retryAfterMs : undefined;
  return laterOf(tried, nextTryAt(tried, now, steps.schedule, steps.random(), retryAfterMs), why, steps);
}

function reasonToDisable(
  subscriber: Subscriber,
  answer: PostAnswer,
  now: number,
  { forMs }: RetrySchedule,
): string | undefined {
  if (answer.kind === "answered" && answer.status === 410) return "it answered 410 Gone";
  if (isHopeless(subscriber, now, forMs))
    return `${subscriber.failures} attempts have failed since ${subscriber.failingSince}`;
  return undefined;
}

function laterOf(delivery: NoticeDelivery, at: number, why: string, steps: DeliverSteps): Verdict {
  // What claims to begin only after that would come round for as long as it likes.
  const isOver = at + earlyMs < Date.parse(delivery.firstAt) || at > endOf(delivery, steps.schedule);
  if (isOver) return { kind: "given-up", why };
  return { kind: "later", why, next: { ...delivery, dueAt: new Date(at).toISOString() } };
}

async function sendAgain(results: Map<string, Delivered>, { queue }: DeliverSteps): Promise<void> {
  const later = [...results].flatMap(([messageId, result]) =>
    result.kind === "later" ? [{ messageId, next: result.next }] : [],
  );
  if (later.length === 0) return;
  try {
    const taken = await queue.send(later.map(({ next }) => next));
    for (const [index, { messageId }] of later.entries())
      if (!taken[index]) results.set(messageId, { kind: "failed", error: new Error("SQS did not take it") });
  } catch (error) {
    for (const { messageId } of later) results.set(messageId, { kind: "failed", error });
  }
}
