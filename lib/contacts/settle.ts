import type { ContactFacts, ContactLookup } from "../connect/contact-centre.ts";
import type { Pacer } from "../pacing/pacer.ts";
import { attemptIdAttribute } from "./attempt.ts";
import { type CallRecord, requestOf } from "./call-record.ts";
import { wayTo } from "./contact-states.ts";
import { type Change, type Contacts, iso } from "./contacts.ts";
import type { Evidence } from "./evidence.ts";
import { type EndFacts, type Outcome, outcomeOf } from "./outcome.ts";
import { type Patience, ttlFrom } from "./patience.ts";
import { nextAttemptAt } from "./retry-policy.ts";
import { withoutUndefined } from "./without-undefined.ts";

/** What settling touches, whoever brings the evidence. */
export interface SettleSteps {
  contacts: Contacts;
  pacer: Pick<Pacer, "release">;
  lookup: ContactLookup;
  now(): number;
  patience: Patience;
  /** No message stands for the change, so the record remembers that it is still to be announced. */
  untold?: boolean;
}

export type Settled =
  /** In the order of the changes; the last is the record as it is now. */
  | { kind: "changed"; records: CallRecord[] }
  /** It is there, or further, already: told again, for a notice may have been lost. */
  | { kind: "known"; record: CallRecord }
  | { kind: "stale"; why: string }
  /** Connect cannot be asked just now. */
  | { kind: "not-now" };

export const stopReasonOf = (reason: string | undefined): string =>
  reason === undefined ? "stopped" : `stopped: ${reason}`;

/** Brings a record as far as the evidence shows its call to be. Any order and repetition of the same evidence ends alike. */
export async function settle(record: CallRecord, evidence: Evidence, steps: SettleSteps): Promise<Settled> {
  if (record.contactId !== undefined && record.contactId !== evidence.contactId) {
    return { kind: "stale", why: "another contact is on record for this attempt" };
  }
  if (record.state === "ended") return amend(record, evidence, steps);
  const way = wayTo(record.state, evidence.stage);
  if (!way) return { kind: "stale", why: `nothing is expected of a request that is ${record.state}` };
  if (way.length === 0) return learn(record, evidence, steps);

  const end = evidence.stage === "ended" ? await endOf(record, evidence, steps) : undefined;
  if (end === "not-now") return { kind: "not-now" };
  const records: CallRecord[] = [];
  for (const to of way) {
    const set = {
      ...factsOf(evidence),
      ...(end ? endFields(record, evidence, end, steps) : watch(to, steps)),
      ...(steps.untold && stillUntold(steps)),
    };
    const change: Change = {
      requestId: record.requestId,
      to: to as Change["to"],
      attempt: record.attempt,
      from: records.at(-1)?.state ?? record.state,
      set,
      remove: (["reason", "checkAt"] as const).filter((field) => !(field in set)),
    };
    const written = await steps.contacts.change(change, steps.now());
    if (written.kind === "overtaken") return again(record, records, written, evidence, steps);
    records.push(written.record);
  }
  const last = records.at(-1) ?? record;
  if (last.state !== "ended") return { kind: "changed", records };
  await giveLeaseBack(last, steps);
  // What was learnt quietly in between is on record now, and tells as well how the call is put down.
  const { contactId, stage } = evidence;
  const amended = await amend(last, { contactId, stage }, steps);
  return {
    kind: "changed",
    records: amended.kind === "changed" ? [...records, ...amended.records] : records,
  };
}

/** Facts that come early, or late, tell in the end how the call is put down; by themselves they are no news. */
async function learn(record: CallRecord, evidence: Evidence, steps: SettleSteps): Promise<Settled> {
  const { requestId, state, attempt } = record;
  const facts = Object.entries(factsOf(evidence)).filter(
    ([field]) => record[field as keyof CallRecord] === undefined,
  );
  if (facts.length === 0) return { kind: "known", record };
  const set = Object.fromEntries(facts);
  const change: Change = { requestId, to: state, amend: true, quietly: true, attempt, set };
  const written = await steps.contacts.change(change, steps.now());
  if (written.kind === "written") return { kind: "known", record: written.record };
  return again(record, [], { record: written.record }, evidence, steps);
}

/** Someone else brought other evidence in between: what they left is the new start. */
async function again(
  { attempt }: CallRecord,
  records: CallRecord[],
  { record, repeated }: { record: CallRecord | undefined; repeated?: boolean },
  evidence: Evidence,
  steps: SettleSteps,
): Promise<Settled> {
  // Another attempt may be under way by now, of which this evidence tells nothing.
  const rest: Settled =
    record?.attempt === attempt
      ? await settle(record, evidence, steps)
      : { kind: "stale", why: "of an attempt that is over" };
  // What may be our own nobody else may tell of.
  if (repeated && rest.kind === "known") return { kind: "changed", records: [...records, rest.record] };
  if (records.length === 0) return rest;
  return { kind: "changed", records: rest.kind === "changed" ? [...records, ...rest.records] : records };
}

/** What it adds may change how an ended call is put down; a contact record has the last word, the newest of them. */
async function amend(record: CallRecord, evidence: Evidence, steps: SettleSteps): Promise<Settled> {
  const { lastUpdateAt } = evidence;
  const stopAt = stopBefore(record, evidence.endedAt ?? record.endedAt);
  const outcome = outcomeOf(
    lastUpdateAt ? { ...evidence, stopAt } : { ...endFactsOf(record), ...withoutUndefined(evidence), stopAt },
  );
  const differs = outcome !== undefined && outcome !== record.outcome;
  if (!differs && (outcome === undefined || !lastUpdateAt)) return { kind: "known", record };
  const change: Change = {
    requestId: record.requestId,
    to: "ended",
    amend: true,
    attempt: record.attempt,
    revision: record.revision,
    // Anything but a contact record yields to any contact record.
    newerThan: lastUpdateAt ?? iso(0),
    quietly: !differs,
    set: {
      ...factsOf(evidence),
      outcome,
      ...(lastUpdateAt && { contactRecordAt: lastUpdateAt }),
      ...(differs && retryAt({ ...record, outcome }, steps) !== undefined && { checkAt: iso(steps.now()) }),
    },
  };
  const written = await steps.contacts.change(change, steps.now());
  if (written.record?.revision === record.revision) return { kind: "known", record: written.record };
  if (written.kind === "written") return { kind: "changed", records: [written.record] };
  return again(record, [], written, evidence, steps);
}

/** Instants of contact records have whole seconds, and clocks differ. */
const stopToleranceMs = 2_000;

/** A stop that came after the call's end has not ended it. */
function stopBefore({ stopAt }: CallRecord, endedAt: string | undefined): string | undefined {
  if (stopAt === undefined || endedAt === undefined) return stopAt;
  return Date.parse(stopAt) <= Date.parse(endedAt) + stopToleranceMs ? stopAt : undefined;
}

type End = Evidence & { outcome: Outcome };

async function endOf(record: CallRecord, evidence: Evidence, steps: SettleSteps): Promise<End | "not-now"> {
  const known = { ...evidence, ...endFactsOf(record), ...withoutUndefined(evidence) };
  const stopAt = stopBefore(record, known.endedAt);
  const outcome = outcomeOf({ ...known, stopAt });
  // Whether it was our stop that ended the call, only the reason tells.
  if (outcome && !(stopAt && known.disconnectReason === undefined)) return { ...known, outcome };
  // Reasons come late or not at all in events: Connect is asked before a call is put down as unknown.
  const answer = await steps.lookup.describe(evidence.contactId);
  if (answer.kind === "not-now") return "not-now";
  if (answer.kind === "not-found") return { ...known, outcome: outcome ?? "unknown" };
  const full = { ...known, ...withoutUndefined(evidenceOf(answer.contact)) };
  const told = outcomeOf({ ...full, stopAt: stopBefore(record, full.endedAt) });
  return { ...full, outcome: told ?? "unknown" };
}

function endFields(record: CallRecord, evidence: Evidence, end: End, steps: SettleSteps) {
  const endedAt = end.endedAt ?? iso(steps.now());
  return {
    ...factsOf(end),
    endedAt,
    outcome: end.outcome,
    ...(end.outcome === "stopped" && { reason: stopReasonOf(record.stopReason) }),
    // One that tells nothing of the end yields to whatever does.
    ...(end.outcome !== "unknown" && evidence.lastUpdateAt && { contactRecordAt: evidence.lastUpdateAt }),
    // There release-due finds it, tells of it once more and puts the next attempt on record.
    ...((record.parted || retryAt({ ...record, endedAt, outcome: end.outcome }, steps) !== undefined) && {
      checkAt: iso(steps.now()),
    }),
  };
}

function watch(to: "placed" | "connected" | string, { now, patience }: SettleSteps) {
  return { checkAt: iso(now() + patience.callCheckMs), ...(to === "placed" && { placedAt: iso(now()) }) };
}

/** When the retry policy wants the next attempt of a request whose attempt has ended. */
export function retryAt(record: CallRecord, { now }: Pick<SettleSteps, "now">): number | undefined {
  if (!record.outcome || record.stopAt) return undefined;
  // Connect's clock may be ahead of ours; no retry is to wait for that.
  const ended = Math.min(Date.parse(record.endedAt ?? record.updatedAt), now());
  return nextAttemptAt(requestOf(record), record.attempt, record.outcome, ended);
}

/** It is to be looked at, and announced, at once. */
export function stillUntold({ now }: Pick<SettleSteps, "now">) {
  return { untold: true, checkAt: iso(now()) };
}

/** Updates may go on coming while the next attempt is put on record. */
const races = 8;

/**
 * A new attempt has a new token, a new contact and nothing of the last one but its outcome. To be announced.
 * @returns undefined where the record is no longer as it was
 */
export async function nextAttempt(
  record: CallRecord,
  at: number,
  reason: string,
  steps: Pick<SettleSteps, "contacts" | "now"> & { patience: Pick<Patience, "keepMs"> },
): Promise<CallRecord | undefined> {
  let before = record;
  for (let race = 0; race < races; race += 1) {
    const { requestId, revision, attempt, updatesVersion = 0 } = before;
    const set = {
      attempt: attempt + 1,
      dueAt: iso(at),
      reason,
      ...stillUntold(steps),
      ttl: ttlFrom(at, steps.patience),
      ...partedFrom(before),
    };
    const written = await steps.contacts.change(
      {
        requestId,
        to: "deferred",
        attempt,
        revision,
        ifUpdates: updatesVersion,
        set,
        remove: [...ofOneAttempt],
      },
      steps.now(),
    );
    if (written.kind === "written") return written.record;
    const left = written.record;
    if (left?.revision !== revision) return undefined;
    before = left;
  }
  throw new Error("the record keeps changing");
}

/** The contact that is over keeps the attributes that it has, and is still to get those that it has not. */
function partedFrom(record: CallRecord): Pick<CallRecord, "parted"> {
  const { contactId, attributeUpdates = [], updatesVersion, updatesSent, updatesRefused } = record;
  if (contactId === undefined || attributeUpdates.length === 0) return {};
  return { parted: { contactId, attributeUpdates, updatesVersion, updatesSent, updatesRefused } };
}

const ofOneAttempt = [
  "owner",
  "leaseUntil",
  "clientToken",
  "tokenSince",
  "claimedAt",
  "lease",
  "postponed",
  "contactId",
  "placedAt",
  "connectedAt",
  "agentConnectedAt",
  "endedAt",
  "disconnectReason",
  "answeringMachineDetectionStatus",
  "contactRecordAt",
  "updatesSent",
  "updatesQueuedAt",
] as const satisfies (keyof CallRecord)[];

export async function giveLeaseBack(
  record: CallRecord,
  { pacer, now }: Pick<SettleSteps, "pacer" | "now">,
): Promise<void> {
  if (!record.lease) return;
  const heldMs = record.claimedAt ? now() - Date.parse(record.claimedAt) : undefined;
  await pacer.release([{ lease: record.lease, ...(heldMs !== undefined && { heldMs }) }]);
}

function endFactsOf(from: EndFacts): EndFacts {
  const { disconnectReason, connectedAt, agentConnectedAt, answeringMachineDetectionStatus } = from;
  return withoutUndefined({
    disconnectReason,
    connectedAt,
    agentConnectedAt,
    answeringMachineDetectionStatus,
  });
}

function factsOf(evidence: Evidence): EndFacts & Pick<CallRecord, "contactId"> {
  return { contactId: evidence.contactId, ...endFactsOf(evidence) };
}

export function evidenceOf(contact: ContactFacts): Evidence {
  return {
    contactId: contact.contactId,
    stage: contact.disconnectedAt ? "ended" : contact.connectedAt ? "connected" : "placed",
    attemptId: contact.attributes[attemptIdAttribute],
    connectedAt: contact.connectedAt,
    agentConnectedAt: contact.agentConnectedAt,
    endedAt: contact.disconnectedAt,
    disconnectReason: contact.disconnectReason,
    answeringMachineDetectionStatus: contact.answeringMachineDetectionStatus,
  };
}
