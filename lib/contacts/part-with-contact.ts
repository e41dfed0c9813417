import { type Notices, refusedOn, updateRefusedNoticeOf } from "../notices/notice.ts";
import type { CallRecord } from "./call-record.ts";
import { type Contacts, iso } from "./contacts.ts";
import { type AttributeUpdates, sendingOf } from "./hand-over.ts";
import { isOwedUpdates } from "./kept-updates.ts";
import { type NotedUpdates, noteUpdates, ofContact } from "./note-updates.ts";
import type { Patience } from "./patience.ts";
import { contactKeyOf } from "./record-keys.ts";

interface Steps {
  contacts: Contacts;
  attributeUpdates: AttributeUpdates;
  notices: Notices;
  now(): number;
  patience: Pick<Patience, "keepMs">;
}

/**
 * The contact of the attempt before gets a record of its own, with the attributes that it has, and is sent what it has not. Safe to
 * repeat: that it is to be done stays on the request's record until it is.
 */
export async function partWithContact(record: CallRecord, steps: Steps): Promise<void> {
  if (!record.parted) return;
  const { contactId, ...kept } = record.parted;
  const key = contactKeyOf(contactId);
  const { toSend, refused } = await ownRecord(key, kept, steps);
  if (toSend) await steps.attributeUpdates.send([sendingOf(key)]);
  const at = iso(steps.now());
  const notices = refused.map(({ update: { updateId }, reason }) =>
    updateRefusedNoticeOf(refusedOn(key, { updateId, reason, at })),
  );
  if (notices.length > 0 && (await steps.notices.publish(notices)).size > 0)
    throw new Error("SNS did not take a notice: it is told again at the next run");
  const { requestId, state, attempt } = record;
  await steps.contacts.change(
    { requestId, to: state, amend: true, quietly: true, attempt, remove: ["parted"] },
    steps.now(),
  );
}

async function ownRecord(
  key: string,
  kept: Omit<NonNullable<CallRecord["parted"]>, "contactId">,
  steps: Steps,
): Promise<Pick<NotedUpdates, "toSend" | "refused">> {
  const added = await steps.contacts.add({ ...ofContact(key, steps), ...kept }, steps.now());
  if (added.kind === "written") return { toSend: isOwedUpdates(added.record), refused: [] };
  // An update that named the contact was there first: whatever of these is newer goes on top, and is sent.
  return noteUpdates(key, kept.attributeUpdates, steps);
}
