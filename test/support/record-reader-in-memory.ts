import type { RecordReader, Selection, Stretch } from "../../lib/api/record-reader.ts";
import { type Shown, shownOf } from "../../lib/api/record-view.ts";
import { isInternalKey } from "../../lib/contacts/record-keys.ts";
import type { ContactsInMemory } from "./contacts-in-memory.ts";

/** Reads what stands in for the table; passes the contract suite of the DynamoDB adapter. */
export class RecordReaderInMemory implements RecordReader {
  private readonly contacts: ContactsInMemory;

  constructor(contacts: ContactsInMemory) {
    this.contacts = contacts;
  }

  async look(requestId: string): Promise<Shown | undefined> {
    const record = isInternalKey(requestId) ? undefined : this.contacts.records.get(requestId);
    return record && shownOf(record);
  }

  async stretch({ campaignShard, state }: Selection, after = "", atMost: number): Promise<Stretch> {
    const behind = [...this.contacts.records.values()]
      .filter((record) => campaignShard === undefined || record.campaignShard === campaignShard)
      .filter(({ requestId }) => requestId > after)
      .toSorted((a, b) => (a.requestId < b.requestId ? -1 : 1));
    const looked = behind.slice(0, atMost);
    const found = looked
      .filter((record) => state === undefined || record.state === state)
      .filter(({ requestId }) => !isInternalKey(requestId))
      .map(shownOf);
    const end = behind.length > looked.length ? looked.at(-1)?.requestId : undefined;
    return { found, read: looked.length, ...(end !== undefined && { end }) };
  }
}
