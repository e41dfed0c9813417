import type { ContactLookup, Stopper } from "../connect/contact-centre.ts";
import { announce, type Told } from "../notices/announce.ts";
import { type Notices, noticeOf } from "../notices/notice.ts";
import type { RateLimit } from "../pacing/rate.ts";
import type { CallRecord } from "./call-record.ts";
import type { Contacts } from "./contacts.ts";
import type { Delivery } from "./delivery.ts";
import { findRequest } from "./find-request.ts";
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

type Why = Extract<Stopped, { kind: "later" }>["why"];

/** Seconds until a stop that found no slot, or no clear answer, is tried again; doubled each time. */
const againAfter = { rate: 5, unclear: 2 } satisfies Record<Why, number>;
const longestWait = 300;
/** So often an unclear answer is asked for again; then a person should look. Waiting for a slot goes on. */
const mostUnclear = 10;
/** What must be left of the invocation for a stop to be begun: its timeouts and its notice. */
const stopMs = 6_000;

/** Ends calls and cancels requests: parse ▸ find ▸ note ▸ pace ▸ stop ▸ notice. Safe to repeat. */
export async function stopContacts(
  deliveries: Delivery[],
  steps: StopSteps,
  mustEndBy: number,
): Promise<Map<string, Stopped>> {
  const results = new Map<string, Stopped>();
  const told: Told[] = [];
  const calls: Call[] = [];
  const campaigns: Campaign[] = [];
  for (const delivery of deliveries) {
    await guarded(delivery, results, async () => {
      const taken = await take(delivery, steps, told);
      if ("contactId" in taken) calls.push(taken);
      else if ("campaignId" in taken) campaigns.push(taken);
      else return taken;
      return undefined;
    });
  }
  await endCalls(calls, steps, mustEndBy, results);
  // Calls come first: a large campaign may take all the time that there is.
  for (const { delivery, stop, campaignId } of campaigns) {
    await guarded(delivery, results, async () => ({
      kind: "campaign",
      handedOver: await stopCampaign(stop, campaignId, steps, mustEndBy - stopMs),
    }));
  }
  await announce(results, [...told, ...noticesFor(results)], steps.notices);
  return results;
}

/** A call that Connect is to be asked to end. */
interface Call {
  delivery: Delivery;
  stop: StopRequest;
  contactId: string;
  record?: CallRecord;
}

interface Campaign {
  delivery: Delivery;
  stop: StopRequest;
  campaignId: string;
}

async function take(delivery: Delivery, steps: StopSteps, told: Told[]): Promise<Stopped | Call | Campaign> {
  const reading = readStopRequest(delivery.body);
  if (reading.kind === "unusable") {
    await steps.deadLetters.put(delivery, reading.why);
    return reading;
  }
  const { stop } = reading;
  if (stop.campaignId !== undefined) return { delivery, stop, campaignId: stop.campaignId };
  const found = stop.contactId === undefined ? undefined : await findRequest(stop.contactId, steps);
  if (found?.kind === "not-now") return later(stop, "rate", steps);
  // Any other contact is ended all the same.
  const requestId = stop.requestId ?? (found?.kind === "request" ? found.requestId : undefined);
  if (requestId === undefined) return { delivery, stop, contactId: stop.contactId ?? "" };

  const { record, untold } = await noteStop(requestId, stop.reason, steps);
  if (untold) told.push({ messageId: delivery.messageId, notice: noticeOf(untold) });
  // A contact that is named can be ended whether its request knows it yet or not.
  const contactId = stop.contactId ?? (mayBeStopped(record) ? record.contactId : undefined);
  if (contactId !== undefined && record.state !== "ended") {
    // The result is of the contact, and tells nothing of its request.
    if (record.state === "cancelled") told.push({ messageId: delivery.messageId, notice: noticeOf(record) });
    return { delivery, stop, record, contactId };
  }
  if (record.state === "cancelled") return { kind: "cancelled", record };
  return { kind: isOpen(record) ? "noted" : "over", record };
}

const isOpen = ({ state }: CallRecord): boolean =>
  state === "dialling" || state === "unknown" || state === "parked";

async function endCalls(
  calls: Call[],
  steps: StopSteps,
  mustEndBy: number,
  results: Map<string, Stopped>,
): Promise<void> {
  if (calls.length === 0) return;
  const horizonMs = Math.min(steps.patience.waitMs, mustEndBy - steps.now() - stopMs);
  let moments: number[];
  try {
    moments = await steps.rate.take(calls.length, horizonMs);
  } catch (error) {
    for (const { delivery } of calls) results.set(delivery.messageId, { kind: "failed", error });
    return;
  }
  await Promise.all(
    calls.map((call, index) =>
      guarded(call.delivery, results, () => {
        const at = moments[index];
        return at === undefined ? later(call.stop, "rate", steps) : end(call, at, steps);
      }),
    ),
  );
}

async function end({ stop, contactId, record }: Call, at: number, steps: StopSteps): Promise<Stopped> {
  await steps.until(at);
  const answer = await steps.stopper.stop(contactId);
  if (answer === "not-now") {
    await steps.rate.pushBack();
    return later(stop, "rate", steps);
  }
  if (answer === "unclear") return later(stop, "unclear", steps);
  return { kind: "stopped", ...(record && { record }) };
}

async function later(stop: StopRequest, why: Why, { stopRequests }: StopSteps): Promise<Stopped> {
  const tries = stop.tries ?? 0;
  if (why === "unclear" && tries >= mostUnclear) throw new Error("Connect keeps giving no clear answer");
  const delaySeconds = Math.min(longestWait, againAfter[why] * 2 ** Math.min(tries, 10));
  await stopRequests.send([{ stop: { ...stop, tries: tries + 1 }, delaySeconds }]);
  return { kind: "later", why };
}

/** Each by itself: a failure is the failure of one delivery only. */
async function guarded(
  { messageId }: Delivery,
  results: Map<string, Stopped>,
  work: () => Promise<Stopped | undefined>,
): Promise<void> {
  try {
    const result = await work();
    if (result) results.set(messageId, result);
  } catch (error) {
    results.set(messageId, { kind: "failed", error });
  }
}

/** Only a cancellation is news by itself; that a call has ended is told by its evidence. */
function noticesFor(results: Map<string, Stopped>): Told[] {
  return [...results].flatMap(([messageId, result]) =>
    result.kind === "cancelled" ? [{ messageId, notice: noticeOf(result.record) }] : [],
  );
}
