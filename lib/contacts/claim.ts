import { clientTokenOf } from "./attempt.ts";
import type { CallRecord } from "./call-record.ts";
import type { CallRequest } from "./call-request.ts";
import { type Contacts, iso } from "./contacts.ts";
import { type Delivery, ownerOf } from "./delivery.ts";
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
  const intent = {
    owner: ownerOf(candidate.delivery, steps.random()),
    // The worker cannot outlive its invocation, so after that nobody dials under this claim.
    leaseUntil: iso(mustEndBy + steps.patience.leaseMarginMs),
    checkAt: iso(mustEndBy + steps.patience.leaseMarginMs),
    clientToken: clientTokenOf(request.requestId, attempt),
    claimedAt: iso(now),
    lease,
    ttl: ttlFrom(now, steps.patience),
  };
  const written = record
    ? await steps.contacts.change(
        {
          requestId: request.requestId,
          to: "dialling",
          attempt: record.attempt,
          revision: record.revision,
          set: {
            ...intent,
            attempt,
            ...((attempt !== record.attempt || !record.tokenSince) && { tokenSince: iso(now) }),
          },
          remove: ["dueAt", "reason"],
        },
        now,
      )
    : await steps.contacts.add(
        {
          requestId: request.requestId,
          requestHash: candidate.hash,
          request: JSON.stringify(request),
          state: "dialling",
          attempt,
          tokenSince: iso(now),
          ...(request.campaignId && { campaignId: request.campaignId }),
          ...intent,
        },
        now,
      );
  return written.kind === "written"
    ? { kind: "taken", record: written.record }
    : { kind: "lost", record: written.record };
}

/** A token that Connect may forget while we use it is never sent: such an attempt, certainly not dialled, is renumbered. */
function tokenIsOld(record: CallRecord, now: number): boolean {
  return record.tokenSince !== undefined && now - Date.parse(record.tokenSince) > tokenLifeMs;
}
