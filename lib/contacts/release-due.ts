import { type Notices, noticeOf } from "../notices/notice.ts";
import { attemptIdOfLease, type Pacer } from "../pacing/pacer.ts";
import { inParallel } from "../portions.ts";
import { parseAttemptId } from "./attempt.ts";
import { type CallRecord, requestOf } from "./call-record.ts";
import { mayBeOnCall } from "./contact-states.ts";
import type { Change, Contacts } from "./contacts.ts";
import { handOverOf, type Owed } from "./hand-over.ts";
import { expiry, isPast, lapse } from "./judge-request.ts";
import { cancellation } from "./note-stop.ts";
import { partWithContact } from "./part-with-contact.ts";
import {
  evidenceOf,
  giveLeaseBack,
  nextAttempt,
  retryAt,
  type SettleSteps,
  settle,
  stillUntold,
} from "./settle.ts";

export interface Release {
  requestId: string;
  /** The message: the request as it is on record. */
  body: string;
  delaySeconds: number;
}

export interface ReleaseSteps extends SettleSteps, Owed {
  contacts: Contacts;
  pacer: Pick<Pacer, "release" | "leasesTakenBefore">;
  notices: Notices;
  /** Sends to `call-requests`. Throws unless all were taken. */
  callRequests: { send(releases: Release[]): Promise<void> };
}

export interface Released {
  released: number;
  lapsed: number;
  settled: number;
  parked: number;
  expired: number;
  cancelled: number;
  leasesFreed: number;
  /** Each is tried again at the next run. */
  failures: { requestId?: string; error: unknown }[];
  /** The time was up before all that was due had been seen: the next run goes on. */
  cutShort: boolean;
}

/** Runs every minute, so all that falls due before the next run is sent, with its exact delay. */
const windowMs = 60_000;
/** A request that was sent and is still waiting after that is sent again: a message may have been lost. */
const sendAgainMs = 15 * 60_000;
/** A lease that no record names after that was taken by a worker that died. */
const orphanedMs = 60_000;
/** SQS takes ten messages at once. */
const sendAtOnce = 10;
const askAtOnce = 5;

/** All that time alone moves: what is due is sent, what lapsed is settled, what nobody can tell is parked. */
export async function releaseDue(steps: ReleaseSteps, mustEndBy: number): Promise<Released> {
  const tally: Released = {
    released: 0,
    lapsed: 0,
    settled: 0,
    parked: 0,
    expired: 0,
    cancelled: 0,
    leasesFreed: 0,
    failures: [],
    cutShort: false,
  };
  await guarded(tally, undefined, async () => {
    tally.leasesFreed = await freeOrphanedLeases(steps);
  });
  const until = steps.now() + windowMs;
  await Promise.all(
    steps.contacts
      .toCheck(until)
      .map((pages) => guarded(tally, undefined, () => checkPages(pages, steps, mustEndBy, tally))),
  );
  return tally;
}

async function checkPages(
  pages: AsyncIterable<string[]>,
  steps: ReleaseSteps,
  mustEndBy: number,
  tally: Released,
): Promise<void> {
  for await (const requestIds of pages) {
    if (steps.now() > mustEndBy) {
      tally.cutShort = true;
      return;
    }
    await checkPage([...(await steps.contacts.look(requestIds)).values()], steps, tally);
  }
}

async function checkPage(records: CallRecord[], steps: ReleaseSteps, tally: Released): Promise<void> {
  const until = steps.now() + windowMs;
  const isDue = (record: CallRecord) =>
    record.state === "deferred" && !record.untold && isPast(record.dueAt, until);
  const due = records.filter((record) => isDue(record) && !record.stopAt && !hasExpired(record, steps));
  const others = records.filter((record) => !due.includes(record) && isPast(record.checkAt, steps.now()));

  await inParallel(others, askAtOnce, (record) =>
    guarded(tally, record.requestId, async () => {
      const left = await check(record, steps, tally);
      if (isDue(left)) due.push(left);
    }),
  );
  for (let from = 0; from < due.length; from += sendAtOnce) {
    await guarded(tally, undefined, async () => {
      tally.released += await release(due.slice(from, from + sendAtOnce), steps);
    });
  }
}

/** Sent first and put off afterwards: a crash in between sends twice, which start-contact does not mind. */
async function release(due: CallRecord[], steps: ReleaseSteps): Promise<number> {
  const now = steps.now();
  await steps.callRequests.send(
    due.map((record) => ({
      requestId: record.requestId,
      body: record.request ?? "",
      delaySeconds: Math.max(0, Math.ceil((Date.parse(record.dueAt ?? record.updatedAt) - now) / 1000)),
    })),
  );
  await Promise.all(due.map((record) => steps.contacts.checkLater(record, now + windowMs + sendAgainMs)));
  return due.length;
}

/** First tells what is untold, then does what the time has brought, as often as it has. @returns what is left */
async function check(record: CallRecord, steps: ReleaseSteps, tally: Released): Promise<CallRecord> {
  await partWithContact(record, steps);
  // Of an ended attempt it is not known whether its notice got out before the next attempt takes its place.
  if (record.untold || record.state === "ended") await tell(record, steps);
  const changed = await move(record, steps, tally);
  if (changed) return check(changed, steps, tally);
  const told = { ...record, untold: false };
  const next = nextCheckAt(told, steps);
  if (record.untold || (next === undefined && record.checkAt)) await steps.contacts.checkLater(record, next);
  return told;
}

async function tell(record: CallRecord, { notices }: ReleaseSteps): Promise<void> {
  const failed = await notices.publish([noticeOf(record)]);
  if (failed.size > 0) throw new Error("SNS did not take a notice: it is told again at the next run");
}

/** One change, still to be told; undefined when there is nothing to do now. */
async function move(
  record: CallRecord,
  steps: ReleaseSteps,
  tally: Released,
): Promise<CallRecord | undefined> {
  const now = steps.now();
  switch (record.state) {
    case "deferred":
      if (record.stopAt) return changedBy(cancellation(record, undefined, now), "cancelled", steps, tally);
      if (!hasExpired(record, steps)) return undefined;
      return changedBy(expiry(record), "expired", steps, tally);
    case "dialling":
      if (!isPast(record.leaseUntil, now)) return undefined;
      return changedBy(lapse(record, now, steps.patience), "lapsed", steps, tally);
    case "unknown":
      if ((nextCheckAt(record, steps) ?? 0) > now) return undefined;
      // An attribute update may have named its contact.
      return record.contactId === undefined ? park(record, steps, tally) : askAfter(record, steps, tally);
    case "placed":
    case "connected":
      return record.untold ? undefined : askAfter(record, steps, tally);
    case "ended": {
      const at = retryAt(record, steps);
      return at === undefined ? undefined : nextAttempt(record, at, `again after ${record.outcome}`, steps);
    }
    case "parked": {
      if (record.stopAt || requestOf(record)?.onUnknown !== "redial") return undefined;
      return nextAttempt(
        record,
        now,
        "redialled without knowing: the customer may be called a second time",
        steps,
      );
    }
    case "refused":
    case "cancelled":
    case "expired":
      return undefined;
  }
}

async function changedBy(
  change: Change,
  what: "expired" | "cancelled" | "lapsed" | "parked",
  steps: ReleaseSteps,
  tally: Released,
): Promise<CallRecord | undefined> {
  const remove = (change.remove ?? []).filter((field) => field !== "checkAt");
  const untold: Change = { ...change, set: { ...change.set, ...stillUntold(steps) }, remove };
  const written = await steps.contacts.change(untold, steps.now());
  if (written.kind === "overtaken") return undefined;
  tally[what] += 1;
  return written.record;
}

/** No evidence came in time: never dialled again by itself, unless the producer accepted the risk beforehand. */
async function park(
  record: CallRecord,
  steps: ReleaseSteps,
  tally: Released,
): Promise<CallRecord | undefined> {
  const { requestId, attempt, revision } = record;
  const set = { reason: "no evidence came in time" };
  const parked = await changedBy({ requestId, to: "parked", attempt, revision, set }, "parked", steps, tally);
  if (parked) await giveLeaseBack(parked, steps);
  return parked;
}

/** Events are best effort: a call that is silent for long is asked after. */
async function askAfter(
  record: CallRecord,
  steps: ReleaseSteps,
  tally: Released,
): Promise<CallRecord | undefined> {
  const { contactId } = record;
  if (contactId === undefined) return undefined;
  const answer = await steps.lookup.describe(contactId);
  if (answer.kind === "not-now") return undefined;
  if (record.state !== "unknown" && answer.kind === "found" && !answer.contact.disconnectedAt) {
    await handOverOf([record], steps);
    await steps.contacts.checkLater(record, steps.now() + steps.patience.callCheckMs);
    return undefined;
  }
  const gone = { contactId, stage: "ended" as const };
  const evidence = answer.kind === "found" ? evidenceOf(answer.contact) : gone;
  const settled = await settle(record, evidence, { ...steps, untold: true });
  if (settled.kind !== "changed") return undefined;
  tally.settled += 1;
  await handOverOf(settled.records.slice(-1), steps);
  return settled.records.at(-1);
}

/** When a record is to be looked at after it has been told; undefined when time brings it nothing more. */
function nextCheckAt(record: CallRecord, steps: ReleaseSteps): number | undefined {
  const { patience } = steps;
  switch (record.state) {
    case "deferred":
      return Date.parse(record.dueAt ?? record.updatedAt);
    case "dialling":
      return Date.parse(record.leaseUntil ?? record.updatedAt);
    case "unknown":
      return Date.parse(record.updatedAt) + patience.unknownMs;
    case "placed":
    case "connected":
      return Date.parse(record.updatedAt) + patience.callCheckMs;
    default:
      return undefined;
  }
}

function hasExpired(record: CallRecord, { now }: ReleaseSteps): boolean {
  return isPast(requestOf(record)?.expiresAt, now());
}

/** Leases whose worker died before it could put them on record, or whose call has ended meanwhile. */
async function freeOrphanedLeases(steps: ReleaseSteps): Promise<number> {
  const leases = await steps.pacer.leasesTakenBefore(steps.now() - orphanedMs);
  const requestIds = leases.flatMap((lease) => parseAttemptId(attemptIdOfLease(lease))?.requestId ?? []);
  const records = await steps.contacts.look(requestIds);
  const orphaned = leases.filter((lease) => {
    const record = records.get(parseAttemptId(attemptIdOfLease(lease))?.requestId ?? "");
    return !record || record.lease !== lease || !mayBeOnCall(record.state);
  });
  await steps.pacer.release(orphaned.map((lease) => ({ lease })));
  return orphaned.length;
}

/** One that fails holds up none of the others. */
async function guarded(
  tally: Released,
  requestId: string | undefined,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    tally.failures.push({ ...(requestId && { requestId }), error });
  }
}
