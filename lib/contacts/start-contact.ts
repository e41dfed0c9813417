import type { Dialler } from "../connect/contact-centre.ts";
import { announce, type Told } from "../notices/announce.ts";
import {
  conflictNoticeOf,
  type Notices,
  noticeOf,
  refusedOn,
  updateRefusedNoticeOf,
} from "../notices/notice.ts";
import { type Grant, leaseOf, type Pacer, type Slot } from "../pacing/pacer.ts";
import { attemptIdOf } from "./attempt.ts";
import { type CallRecord, dialOrderOf } from "./call-record.ts";
import { type DialDefaults, type Reading, readCallRequest } from "./call-request.ts";
import { type Candidate, claimOf } from "./claim.ts";
import type { Contacts } from "./contacts.ts";
import { type Delivery, mayHaveComeBefore } from "./delivery.ts";
import { handOver, type Owed } from "./hand-over.ts";
import { cancel, judge, judgeAnew, postpone, readOf } from "./judge-request.ts";
import { valuesOf } from "./kept-updates.ts";
import type { Patience } from "./patience.ts";
import { recordAnswer } from "./record-answer.ts";
import { campaignKeyOf } from "./record-keys.ts";

/** What became of one delivery. */
export type Started =
  | {
      kind: "placed" | "refused" | "deferred" | "expired" | "cancelled" | "unknown" | "replayed";
      record: CallRecord;
      /** What this worker had made of it, when somebody else went on: told as well, for nobody else will. */
      overtaken?: CallRecord;
    }
  | { kind: "conflict"; record: CallRecord; hash: string }
  /** An earlier delivery of this very message holds the claim. */
  | { kind: "under-way"; record: CallRecord }
  | { kind: "unusable"; why: string }
  /** Not taken up: the time left would not do for a call. */
  | { kind: "untouched" }
  /** Something failed that says nothing about the request. */
  | { kind: "failed"; error: unknown };

/** Deleting is right for whatever is on record: delivering it again could at best do nothing. */
export const afterwards = {
  placed: "delete",
  refused: "delete",
  deferred: "delete", // release-due sends it again at its time
  expired: "delete",
  cancelled: "delete",
  unknown: "delete", // settled by evidence, never by redelivery
  replayed: "delete",
  conflict: "delete",
  "under-way": "deliver again", // this message is the outbox of the worker that holds the claim
  unusable: "delete", // it is in the dead-letter queue
  untouched: "deliver again",
  failed: "deliver again",
} as const satisfies Record<Started["kind"], "delete" | "deliver again">;

/** All that this story can touch. */
export interface StartSteps extends Owed {
  contacts: Contacts;
  pacer: Pacer;
  dialler: Dialler;
  notices: Notices;
  deadLetters: { put(delivery: Delivery, why: string): Promise<void> };
  now(): number;
  /** Resolves at that instant, at once when it has passed. */
  until(at: number): Promise<void>;
  random(): string;
  defaults: DialDefaults;
  patience: Patience;
}

/** A delivery with what could be read of it. */
export interface Read {
  delivery: Delivery;
  reading: Exclude<Reading, { kind: "unusable" }>;
}

/**
 * The main line, for the messages of one invocation: parse ▸ look ▸ pace ▸ claim ▸ dial ▸ record ▸ notice.
 * Safe to run again for the same messages, at any time and at the same time.
 * @param mustEndBy when the invocation will be cut off, epoch milliseconds
 */
export async function startContacts(
  deliveries: Delivery[],
  steps: StartSteps,
  mustEndBy: number,
): Promise<Map<string, Started>> {
  const results = new Map<string, Started>();
  const { readable, unusable } = parse(deliveries, steps);
  // One read for the batch, so that what was seen before neither takes a slot nor costs a write.
  const records = await steps.contacts.look(readable.flatMap(keysOf));
  const { firsts, copies } = onePerRequest(readable, records);
  const candidates = await judgeAll(firsts, records, steps, results);
  await each(unusable, results, ({ delivery, why }) => quarantine(delivery, why, steps));
  // Policy has its place here: after what is known of the request, before it takes a slot.
  const paced = await pace(candidates, steps, mustEndBy, results);
  await each(paced, results, ({ candidate, slot, comeAgainAt, boundBy }) =>
    slot
      ? dial(candidate, slot, steps, mustEndBy)
      : postpone(candidate, comeAgainAt ?? steps.now(), `pace: ${boundBy}`, steps),
  );
  for (const copy of copies) results.set(copy.delivery.messageId, fateOfCopy(copy, firsts, results));
  const told = noticesFor(deliveries, results, steps.now());
  await handOver(results, steps);
  await announce(results, told, steps.notices);
  return results;
}

interface Unusable {
  delivery: Delivery;
  why: string;
}

function parse(deliveries: Delivery[], steps: StartSteps): { readable: Read[]; unusable: Unusable[] } {
  const readable: Read[] = [];
  const unusable: Unusable[] = [];
  for (const delivery of deliveries) {
    const reading = readCallRequest(delivery.body, steps.defaults, steps.now());
    if (reading.kind === "unusable") unusable.push({ delivery, why: reading.why });
    else readable.push({ delivery, reading });
  }
  return { readable, unusable };
}

async function quarantine(delivery: Delivery, why: string, steps: StartSteps): Promise<Started> {
  await steps.deadLetters.put(delivery, why);
  return { kind: "unusable", why };
}

/** A slot must not go to the second copy of a request in the same batch. What is on record comes before other content. */
function onePerRequest(
  readable: Read[],
  records: Map<string, CallRecord>,
): { firsts: Read[]; copies: Read[] } {
  const firsts: Read[] = [];
  const copies: Read[] = [];
  for (const [requestId, all] of Map.groupBy(readable, ({ reading }) => reading.requestId)) {
    const hash = records.get(requestId)?.requestHash;
    const first = all.find(({ reading }) => reading.hash === hash) ?? all[0];
    for (const read of all) (read === first ? firsts : copies).push(read);
  }
  return { firsts, copies };
}

async function judgeAll(
  firsts: Read[],
  records: Map<string, CallRecord>,
  steps: StartSteps,
  results: Map<string, Started>,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  await each(firsts, results, async (read) => {
    const stopped = campaignStopOf(read, records);
    const verdict = await judge(read, records.get(read.reading.requestId), stopped, steps);
    if (verdict.kind !== "dial") return verdict;
    candidates.push(verdict.candidate);
    return undefined;
  });
  return candidates;
}

/** The request's own record, and the one that stands for its campaign if that was stopped. */
function keysOf({ reading }: Read): string[] {
  const campaignId = reading.kind === "request" ? reading.request.campaignId : undefined;
  return [reading.requestId, ...(campaignId === undefined ? [] : [campaignKeyOf(campaignId)])];
}

function campaignStopOf(read: Read, records: Map<string, CallRecord>): CallRecord | undefined {
  const [, campaignKey] = keysOf(read);
  return campaignKey === undefined ? undefined : records.get(campaignKey);
}

interface Paced {
  delivery: Delivery;
  candidate: Candidate;
  slot?: Slot | undefined;
  comeAgainAt?: number | undefined;
  boundBy: Grant["boundBy"];
}

async function pace(
  candidates: Candidate[],
  steps: StartSteps,
  mustEndBy: number,
  results: Map<string, Started>,
): Promise<Paced[]> {
  if (candidates.length === 0) return [];
  const leases = candidates.map(({ request, attempt }) =>
    leaseOf(attemptIdOf(request.requestId, attempt), steps.random()),
  );
  // The last slot must leave time for its call, for the record and for the notice.
  const horizonMs = Math.min(steps.patience.waitMs, mustEndBy - steps.now() - steps.patience.callMs);
  try {
    const grant = await steps.pacer.take(leases, horizonMs);
    return candidates.map((candidate, index) => ({
      delivery: candidate.delivery,
      candidate,
      slot: grant.slots[index],
      comeAgainAt: grant.later[index - grant.slots.length],
      boundBy: grant.boundBy,
    }));
  } catch (error) {
    for (const { delivery } of candidates) results.set(delivery.messageId, { kind: "failed", error });
    return [];
  }
}

async function dial(
  candidate: Candidate,
  slot: Slot,
  steps: StartSteps,
  mustEndBy: number,
): Promise<Started> {
  await steps.until(slot.at);
  // A worker that may be cut off in mid-call does not begin one.
  if (mustEndBy - steps.now() < steps.patience.callMs) {
    await steps.pacer.release([{ lease: slot.lease }]);
    return { kind: "untouched" };
  }
  const claim = await claimOf(candidate, slot.lease, steps, mustEndBy);
  if (claim.kind === "lost") {
    await steps.pacer.release([{ lease: slot.lease }]);
    return judgeAnew(claim.record, readOf(candidate), steps);
  }
  return dialClaimed(claim.record, candidate, steps);
}

async function dialClaimed(record: CallRecord, candidate: Candidate, steps: StartSteps): Promise<Started> {
  if (await isCampaignStopped(candidate, steps)) return recall(record, steps);
  const updated = valuesOf(record.attributeUpdates);
  const order = dialOrderOf(
    candidate.request,
    record.attempt,
    record.clientToken ?? "",
    steps.defaults,
    updated,
  );
  const answer = await steps.dialler.dial(order);
  const recorded = await recordAnswer(record, answer, steps);
  // Stopped in the meantime, and certainly not dialled.
  return recorded.kind === "deferred" && recorded.record.stopAt
    ? cancelDeferred(recorded.record, steps)
    : recorded;
}

/** What was put back under the claim, and is to be stopped. */
async function cancelDeferred(record: CallRecord, steps: StartSteps): Promise<Started> {
  const cancelled = await cancel(record, undefined, steps);
  return cancelled.kind === "replayed" ? { ...cancelled, overtaken: record } : cancelled;
}

/** The campaign may have been stopped since the look; after the claim, its stop finds the record. */
async function isCampaignStopped({ request: { campaignId } }: Candidate, { contacts }: StartSteps) {
  if (campaignId === undefined) return false;
  const key = campaignKeyOf(campaignId);
  return (await contacts.look([key])).has(key);
}

/** A claim under which nothing was dialled is taken back, and the request cancelled. */
async function recall(record: CallRecord, steps: StartSteps): Promise<Started> {
  const answer = { kind: "not-now", why: "stopped" } as const;
  const recorded = await recordAnswer(record, answer, steps);
  return recorded.kind === "deferred" ? cancelDeferred(recorded.record, steps) : recorded;
}

/** A further copy in the same batch has the fate of the first. */
function fateOfCopy(copy: Read, firsts: Read[], results: Map<string, Started>): Started {
  const first = firsts.find(({ reading }) => reading.requestId === copy.reading.requestId);
  const result = first && results.get(first.delivery.messageId);
  if (!result || !("record" in result)) return { kind: "untouched" };
  if (result.record.requestHash === copy.reading.hash) return { kind: "replayed", record: result.record };
  return { kind: "conflict", record: result.record, hash: copy.reading.hash };
}

function noticesFor(deliveries: Delivery[], results: Map<string, Started>, now: number): Told[] {
  return deliveries.flatMap((delivery) => {
    const { messageId } = delivery;
    const result = results.get(messageId);
    if (result?.kind === "conflict")
      return [{ messageId, notice: conflictNoticeOf(result.record, result.hash) }];
    if (!result || result.kind === "under-way" || !("record" in result)) return [];
    const { record } = result;
    // Nobody knows whether they were told when they were put on record. A mere copy of the request is no reason to tell them again.
    const isCopy = result.kind === "replayed" && !mayHaveComeBefore(delivery, record, now);
    const refused = isCopy ? [] : (record.updatesRefused ?? []);
    const refusals = refused.map((one) => updateRefusedNoticeOf(refusedOn(record.requestId, one)));
    const states = result.overtaken ? [result.overtaken, record] : [record];
    return [...states.map(noticeOf), ...refusals].map((notice) => ({ messageId, notice }));
  });
}

/** Each by itself: a failure is the failure of one delivery only. */
async function each<T extends { delivery: Delivery }>(
  items: T[],
  results: Map<string, Started>,
  work: (item: T) => Promise<Started | undefined>,
): Promise<void> {
  await Promise.all(
    items.map(async (item) => {
      try {
        const result = await work(item);
        if (result) results.set(item.delivery.messageId, result);
      } catch (error) {
        results.set(item.delivery.messageId, { kind: "failed", error });
      }
    }),
  );
}
