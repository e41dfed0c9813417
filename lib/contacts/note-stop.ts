import { type CallRecord, requestOf } from "./call-record.ts";
import { type Change, type Contacts, iso } from "./contacts.ts";
import { isAwaited } from "./first-record.ts";
import { type Patience, ttlFrom } from "./patience.ts";
import { nextAttemptAt } from "./retry-policy.ts";
import { stopReasonOf } from "./settle.ts";

type Steps = { contacts: Contacts; now(): number; patience: Pick<Patience, "keepMs"> };

/** Beyond this many lost races something is wrong, and the message comes back. */
const races = 8;

/** Connect knows a call of this request that has not ended. */
export function mayBeStopped(record: CallRecord): record is CallRecord & { contactId: string } {
  return (record.state === "placed" || record.state === "connected") && record.contactId !== undefined;
}

/** A stop was asked for, and the contact has become known since: whoever learns of it hands the stop over. */
export const isOwedAStop = (record: CallRecord): boolean =>
  record.stopAt !== undefined && mayBeStopped(record);

/** A record that a stop left before its call request came, which has no content yet to compare with. */
export const isTombstone = (record: CallRecord): boolean =>
  record.state === "cancelled" && record.requestHash === "";

/** The record with its stop. `untold`: what it was before, if that has not been announced and no longer can be read off it. */
export type Noted = { record: CallRecord; untold?: CallRecord };

/**
 * Puts a stop on record, so that nothing is dialled from then on. What was never dialled is cancelled; what is being dialled,
 * or was, remembers the stop.
 */
export async function noteStop(requestId: string, reason: string | undefined, steps: Steps): Promise<Noted> {
  let record = (await steps.contacts.look([requestId])).get(requestId);
  for (let race = 0; race < races; race += 1) {
    const written = record
      ? await noteOn(record, reason, steps)
      : await steps.contacts.add(stoppedBeforeItCame(requestId, reason, steps), steps.now());
    if (written.kind === "written") {
      const untold = record?.untold && written.record.revision !== record.revision ? record : undefined;
      return { record: written.record, ...(untold && { untold }) };
    }
    record = written.record;
  }
  throw new Error("the record keeps changing");
}

/** Also stands for a campaign, under a key of its own. */
export const stoppedBeforeItCame = (requestId: string, reason: string | undefined, steps: Steps) =>
  ({
    requestId,
    requestHash: "",
    state: "cancelled",
    attempt: 0,
    reason: stopReasonOf(reason),
    stopAt: iso(steps.now()),
    ttl: ttlFrom(steps.now(), steps.patience),
  }) as const;

function noteOn(record: CallRecord, reason: string | undefined, steps: Steps) {
  const now = steps.now();
  if (record.state === "deferred") {
    const change = cancellation(record, reason, now);
    if (!isAwaited(record)) return steps.contacts.change(change, now);
    // It takes the place of a tombstone, and lasts as long.
    const ttl = Math.max(record.ttl, ttlFrom(now, steps.patience));
    return steps.contacts.change({ ...change, set: { ...change.set, attempt: 0, ttl } }, now);
  }
  if (isStoppedOrOver(record)) return { kind: "written" as const, record };
  const { requestId, state, attempt } = record;
  const note: Change = {
    requestId,
    to: state,
    amend: true,
    quietly: true,
    attempt,
    set: { stopAt: iso(now), ...(reason !== undefined && { stopReason: reason }) },
  };
  return steps.contacts.change(note, now);
}

/** A stop would change nothing. An ended request can still be dialled again, by its retry policy. */
export function isStoppedOrOver(record: CallRecord): boolean {
  if (record.stopAt !== undefined || ["refused", "cancelled", "expired"].includes(record.state)) return true;
  if (record.state !== "ended" || record.outcome === undefined) return false;
  return nextAttemptAt(requestOf(record), record.attempt, record.outcome, 0) === undefined;
}

/** What waits for its time, or for its next attempt, is never dialled. */
export function cancellation(record: CallRecord, reason: string | undefined, now: number): Change {
  const { requestId, attempt, revision } = record;
  return {
    requestId,
    to: "cancelled",
    attempt,
    revision,
    set: { reason: stopReasonOf(reason ?? record.stopReason), stopAt: record.stopAt ?? iso(now) },
    remove: ["dueAt", ...noCheck(record)],
  };
}

/** Nothing is left to be done for a record that is settled, but to part with a contact. */
export const noCheck = ({ parted }: CallRecord): "checkAt"[] => (parted ? [] : ["checkAt"]);
