import { type Notice, type Notices, noticeOf } from "../notices/notice.ts";
import { attemptIdOfLease, type Pacer } from "../pacing/pacer.ts";
import { parseAttemptId } from "./attempt.ts";
import { type CallRecord, checkShards, requestOf } from "./call-record.ts";
import { isSettled, mayBeOnCall } from "./contact-states.ts";
import { type Contacts, iso } from "./contacts.ts";
import { expiry, isPast, lapse } from "./judge-request.ts";
import { evidenceOf, giveLeaseBack, nextAttempt, type SettleSteps, settle, tryAgain } from "./settle.ts";

export interface Release {
  requestId: string;
  /** The message: the request as it is on record. */
  body: string;
  delaySeconds: number;
}

export interface ReleaseSteps extends SettleSteps {
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
    leasesFreed: 0,
    failures: [],
    cutShort: false,
  };
  await guarded(tally, undefined, async () => {
    tally.leasesFreed = await freeOrphanedLeases(steps);
  });
  const until = steps.now() + windowMs;
  await inParallel(checkShards, checkShards.length, (shard) =>
    guarded(tally, undefined, () => checkShard(shard, until, steps, mustEndBy, tally)),
  );
  return tally;
}

async function checkShard(
  shard: string,
  until: number,
  steps: ReleaseSteps,
  mustEndBy: number,
  tally: Released,
): Promise<void> {
  for await (const requestIds of steps.contacts.toCheck(shard, until)) {
    if (steps.now() > mustEndBy) {
      tally.cutShort = true;
      return;
    }
    await checkPage([...(await steps.contacts.look(requestIds)).values()], steps, tally);
  }
}

async function checkPage(records: CallRecord[], steps: ReleaseSteps, tally: Released): Promise<void> {
  const now = steps.now();
  const expired = (record: CallRecord) =>
    record.state === "deferred" && isPast(requestOf(record)?.expiresAt, now);
  const due = records.filter((record) => record.state === "deferred" && !expired(record) && record.request);
  const others = records.filter((record) => !due.includes(record) && isPast(record.checkAt, now));

  for (let from = 0; from < due.length; from += sendAtOnce) {
    await guarded(tally, undefined, async () => {
      tally.released += await release(due.slice(from, from + sendAtOnce), steps);
    });
  }
  await inParallel(others, askAtOnce, (record) =>
    guarded(tally, record.requestId, async () => tell(await check(record, steps, tally), steps)),
  );
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

/** @returns the changes, to be announced */
async function check(record: CallRecord, steps: ReleaseSteps, tally: Released): Promise<CallRecord[]> {
  const now = steps.now();
  switch (record.state) {
    case "deferred": {
      // Kept in the index until it has been announced, as are the other states that nothing delivers again.
      const { remove, ...change } = expiry(record);
      const written = await steps.contacts.change(
        { ...change, set: { ...change.set, checkAt: iso(now) } },
        now,
      );
      if (written.kind === "overtaken") return [];
      tally.expired += 1;
      return [written.record];
    }
    case "dialling": {
      if (!isPast(record.leaseUntil, now)) return [];
      const written = await steps.contacts.change(lapse(record, now, steps.patience), now);
      if (written.kind === "overtaken") return [];
      tally.lapsed += 1;
      return [written.record];
    }
    case "unknown":
      return park(record, steps, tally);
    case "placed":
    case "connected":
      return askAfter(record, steps, tally);
    case "ended": {
      const next = await tryAgain(record, steps);
      return next ? [record, next] : [record];
    }
    case "parked": {
      const next = await redialIfAsked(record, steps);
      return next ? [record, next] : [record];
    }
    case "refused":
    case "cancelled":
    case "expired":
      return [record];
  }
}

/** No evidence came in time: never dialled again by itself, unless the producer accepted the risk beforehand. */
async function park(record: CallRecord, steps: ReleaseSteps, tally: Released): Promise<CallRecord[]> {
  const { requestId, attempt, revision } = record;
  const set = { reason: "no evidence came in time", checkAt: iso(steps.now()) };
  const written = await steps.contacts.change(
    { requestId, to: "parked", attempt, revision, set },
    steps.now(),
  );
  if (written.kind === "overtaken") return [];
  tally.parked += 1;
  await giveLeaseBack(written.record, steps);
  const next = await redialIfAsked(written.record, steps);
  return next ? [written.record, next] : [written.record];
}

async function redialIfAsked(record: CallRecord, steps: ReleaseSteps): Promise<CallRecord | undefined> {
  if (requestOf(record)?.onUnknown !== "redial") return undefined;
  return nextAttempt(
    record,
    steps.now(),
    "redialled without knowing: the customer may be called a second time",
    steps,
  );
}

/** Events are best effort: a call that is silent for long is asked after. */
async function askAfter(record: CallRecord, steps: ReleaseSteps, tally: Released): Promise<CallRecord[]> {
  const { contactId } = record;
  if (contactId === undefined) return [];
  const answer = await steps.lookup.describe(contactId);
  if (answer.kind === "not-now") return [];
  if (answer.kind === "found" && !answer.contact.disconnectedAt) {
    await steps.contacts.checkLater(record, steps.now() + steps.patience.callCheckMs);
  }
  const evidence =
    answer.kind === "found"
      ? evidenceOf(answer.contact)
      : { source: "describe-contact" as const, contactId, stage: "ended" as const };
  const settled = await settle(record, evidence, steps);
  if (settled.kind !== "changed") return [];
  tally.settled += 1;
  return settled.records;
}

/** A record leaves the index only when it has been announced, so that a failed notice is told at the next run. */
async function tell(changes: CallRecord[], { notices, contacts }: ReleaseSteps): Promise<void> {
  if (changes.length === 0) return;
  const told: Notice[] = changes.map(noticeOf);
  const failed = await notices.publish(told);
  if (failed.size > 0) throw new Error("SNS did not take a notice: it is told again at the next run");
  const last = changes.at(-1);
  if (last && isSettled(last.state) && last.checkAt) await contacts.checkLater(last, undefined);
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

/** `work` must not throw. */
async function inParallel<T>(items: T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: Math.min(width, queue.length) }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  });
  await Promise.all(workers);
}
