import type { Journal } from "../journal.ts";
import { type Contact, isActiveCall } from "./contact.ts";

/** The newest contacts that are kept; older ones are forgotten once they are completed. */
const contactsKept = 100_000;

export type ContactStore = {
  /** Undefined too for a contact of another instance, where one is named. */
  get(contactId: string, instanceId?: string): Contact | undefined;
  /** The newest contact of the instance that was started with this token. */
  withToken(clientToken: string, instanceId: string): Contact | undefined;
  all(): Iterable<Contact>;
  activeCalls(instanceId: string): number;
  nextOrdinal(): number;
  /** Marks a new or changed contact for the journal's next commit. */
  save(contact: Contact): void;
};

export function contactStore(journal: Journal, kept: number = contactsKept): ContactStore {
  const contacts = new Map<string, Contact>();
  const tokens = new Map<string, Contact>();
  const active = new Map<string, Set<string>>();
  /** Those of which nothing more is to come, the oldest first. */
  const forgettable = new Set<Contact>();
  let oldestFirst = forgettable.values();
  let nextOrdinal = 0;

  const tokenKey = (contact: Contact) => `${contact.instanceId} ${contact.clientToken}`;

  function index(contact: Contact): void {
    const { contactId, clientToken, instanceId, ordinal } = contact;
    contacts.set(contactId, contact);
    if (clientToken !== null && (tokens.get(tokenKey(contact))?.ordinal ?? -1) <= ordinal) {
      tokens.set(tokenKey(contact), contact);
    }
    const calls = active.get(instanceId) ?? new Set();
    active.set(instanceId, calls);
    if (isActiveCall(contact)) calls.add(contactId);
    else calls.delete(contactId);
    if (contact.completedAt !== null && contact.ahead.length === 0 && !contact.recordOwed) {
      forgettable.add(contact);
    } else forgettable.delete(contact);
    nextOrdinal = Math.max(nextOrdinal, ordinal + 1);
  }

  function forgetOldest(): void {
    if (contacts.size <= kept) return;
    let next = oldestFirst.next();
    // An iterator of a set goes on with what has been added since, until it has once come to the end.
    if (next.done) {
      oldestFirst = forgettable.values();
      next = oldestFirst.next();
    }
    if (next.done) return;
    const oldest = next.value;
    forgettable.delete(oldest);
    contacts.delete(oldest.contactId);
    if (tokens.get(tokenKey(oldest)) === oldest) tokens.delete(tokenKey(oldest));
    journal.forget("contact", oldest.contactId);
  }

  for (const contact of journal.found<Contact>("contact")) index(contact);

  return {
    get(contactId, instanceId) {
      const contact = contacts.get(contactId);
      return instanceId === undefined || contact?.instanceId === instanceId ? contact : undefined;
    },
    withToken: (clientToken, instanceId) => tokens.get(`${instanceId} ${clientToken}`),
    all: () => contacts.values(),
    activeCalls: (instanceId) => active.get(instanceId)?.size ?? 0,
    nextOrdinal: () => nextOrdinal,
    save(contact) {
      index(contact);
      journal.put("contact", contact.contactId, contact);
      forgetOldest();
    },
  };
}
