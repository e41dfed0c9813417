import { announce, type Told } from "../notices/announce.ts";
import { type Notices, noticeOf } from "../notices/notice.ts";
import { parseAttemptId } from "./attempt.ts";
import type { CallRecord } from "./call-record.ts";
import { type Delivery, mayHaveComeBefore } from "./delivery.ts";
import { type Evidence, joined, readEvidence } from "./evidence.ts";
import { handOver, type Owed } from "./hand-over.ts";
import { evidenceOf, type Settled, type SettleSteps, settle } from "./settle.ts";

export type Tracked =
  | { kind: "tracked"; records: CallRecord[] }
  /** It brought nothing new. Told again if this message may have come before: then its notice may have been lost. */
  | { kind: "known"; record: CallRecord }
  | { kind: "ignored"; why: string }
  | { kind: "unusable"; why: string }
  /** Connect would not tell just now. */
  | { kind: "not-now" }
  | { kind: "failed"; error: unknown };

export const afterwards = {
  tracked: "delete",
  known: "delete",
  ignored: "delete",
  unusable: "deliver again", // and so, in the end, to the dead-letter queue
  "not-now": "deliver again",
  failed: "deliver again",
} as const satisfies Record<Tracked["kind"], "delete" | "deliver again">;

export interface TrackSteps extends SettleSteps, Owed {
  notices: Notices;
  /** Contacts of any other instance are not ours. */
  instanceId: string;
}

/** What became of the calls, for the messages of one invocation: parse ▸ match ▸ record ▸ notice. */
export async function trackContacts(
  deliveries: Delivery[],
  steps: TrackSteps,
): Promise<Map<string, Tracked>> {
  const results = new Map<string, Tracked>();
  const byContact = new Map<string, { delivery: Delivery; evidence: Evidence }[]>();
  for (const delivery of deliveries) {
    const reading = readEvidence(delivery.body);
    if (reading.kind !== "evidence") results.set(delivery.messageId, reading);
    else if (!isOurs(reading.evidence, steps)) {
      results.set(delivery.messageId, { kind: "ignored", why: "of another instance" });
    } else {
      const { contactId } = reading.evidence;
      byContact.set(contactId, [
        ...(byContact.get(contactId) ?? []),
        { delivery, evidence: reading.evidence },
      ]);
    }
  }
  // One after the other for one contact, so that a batch does not race with itself.
  await Promise.all(
    [...byContact.values()].map(async (events) => {
      // The same message twice is the first: that it brings nothing new is no reason to keep quiet about what it has brought.
      for (const { delivery, evidence } of events)
        if (!results.has(delivery.messageId)) results.set(delivery.messageId, await track(evidence, steps));
    }),
  );
  const told = noticesFor(deliveries, results, steps.now());
  await handOver(results, steps);
  await announce(results, told, steps.notices);
  return results;
}

function isOurs({ instanceArn }: Evidence, { instanceId }: TrackSteps): boolean {
  return instanceArn === undefined || instanceArn.endsWith(`instance/${instanceId}`);
}

async function track(evidence: Evidence, steps: TrackSteps): Promise<Tracked> {
  try {
    const match = await matchOf(evidence, steps);
    if (match.kind !== "match") return match;
    const settled = await settle(match.record, match.evidence, steps);
    return trackedBy(settled);
  } catch (error) {
    return { kind: "failed", error };
  }
}

function trackedBy(settled: Settled): Tracked {
  switch (settled.kind) {
    case "changed":
      return { kind: "tracked", records: settled.records };
    case "known":
      return settled;
    case "stale":
      return { kind: "ignored", why: settled.why };
    case "not-now":
      return settled;
  }
}

type Match =
  | Extract<Tracked, { kind: "ignored" | "not-now" }>
  | { kind: "match"; record: CallRecord; evidence: Evidence };

/** By the contact's id, or by the attempt's id that the contact carries. */
async function matchOf(evidence: Evidence, steps: TrackSteps): Promise<Match> {
  if (evidence.attemptId !== undefined) return matchByAttempt(evidence, steps);
  const requestId = await steps.contacts.requestIdOf(evidence.contactId);
  const record =
    requestId === undefined ? undefined : (await steps.contacts.look([requestId])).get(requestId);
  if (record?.contactId === evidence.contactId) return { kind: "match", record, evidence };
  return matchByDescription(evidence, steps);
}

async function matchByDescription(evidence: Evidence, steps: TrackSteps): Promise<Match> {
  const answer = await steps.lookup.describe(evidence.contactId);
  if (answer.kind === "not-now") return answer;
  if (answer.kind === "not-found") return { kind: "ignored", why: "Connect knows no such contact" };
  return matchByAttempt(joined(evidenceOf(answer.contact), evidence), steps);
}

async function matchByAttempt(evidence: Evidence, steps: TrackSteps): Promise<Match> {
  const attempt = parseAttemptId(evidence.attemptId ?? "");
  if (!attempt) return { kind: "ignored", why: "not a call of this service" };
  const record = (await steps.contacts.look([attempt.requestId])).get(attempt.requestId);
  if (!record) return { kind: "ignored", why: "no request on record" };
  if (record.attempt !== attempt.attempt) {
    // An attempt that was given up for lost, and still rings although its request was stopped.
    if (record.stopAt && evidence.stage !== "ended") {
      const stop = { stopId: record.requestId, contactId: evidence.contactId };
      await steps.stopRequests.send([{ stop, delaySeconds: 0 }]);
    }
    return { kind: "ignored", why: "of an attempt that is over" };
  }
  return { kind: "match", record, evidence };
}

function noticesFor(deliveries: Delivery[], results: Map<string, Tracked>, now: number): Told[] {
  return deliveries.flatMap((delivery) => {
    const { messageId } = delivery;
    const result = results.get(messageId);
    if (result?.kind === "tracked")
      return result.records.map((record) => ({ messageId, notice: noticeOf(record) }));
    if (result?.kind !== "known" || !mayHaveComeBefore(delivery, result.record, now)) return [];
    return [{ messageId, notice: noticeOf(result.record) }];
  });
}
