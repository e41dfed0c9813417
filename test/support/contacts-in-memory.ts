import type { CallRecord } from "../../lib/contacts/call-record.ts";
import type { Change, Contacts, FirstRecord, Written } from "../../lib/contacts/contacts.ts";
import { ContactsTable } from "../../simulation/parts/contacts-table.ts";

/** Stands in for the table, and is the one of the simulation; passes the contract suite of the DynamoDB adapter. */
export class ContactsInMemory implements Contacts {
  private readonly table = new ContactsTable();
  readonly records: Map<string, CallRecord> = this.table.records;
  private writes = 0;

  async look(requestIds: string[]): Promise<Map<string, CallRecord>> {
    return this.table.look(requestIds);
  }

  async add(first: FirstRecord, now: number): Promise<Written> {
    return this.table.add(first, now, this.writeId());
  }

  async change(change: Change, now: number): Promise<Written> {
    return this.table.change(change, now, this.writeId());
  }

  async checkLater(record: CallRecord, at: number | undefined): Promise<boolean> {
    return this.table.checkLater(record, at);
  }

  async requestIdOf(contactId: string): Promise<string | undefined> {
    return this.table.requestIdOf(contactId);
  }

  async *ofCampaign(campaignShard: string, after?: string): AsyncIterable<string[]> {
    yield this.table.ofCampaign(campaignShard, after);
  }

  toCheck(until: number): AsyncIterable<string[]>[] {
    return this.table.shardsToCheck(until).map((shard) => this.toCheckOf(shard, until));
  }

  private async *toCheckOf(shard: string, until: number): AsyncIterable<string[]> {
    yield this.table.toCheck(shard, until);
  }

  private writeId(): string {
    this.writes += 1;
    return `w-${this.writes}`;
  }
}
