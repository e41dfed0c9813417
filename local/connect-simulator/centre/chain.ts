import { randomUUID } from "node:crypto";
import { type Contact, newContact } from "./contact.ts";
import type { ContactStore } from "./contact-store.ts";

/** Attributes belong to the first contact of a chain and are the same for all of it. */
export const attributesOf = (contact: Contact, contacts: ContactStore): Contact["attributes"] =>
  initialOf(contact, contacts).attributes;

export const initialOf = (contact: Contact, contacts: ContactStore): Contact =>
  (contact.initialContactId === null ? undefined : contacts.get(contact.initialContactId)) ?? contact;

/** The next contact of the same customer. */
export function nextInChain(
  before: Contact,
  initiationMethod: "TRANSFER" | "QUEUE_TRANSFER" | "CALLBACK",
  { ordinal, queueId, at }: { ordinal: number; queueId: string; at: number },
): Contact {
  const later = initiationMethod === "CALLBACK";
  const contact = newContact({
    contactId: randomUUID(),
    instanceId: before.instanceId,
    ordinal,
    initiationMethod,
    channel: before.channel,
    initialContactId: before.initialContactId ?? before.contactId,
    previousContactId: before.contactId,
    destination: before.destination,
    source: before.source,
    contactFlowId: before.contactFlowId,
    queueId,
    initiatedAt: at,
    scheduled: later,
    connectedAt: later ? null : before.connectedAt,
    // Whoever is called back waits as those do whom we call.
    patient: later || before.patient,
  });
  before.nextContactId = contact.contactId;
  return contact;
}
