import { clientTokenOf } from "./attempt.ts";
import type { CallRecord } from "./call-record.ts";
import type { CallRequest } from "./call-request.ts";
import { type Change, type Contacts, iso, type Written } from "./contacts.ts";
import { type Delivery, ownerOf } from "./delivery.ts";
import { addFirst } from "./first-record.ts";
import { type Patience, ttlFrom } from "./patience.ts";

/** A request that may be dialled now. */
export interface Candidate {
  delivery: Delivery;
  request: CallRequest;
  hash: string;
  attempt: number;
  /** The record, where the request is not new. */
  record?: CallRecord;
}

export type Claim = { kind: "taken"; record: CallRecord } | { kind: "lost"; record: CallRecord | undefined };

/** Connect knows a token for 7 days. */
const tokenLifeMs = 6 * 86_400_000;

/**
 * One conditional write puts the intent to dial on record before Connect is called: attempt, token, owner and lease.
 * Between it and the dial nothing is waited for.
 */
export async function claimOf(
  candidate: Candidate,
  lease: string,
  steps: { contacts: Contacts; now(): number; random(): string; patience: Patience },
  mustEndBy: number,
): Promise<Claim> {
  const now = steps.now();
  const { request, record } = candidate;
  const attempt = record && tokenIsOld(record, now) ? candidate.attempt + 1 : candidate.attempt;
  const claimedAt = iso(now);
  // The worker cannot outlive its invocation, so after that nobody dials under this claim.
  const leaseUntil = iso(mustEndBy + steps.patience.leaseMarginMs);
  const intent = {
    owner: ownerOf(candidate.delivery, steps.random()),
    leaseUntil,
    checkAt: leaseUntil,
    clientToken: clientTokenOf(request.requestId, attempt),
    claimedAt,
    lease,
    ttl: ttlFrom(now, steps.patience),
  };
  const written: Written = record
    ? await claimKnown(record, { ...intent, attempt }, now, steps.contacts)
    : await addFirst(
        {
          requestId: request.requestId,
          requestHash: candidate.hash,
          request: JSON.stringify(request),
          state: "dialling",
          attempt,
          tokenSince: claimedAt,
          ...(request.campaignId && { campaignId: request.campaignId }),
          ...intent,
        },
        steps,
      );
  return written.kind === "written"
    ? { kind: "taken", record: written.record }
    : { kind: "lost", record: written.record };
}

/** Updates may go on coming while the request is claimed: they are no reason to lose the claim. */
const races = 8;

async function claimKnown(
  known: CallRecord,
  intent: NonNullable<Change["set"]> & { attempt: number; owner: string; claimedAt: string },
  now: number,
  contacts: Contacts,
): Promise<Written> {
  let record = known;
  for (let race = 0; race < races; race += 1) {
    const { requestId, attempt, revision, updatesVersion = 0, tokenSince } = record;
    const written = await contacts.change(
      {
        requestId,
        to: "dialling",
        attempt,
        revision,
        ifUpdates: updatesVersion,
        set: {
          ...intent,
          ...((intent.attempt !== attempt || !tokenSince) && { tokenSince: intent.claimedAt }),
          // The dial that follows carries them.
          ...(updatesVersion > 0 && { updatesSent: updatesVersion }),
        },
        remove: ["dueAt", "reason"],
      },
      now,
    );
    const changed = written.record;
    // A write of ours whose answer was lost, and on which an update came before it was repeated.
    if (changed?.owner === intent.owner) return { kind: "written", record: changed };
    if (changed?.revision !== record.revision) return written;
    // Only updates have come.
    record = changed;
  }
  throw new Error("the record keeps changing");
}

/** A token that Connect may forget while we use it is never sent: such an attempt, certainly not dialled, is renumbered. */
function tokenIsOld(record: CallRecord, now: number): boolean {
  return record.tokenSince !== undefined && now - Date.parse(record.tokenSince) > tokenLifeMs;
}
