import { ContactsInMemory } from "../../support/contacts-in-memory.ts";
import { recordReaderContract } from "../../support/record-reader-contract.ts";
import { RecordReaderInMemory } from "../../support/record-reader-in-memory.ts";

recordReaderContract(() => {
  const contacts = new ContactsInMemory();
  return { contacts, records: new RecordReaderInMemory(contacts) };
});
