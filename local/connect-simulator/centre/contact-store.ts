import type { Journal } from "../journal.ts";
import { type Contact, isLive } from "./contact.ts";

/** The newest contacts that are kept; older ones are forgotten once they are completed. */
const contactsKept = 100_000;

export type ContactStore = {
  get(contactId: string): Contact | undefined;
  /** The newest contact that was started with this token. */
  withToken(clientToken: string): Contact | undefined;
  all(): Iterable<Contact>;
  liveCount(): number;
  nextOrdinal(): number;
  /** Writes a new or changed contact. `now`: simulated milliseconds. */
  save(contact: Contact, now: number): void;
  clear(now: number): void;
};

export function contactStore(journal: Journal, kept: number = contactsKept): ContactStore {
  const contacts = new Map<string, Contact>();
  const tokens = new Map<string, Contact>();
  const live = new Set<string>();
  let nextOrdinal = 0;
  let linesWritten = 0;

  function index(contact: Contact): void {
    contacts.set(contact.contactId, contact);
    if (contact.clientToken !== null && (tokens.get(contact.clientToken)?.ordinal ?? -1) <= contact.ordinal) {
      tokens.set(contact.clientToken, contact);
    }
    if (isLive(contact)) live.add(contact.contactId);
    else live.delete(contact.contactId);
    nextOrdinal = Math.max(nextOrdinal, contact.ordinal + 1);
  }

  function forgetOldest(now: number): void {
    if (contacts.size <= kept) return;
    for (const [contactId, contact] of contacts) {
      if (contact.ahead.length > 0 || contact.recordOwed) continue;
      contacts.delete(contactId);
      if (contact.clientToken !== null && tokens.get(contact.clientToken) === contact) {
        tokens.delete(contact.clientToken);
      }
      journal.write({ now, forgotten: contactId });
      return;
    }
  }

  for (const contact of journal.found.contacts) index(contact);

  return {
    get: (contactId) => contacts.get(contactId),
    withToken: (clientToken) => tokens.get(clientToken),
    all: () => contacts.values(),
    liveCount: () => live.size,
    nextOrdinal: () => nextOrdinal,
    save(contact, now) {
      index(contact);
      journal.write({ now, contact });
      forgetOldest(now);
      linesWritten += 1;
      // A call writes about eight lines in its life, of which only the last one matters.
      if (linesWritten > 10_000 && linesWritten > 20 * contacts.size) {
        journal.rewrite(contacts.values(), now);
        linesWritten = 0;
      }
    },
    clear(now) {
      contacts.clear();
      tokens.clear();
      live.clear();
      nextOrdinal = 0;
      linesWritten = 0;
      journal.rewrite([], now);
    },
  };
}
