import type { Delivery } from "../contacts/delivery.ts";
import { type NoticeDeliveries, type NoticeDelivery, readNotice } from "./notice-delivery.ts";
import { type Subscriber, wants } from "./subscriber.ts";

export type FannedOut =
  | { kind: "fanned-out"; noticeId: string; deliveries: number }
  | { kind: "unusable"; why: string }
  | { kind: "failed"; error: unknown };

export const afterFanOut = {
  "fanned-out": "delete",
  unusable: "delete", // it is in the dead-letter queue
  failed: "deliver again",
} as const satisfies Record<FannedOut["kind"], "delete" | "deliver again">;

export interface FanOutSteps {
  /** All of them, the disabled ones too; may be some seconds old. */
  subscribers(): Promise<Subscriber[]>;
  queue: NoticeDeliveries;
  deadLetters: { put(delivery: Delivery, why: string): Promise<void> };
  now(): number;
}

/**
 * One delivery for each notice and each subscriber that wants it. What a disabled one would get is made as well: whoever delivers
 * looks at the subscriber as it is then, so that nothing is missed while one is switched off or on.
 */
export async function fanOutNotices(
  messages: Delivery[],
  steps: FanOutSteps,
): Promise<Map<string, FannedOut>> {
  const results = new Map<string, FannedOut>();
  const subscribers = await steps.subscribers();
  const firstAt = new Date(steps.now()).toISOString();
  const fanned: { messageId: string; deliveries: NoticeDelivery[] }[] = [];
  for (const message of messages) {
    const { messageId } = message;
    const reading = readNotice(message.body);
    if (reading.kind === "unusable") {
      results.set(messageId, await putAside(message, reading, steps));
      continue;
    }
    const notice = reading.message;
    const deliveries = subscribers
      .filter((subscriber) => wants(subscriber, notice))
      .map(({ subscriberId }) => ({ subscriberId, notice, tries: 0, firstAt }));
    fanned.push({ messageId, deliveries });
    results.set(messageId, {
      kind: "fanned-out",
      noticeId: notice.noticeId,
      deliveries: deliveries.length,
    });
  }
  try {
    const taken = await steps.queue.send(fanned.flatMap(({ deliveries }) => deliveries));
    for (const { messageId, deliveries } of fanned)
      if (taken.splice(0, deliveries.length).includes(false))
        results.set(messageId, { kind: "failed", error: new Error("SQS did not take it") });
  } catch (error) {
    for (const { messageId } of fanned) results.set(messageId, { kind: "failed", error });
  }
  return results;
}

async function putAside(
  message: Delivery,
  unusable: FannedOut & { kind: "unusable" },
  { deadLetters }: FanOutSteps,
): Promise<FannedOut> {
  try {
    await deadLetters.put(message, unusable.why);
    return unusable;
  } catch (error) {
    return { kind: "failed", error };
  }
}
