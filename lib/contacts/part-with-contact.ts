import type { CallRecord } from "./call-record.ts";
import type { Contacts } from "./contacts.ts";
import { type AttributeUpdates, sendingOf } from "./hand-over.ts";
import { isOwedUpdates } from "./kept-updates.ts";
import { ofContact } from "./note-updates.ts";
import type { Patience } from "./patience.ts";
import { contactKeyOf } from "./record-keys.ts";

/**
 * Another attempt is to follow, which has another contact: the one that is over keeps its attributes in a record of its own, and
 * is sent what it does not have yet.
 */
export async function partWithContact(
  { contactId, attributeUpdates = [], updatesVersion, updatesSent }: CallRecord,
  steps: {
    contacts: Contacts;
    attributeUpdates: AttributeUpdates;
    now(): number;
    patience: Pick<Patience, "keepMs">;
  },
): Promise<void> {
  if (contactId === undefined || attributeUpdates.length === 0) return;
  const key = contactKeyOf(contactId);
  const kept = { attributeUpdates, updatesVersion, updatesSent };
  const { record } = await steps.contacts.add({ ...ofContact(key, steps), ...kept }, steps.now());
  if (record && isOwedUpdates(record)) await steps.attributeUpdates.send([sendingOf(key)]);
}
