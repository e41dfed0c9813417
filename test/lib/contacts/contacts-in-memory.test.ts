import { contactsContract } from "../../support/contacts-contract.ts";
import { ContactsInMemory } from "../../support/contacts-in-memory.ts";

contactsContract(() => new ContactsInMemory());
