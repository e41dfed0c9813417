import type { ContactLookup, Stopper } from "../connect/contact-centre.ts";
import { announce, type Told } from "../notices/announce.ts";
import { type Notices, noticeOf } from "../notices/notice.ts";
import type { RateLimit } from "../pacing/rate.ts";
import { attemptIdAttribute, parseAttemptId } from "./attempt.ts";
import type { CallRecord } from "./call-record.ts";
import type { Contacts } from "./contacts.ts";
import type { Delivery } from "./delivery.ts";
import { mayBeStopped, noteStop } from "./note-stop.ts";
import type { Patience } from "./patience.ts";
import { stopCampaign } from "./stop-campaign.ts";
import { readStopRequest, type StopRequest } from "./stop-request.ts";

export type Stopped =
  /** Nothing was dialled, and nothing will be. */
  | { kind: "cancelled"; record: CallRecord }
  /** Connect has ended the call, or it had ended by itself. `record` is missing for a contact that is not ours. */
  | { kind: "stopped"; record?: CallRecord }
  /** The contact is not known yet: whoever learns of it hands the stop over again. */
  | { kind: "noted"; record: CallRecord }
  /** There was nothing left to stop. */
  | { kind: "over"; record: CallRecord }
  | { kind: "campaign"; handedOver: number }
  /** Sent again with a delay: no wait uses up the receives of a message. */
  | { kind: "later"; why: "rate" | "unclear" }
  | { kind: "unusable"; why: string }
  | { kind: "failed"; error: unknown };

export const afterwards = {
  cancelled: "delete",
  stopped: "delete",
  noted: "delete",
  over: "delete",
  campaign: "delete",
  later: "delete",
  unusable: "delete", // it is in the dead-letter queue
  failed: "deliver again",
} as const satisfies Record<Stopped["kind"], "delete" | "deliver again">;

/** All that this story can touch. */
export interface StopSteps {
  contacts: Contacts;
  lookup: ContactLookup;
  stopper: Stopper;
  /** Of StopContact. */
  rate: RateLimit;
  notices: Notices;
  stopRequests: StopRequests;
  deadLetters: { put(delivery: Delivery, why: string): Promise<void> };
  now(): number;
  /** Resolves at that instant, at once when it has passed. */
  until(at: number): Promise<void>;
  patience: Pick<Patience, "keepMs" | "waitMs">;
}

/** The queue `stop-requests`. Throws unless all were taken. */
export interface StopRequests {
  send(stops: { stop: StopRequest; delaySeconds: number }[]): Promise<void>;
}

/** Seconds until a stop that found no slot, or no clear answer, is tried again. */
const againAfter = { rate: 5, unclear: 2 };
/** What must be left of the invocation for a stop to be begun: its timeouts and its notice. */
const stopMs = 6_000;

/** Ends calls and cancels requests: parse ▸ find ▸ note ▸ pace ▸ stop ▸ notice. Safe to repeat. */
export async function stopContacts(
  deliveries: Delivery[],
  steps: StopSteps,
  mustEndBy: number,
): Promise<Map<string, Stopped>> {
  const results = new Map<string, Stopped>();
  const calls: Call[] = [];
  for (const delivery of deliveries) {
    try {
      const found = await take(delivery, steps);
      if ("contactId" in found) calls.push(found);
      else results.set(delivery.messageId, found);
    } catch (error) {
      results.set(delivery.messageId, { kind: "failed", error });
    }
  }
  await endCalls(calls, steps, mustEndBy, results);
  await announce(results, noticesFor(results), steps.notices);
  return results;
}

/** A call that Connect is to be asked to end. */
interface Call {
  delivery: Delivery;
  stop: StopRequest;
  contactId: string;
  record?: CallRecord;
}

async function take(delivery: Delivery, steps: StopSteps): Promise<Stopped | Call> {
  const reading = readStopRequest(delivery.body);
  if (reading.kind === "unusable") {
    await steps.deadLetters.put(delivery, reading.why);
    return reading;
  }
  const { stop } = reading;
  if (stop.campaignId !== undefined) {
    return { kind: "campaign", handedOver: await stopCampaign(stop, stop.campaignId, steps) };
  }
  const requestId = stop.requestId ?? (await requestOfContact(stop.contactId ?? "", steps));
  if (requestId === undefined) return { delivery, stop, contactId: stop.contactId ?? "" };

  const record = await noteStop(requestId, stop.reason, steps);
  if (record.state === "cancelled") return { kind: "cancelled", record };
  if (mayBeStopped(record)) return { delivery, stop, record, contactId: record.contactId };
  return { kind: isOpen(record) ? "noted" : "over", record };
}

const isOpen = ({ state }: CallRecord): boolean =>
  state === "dialling" || state === "unknown" || state === "parked";

/** By the index, or by the attempt that the contact carries: the index may lag behind. */
async function requestOfContact(contactId: string, steps: StopSteps): Promise<string | undefined> {
  const known = await steps.contacts.requestIdOf(contactId);
  if (known !== undefined) return known;
  const answer = await steps.lookup.describe(contactId);
  if (answer.kind === "not-now") throw new Error("Connect cannot tell whose contact it is just now");
  if (answer.kind === "not-found") return undefined;
  return parseAttemptId(answer.contact.attributes[attemptIdAttribute] ?? "")?.requestId;
}

async function endCalls(
  calls: Call[],
  steps: StopSteps,
  mustEndBy: number,
  results: Map<string, Stopped>,
): Promise<void> {
  if (calls.length === 0) return;
  const horizonMs = Math.min(steps.patience.waitMs, mustEndBy - steps.now() - stopMs);
  let moments: number[] | undefined;
  try {
    moments = await steps.rate.take(calls.length, horizonMs);
  } catch (error) {
    for (const { delivery } of calls) results.set(delivery.messageId, { kind: "failed", error });
    return;
  }
  await Promise.all(
    calls.map(async (call, index) => {
      try {
        const at = moments?.[index];
        results.set(
          call.delivery.messageId,
          await (at === undefined ? later(call, "rate", steps) : end(call, at, steps)),
        );
      } catch (error) {
        results.set(call.delivery.messageId, { kind: "failed", error });
      }
    }),
  );
}

async function end(call: Call, at: number, steps: StopSteps): Promise<Stopped> {
  await steps.until(at);
  const answer = await steps.stopper.stop(call.contactId);
  if (answer === "not-now") {
    await steps.rate.pushBack();
    return later(call, "rate", steps);
  }
  if (answer === "unclear") return later(call, "unclear", steps);
  return { kind: "stopped", ...(call.record && { record: call.record }) };
}

async function later({ stop }: Call, why: "rate" | "unclear", { stopRequests }: StopSteps): Promise<Stopped> {
  await stopRequests.send([{ stop, delaySeconds: againAfter[why] }]);
  return { kind: "later", why };
}

/** Only a cancellation is news by itself; that a call has ended is told by its evidence. */
function noticesFor(results: Map<string, Stopped>): Told[] {
  return [...results].flatMap(([messageId, result]) =>
    result.kind === "cancelled" ? [{ messageId, notice: noticeOf(result.record) }] : [],
  );
}
