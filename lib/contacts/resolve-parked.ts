import { type Notices, noticeOf } from "../notices/notice.ts";
import { type CallRecord, requestOf } from "./call-record.ts";
import { type Contacts, iso } from "./contacts.ts";
import { isPast } from "./judge-request.ts";
import type { Outcome } from "./outcome.ts";
import type { Patience } from "./patience.ts";
import type { Release } from "./release-due.ts";
import { nextAttempt, stillUntold } from "./settle.ts";

/** What an operator decides for a request of whose call nobody can tell. */
export type Decision = { kind: "redial" } | { kind: "close"; outcome: Outcome };

export type Resolved =
  | {
      kind: "resolved";
      record: CallRecord;
      /** This very decision was on record before: only what follows from it was done again. */
      repeated: boolean;
      noticePublished: boolean;
      /** Of a redial only. Where it failed, release-due sends the request within a minute. */
      sent?: boolean;
    }
  | { kind: "not-found" }
  /** It is not parked, or no longer. Nothing was done. */
  | { kind: "conflict"; record: CallRecord }
  /** It was stopped, so that it is never dialled again. Nothing was done. */
  | { kind: "stopped"; record: CallRecord }
  /** Its `expiresAt` has passed, so that another attempt would never be dialled. Nothing was done. */
  | { kind: "too-late"; record: CallRecord };

export interface ResolveSteps {
  contacts: Contacts;
  notices: Notices;
  /** Sends to `call-requests`. */
  callRequests: { send(releases: Release[]): Promise<void> };
  now(): number;
  patience: Pick<Patience, "keepMs">;
}

const redialReason = "an operator asked for another attempt";
const closeReason = "closed by an operator";

/** An operator's decision: look ▸ record ▸ notice ▸ send. Safe to repeat, so that a failed notice can be told again. */
export async function resolveParked(
  requestId: string,
  decision: Decision,
  steps: ResolveSteps,
): Promise<Resolved> {
  const record = await look(requestId, steps);
  if (!record) return { kind: "not-found" };
  if (isDecided(record, decision)) return followUp(record, decision, true, steps);
  if (record.state !== "parked") return { kind: "conflict", record };
  if (decision.kind === "redial" && record.stopAt) return { kind: "stopped", record };
  if (decision.kind === "redial" && isPast(requestOf(record)?.expiresAt, steps.now())) {
    return { kind: "too-late", record };
  }
  const decided = await (decision.kind === "redial"
    ? nextAttempt(record, steps.now(), redialReason, steps)
    : close(record, decision.outcome, steps));
  if (decided) return followUp(decided, decision, false, steps);
  const present = await look(requestId, steps);
  return present ? { kind: "conflict", record: present } : { kind: "not-found" };
}

async function look(requestId: string, { contacts }: ResolveSteps): Promise<CallRecord | undefined> {
  return (await contacts.look([requestId])).get(requestId);
}

function isDecided(record: CallRecord, decision: Decision): boolean {
  return decision.kind === "redial"
    ? record.state === "deferred" && record.reason === redialReason
    : record.state === "ended" && record.reason === closeReason && record.outcome === decision.outcome;
}

async function close(
  record: CallRecord,
  outcome: Outcome,
  steps: ResolveSteps,
): Promise<CallRecord | undefined> {
  const { requestId, attempt, revision } = record;
  const now = steps.now();
  const { retry, ...request } = requestOf(record) ?? {};
  const written = await steps.contacts.change(
    {
      requestId,
      to: "ended",
      from: "parked",
      attempt,
      revision,
      set: {
        outcome,
        reason: closeReason,
        endedAt: iso(now),
        ...stillUntold(steps),
        // Late evidence may still correct the outcome, and must not have a closed request dialled again.
        ...(retry && { request: JSON.stringify(request) }),
      },
    },
    now,
  );
  return written.kind === "written" ? written.record : undefined;
}

/** All that comes after the decision is on record, and may be done twice. */
async function followUp(
  record: CallRecord,
  decision: Decision,
  repeated: boolean,
  steps: ResolveSteps,
): Promise<Resolved> {
  const noticePublished = await succeeds(async () => {
    const failed = await steps.notices.publish([noticeOf(record)]);
    return failed.size === 0;
  });
  const done = { kind: "resolved", record, repeated, noticePublished } as const;
  // Should this fail, release-due tells the same notice once more.
  if (noticePublished && record.untold) {
    const nextCheck = decision.kind === "redial" ? Date.parse(record.dueAt ?? record.updatedAt) : undefined;
    await succeeds(() => steps.contacts.checkLater(record, nextCheck));
  }
  if (decision.kind === "redial") return { ...done, sent: await succeeds(() => send(record, steps)) };
  return done;
}

/** So that nobody waits for release-due, which would send it within a minute. */
async function send({ requestId, request }: CallRecord, { callRequests }: ResolveSteps): Promise<boolean> {
  if (request === undefined) return false;
  await callRequests.send([{ requestId, body: request, delaySeconds: 0 }]);
  return true;
}

async function succeeds(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch {
    return false;
  }
}
