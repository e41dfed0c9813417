import { type CallRecord, requestOf } from "./call-record.ts";
import type { Candidate } from "./claim.ts";
import { type Change, iso } from "./contacts.ts";
import { type Delivery, isOwnedBy } from "./delivery.ts";
import { addFirst, isAwaited } from "./first-record.ts";
import { cancellation, isTombstone, noCheck } from "./note-stop.ts";
import { type Patience, ttlFrom } from "./patience.ts";
import type { Read, Started, StartSteps } from "./start-contact.ts";

export type Judgement = Started | { kind: "dial"; candidate: Candidate };

/** What is to be done with a request, by what is known of it. */
export async function judge(
  read: Read,
  record: CallRecord | undefined,
  /** What stands for the request's campaign, if that was stopped. */
  campaignStop: CallRecord | undefined,
  steps: StartSteps,
): Promise<Judgement> {
  // What only awaits the request tells nothing of it.
  if (!record || isAwaited(record)) return judgeNew(read, campaignStop, steps);
  return judgeKnown(read, record, campaignStop, steps);
}

async function judgeNew(
  read: Read,
  campaignStop: CallRecord | undefined,
  steps: StartSteps,
): Promise<Judgement> {
  const { reading, delivery } = read;
  const now = steps.now();
  if (reading.kind === "wrong") {
    return first(read, "refused", { reason: "the request is wrong", problems: reading.problems }, steps);
  }
  const { request, hash } = reading;
  if (campaignStop) {
    return first(read, "cancelled", { reason: ofCampaign(campaignStop), stopAt: iso(now) }, steps);
  }
  if (isPast(request.expiresAt, now))
    return first(read, "expired", { reason: "expiresAt has passed" }, steps);
  const notBefore = Date.parse(request.notBefore ?? "");
  if (notBefore > now + steps.patience.earlyMs)
    return first(read, "deferred", later(notBefore, "notBefore"), steps);
  return { kind: "dial", candidate: { delivery, request, hash, attempt: 1 } };
}

/** What was accepted once stands as it is on record, whatever the rules say by now. */
async function judgeKnown(
  read: Read,
  record: CallRecord,
  campaignStop: CallRecord | undefined,
  steps: StartSteps,
): Promise<Judgement> {
  const now = steps.now();
  const { delivery, reading } = read;
  const { hash } = reading;
  if (isTombstone(record)) return fillIn(record, read, steps);
  if (record.requestHash !== hash) return { kind: "conflict", record, hash };
  if (record.state === "dialling") return judgeClaimed(record, delivery, steps);
  const request = requestOf(record);
  if (record.state !== "deferred" || !request) return { kind: "replayed", record };
  if (record.stopAt) return cancel(record, undefined, steps);
  if (campaignStop) return cancel(record, campaignStop, steps);
  if (isPast(request.expiresAt, now)) return changed("expired", expiry(record), record, steps);
  if (Date.parse(record.dueAt ?? record.updatedAt) > now + steps.patience.earlyMs)
    return { kind: "replayed", record };
  return { kind: "dial", candidate: { delivery, request, hash, attempt: record.attempt, record } };
}

const ofCampaign = ({ reason }: CallRecord): string => `its campaign was ${reason ?? "stopped"}`;

/** A request that waits, and was stopped. */
export async function cancel(
  record: CallRecord,
  campaignStop: CallRecord | undefined,
  steps: Pick<StartSteps, "contacts" | "now">,
): Promise<Started> {
  const change = cancellation(record, undefined, steps.now());
  const set = { ...change.set, ...(campaignStop && { reason: ofCampaign(campaignStop) }) };
  return changed("cancelled", { ...change, set }, record, steps);
}

/** The stop came first: the request that it was about takes its place on record, and stays cancelled. */
async function fillIn(record: CallRecord, { reading }: Read, steps: StartSteps): Promise<Started> {
  const request = reading.kind === "request" ? reading.request : undefined;
  const set = {
    requestHash: reading.hash,
    ...(request && { request: JSON.stringify(request) }),
    ...(request?.campaignId && { campaignId: request.campaignId }),
  };
  const { requestId, attempt } = record;
  const change: Change = { requestId, to: "cancelled", amend: true, quietly: true, attempt, ifHash: "", set };
  const written = await steps.contacts.change(change, steps.now());
  if (written.kind === "written") return { kind: "cancelled", record: written.record };
  if (!written.record) return { kind: "untouched" };
  const { hash } = reading;
  if (written.record.requestHash !== hash) return { kind: "conflict", record: written.record, hash };
  return { kind: "replayed", record: written.record };
}

/** Never a takeover: whoever held the claim may have dialled. */
async function judgeClaimed(record: CallRecord, delivery: Delivery, steps: StartSteps): Promise<Started> {
  const now = steps.now();
  if ((record.leaseUntil ?? "") <= iso(now))
    return changed("unknown", lapse(record, now, steps.patience), record, steps);
  return isOwnedBy(record.owner, delivery) ? { kind: "under-way", record } : { kind: "replayed", record };
}

/** Somebody else changed the record between the look and the claim. */
export async function judgeAnew(
  record: CallRecord | undefined,
  read: Read,
  steps: StartSteps,
): Promise<Started> {
  const { delivery } = read;
  const { hash } = read.reading;
  if (!record) return { kind: "untouched" };
  if (isTombstone(record)) return fillIn(record, read, steps);
  if (record.requestHash !== hash) return { kind: "conflict", record, hash };
  const underWay = record.state === "dialling" && isOwnedBy(record.owner, delivery);
  return { kind: underWay ? "under-way" : "replayed", record };
}

/** There is no slot that this worker could wait for. */
export async function postpone(
  candidate: Candidate,
  at: number,
  reason: string,
  steps: StartSteps,
): Promise<Started> {
  const { record } = candidate;
  if (!record) return first(readOf(candidate), "deferred", later(at, reason), steps);
  const { requestId, attempt, revision } = record;
  const change: Change = {
    requestId,
    to: "deferred",
    amend: true,
    attempt,
    revision,
    set: later(at, reason),
  };
  return changed("deferred", change, record, steps);
}

export function readOf({ delivery, request, hash }: Candidate): Read {
  return { delivery, reading: { kind: "request", requestId: request.requestId, request, hash } };
}

export function later(at: number, reason: string) {
  const dueAt = iso(at);
  return { dueAt, checkAt: dueAt, reason };
}

export function expiry(record: CallRecord): Change {
  const { requestId, attempt, revision } = record;
  const set = { reason: "expiresAt has passed" };
  return { requestId, to: "expired", attempt, revision, set, remove: ["dueAt", ...noCheck(record)] };
}

/** The worker died, or was cut off, between claim and record. */
export function lapse(record: CallRecord, now: number, patience: Patience): Change {
  const { requestId, attempt, owner } = record;
  const set = { reason: "the worker's claim lapsed", checkAt: iso(now + patience.unknownMs) };
  return { requestId, to: "unknown", attempt, owner, lapsedAt: iso(now), set };
}

export function isPast(instant: string | undefined, now: number): boolean {
  return instant !== undefined && Date.parse(instant) <= now;
}

/** If evidence or another worker was there first, what they left stands and is announced once more. */
export async function changed(
  kind: "placed" | "refused" | "expired" | "cancelled" | "deferred" | "unknown",
  change: Change,
  before: CallRecord,
  steps: Pick<StartSteps, "contacts" | "now">,
): Promise<Started> {
  const written = await steps.contacts.change(change, steps.now());
  if (written.kind === "written") return { kind, record: written.record };
  return { kind: "replayed", record: written.record ?? before };
}

interface FirstFields {
  reason: string;
  problems?: string[];
  dueAt?: string;
  checkAt?: string;
  stopAt?: string;
}

async function first(
  read: Read,
  state: "refused" | "expired" | "cancelled" | "deferred",
  fields: FirstFields,
  steps: StartSteps,
): Promise<Started> {
  const { delivery, reading } = read;
  const { requestId, hash } = reading;
  const request = reading.kind === "request" ? reading.request : undefined;
  const written = await addFirst(
    {
      requestId,
      requestHash: hash,
      ...(request && { request: JSON.stringify(request) }),
      ...(request?.campaignId && { campaignId: request.campaignId }),
      state,
      attempt: state === "deferred" ? 1 : 0,
      ttl: ttlFrom(Math.max(steps.now(), Date.parse(fields.dueAt ?? "") || 0), steps.patience),
      ...fields,
    },
    steps,
  );
  if (written.kind === "written") return { kind: state, record: written.record };
  const { record } = written;
  return record?.requestHash === hash && record.state === "dialling"
    ? judgeClaimed(record, delivery, steps)
    : judgeAnew(record, read, steps);
}
