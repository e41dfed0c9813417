import type { CallRequest } from "../../lib/contacts/call-request.ts";
import type { Delivery } from "../../lib/contacts/delivery.ts";
import type { Patience } from "../../lib/contacts/patience.ts";
import { aNewSubscriber, type Subscriber } from "../../lib/subscribers/subscriber.ts";

export const seconds = (count: number): number => count * 1_000;
export const minutes = (count: number): number => count * 60_000;
export const days = (count: number): number => count * 86_400_000;

/** A call request as a producer sends it. */
export function aCallRequest(
  fields: Partial<Record<keyof CallRequest | "destinationCountry", unknown>> = {},
) {
  return { requestId: "r-1", destination: "+12065550100", ...fields };
}

let deliveries = 0;

/** A message of its own for each call, delivered for the first time. */
export function aDelivery(body: unknown, fields: Partial<Delivery> = {}): Delivery {
  deliveries += 1;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { messageId: `m-${deliveries}`, body: text, redelivered: false, ...fields };
}

export const somePatience: Patience = {
  waitMs: seconds(12),
  callMs: seconds(12),
  leaseMarginMs: seconds(2),
  unknownMs: minutes(10),
  callCheckMs: minutes(10),
  earlyMs: seconds(1),
  keepMs: days(90),
};

/** One that wants every notice and has never failed. */
export function aSubscriber(fields: Partial<Subscriber> = {}): Subscriber {
  const url = "https://producer.example/notices";
  const fresh = aNewSubscriber({ subscriberId: "s-1", url, filter: {} }, Date.parse("2026-11-24T12:00:00Z"));
  return { ...fresh, ...fields };
}

/** A notice as the topic carries it. */
export function aNotice(fields: Record<string, unknown> = {}) {
  return {
    noticeId: "n-1",
    type: "state-changed",
    requestId: "r-1",
    state: "placed",
    revision: 2,
    ...fields,
  };
}
