import { randomUUID } from "node:crypto";
import type { Instance } from "../instance/instance.ts";
import { attributesOf } from "./chain.ts";
import type { Contact } from "./contact.ts";
import { type ContactEventEnvelope, type ContactEventType, contactEvent } from "./contact-events.ts";
import { type ContactRecord, contactRecord } from "./contact-records.ts";
import type { ContactStore } from "./contact-store.ts";

export type Deliver = {
  /** Both are made only where somebody receives them. */
  event(make: () => ContactEventEnvelope): void;
  /** `done` is called once the record has been received. */
  record(make: () => ContactRecord, done: () => void): void;
};

/** What the world is told of a contact. */
export type Telling = {
  event(contact: Contact, eventType: ContactEventType, at: number, updatedProperty?: string): void;
  record(contact: Contact): void;
  /** What is received from now on is of a world that is no more. */
  end(): void;
};

type Parts = {
  contacts: ContactStore;
  deliver: Deliver;
  instanceOf(contact: Contact): Instance;
  commit(): void;
};

export function telling({ contacts, deliver, instanceOf, commit }: Parts): Telling {
  let ended = false;
  return {
    event(contact, eventType, at, updatedProperty) {
      const updated = updatedProperty === undefined ? {} : { updatedProperties: [updatedProperty] };
      deliver.event(() =>
        contactEvent(contact, { id: randomUUID(), eventType, at, ...updated }, instanceOf(contact)),
      );
    },
    record(contact) {
      contact.recordOwed = true;
      contacts.save(contact);
      const { lastUpdateAt } = contact;
      const make = () => contactRecord(contact, attributesOf(contact, contacts), instanceOf(contact));
      deliver.record(make, () => {
        if (ended || contacts.get(contact.contactId) !== contact || contact.lastUpdateAt !== lastUpdateAt)
          return;
        contact.recordOwed = false;
        contacts.save(contact);
        commit();
      });
    },
    end() {
      ended = true;
    },
  };
}
