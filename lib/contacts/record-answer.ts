import type { DialAnswer, NotNow } from "../connect/contact-centre.ts";
import type { CallRecord } from "./call-record.ts";
import { iso } from "./contacts.ts";
import { changed, later } from "./judge-request.ts";
import { noCheck } from "./note-stop.ts";
import type { Started, StartSteps } from "./start-contact.ts";

/** Milliseconds before the same attempt is tried again; doubled each time. */
const firstBackoffMs = {
  rate: 2_000,
  "active-calls": 10_000,
  unreachable: 10_000,
  "not-authorised": 60_000,
  stopped: 0,
} satisfies Record<NotNow | "stopped", number>;
const longestBackoffMs = 15 * 60_000;

/** Writes what Connect answered, fenced by the owner of the claim. */
export async function recordAnswer(
  record: CallRecord,
  answer: DialAnswer | { kind: "not-now"; why: "stopped" },
  steps: StartSteps,
): Promise<Started> {
  const now = steps.now();
  const { requestId, attempt, owner } = record;
  const fence = { requestId, attempt, owner };
  switch (answer.kind) {
    case "accepted": {
      const checkAt = iso(now + steps.patience.callCheckMs);
      const set = { contactId: answer.contactId, placedAt: iso(now), checkAt };
      return changed("placed", { ...fence, to: "placed", set, remove: ["reason"] }, record, steps);
    }
    case "unclear": {
      const set = {
        reason: `no clear answer: ${answer.reason}`,
        checkAt: iso(now + steps.patience.unknownMs),
      };
      return changed("unknown", { ...fence, to: "unknown", from: "dialling", set }, record, steps);
    }
    case "refused": {
      const set = { reason: `Connect: ${answer.reason}` };
      const result = await changed(
        "refused",
        { ...fence, to: "refused", from: "dialling", set, remove: noCheck(record) },
        record,
        steps,
      );
      await giveSlotBack(record, steps);
      return result;
    }
    case "not-now": {
      const postponed = (record.postponed ?? 0) + 1;
      const set = { ...later(now + backoffMs(answer.why, postponed), reasonOf(answer.why)), postponed };
      const result = await changed(
        "deferred",
        { ...fence, to: "deferred", from: "dialling", set },
        record,
        steps,
      );
      await giveSlotBack(record, steps);
      if (answer.why === "rate" || answer.why === "active-calls") await steps.pacer.pushBack(answer.why);
      return result;
    }
  }
}

const reasonOf = (why: NotNow | "stopped"): string => (why === "stopped" ? "stopped" : `Connect: ${why}`);

function backoffMs(why: NotNow | "stopped", postponed: number): number {
  return Math.min(longestBackoffMs, firstBackoffMs[why] * 2 ** Math.min(postponed - 1, 10));
}

async function giveSlotBack({ lease }: CallRecord, { pacer }: StartSteps): Promise<void> {
  if (lease) await pacer.release([{ lease }]);
}
