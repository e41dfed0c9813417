import { type CallRecord, campaignShardOf, checkShardOf } from "../../lib/contacts/call-record.ts";
import { priorStates } from "../../lib/contacts/contact-states.ts";
import {
  type Change,
  type Contacts,
  type FirstRecord,
  iso,
  type Written,
} from "../../lib/contacts/contacts.ts";

/** Stands in for the table; passes the contract suite of the DynamoDB adapter. */
export class ContactsInMemory implements Contacts {
  readonly records = new Map<string, CallRecord>();
  private writes = 0;

  async look(requestIds: string[]): Promise<Map<string, CallRecord>> {
    const found = requestIds.flatMap((id) => this.records.get(id) ?? []);
    return new Map(found.map((record) => [record.requestId, { ...record }]));
  }

  async add(first: FirstRecord, now: number): Promise<Written> {
    const existing = this.records.get(first.requestId);
    if (existing) return { kind: "overtaken", record: { ...existing } };
    const at = iso(now);
    return this.keep({ ...first, revision: 1, lastWrite: this.writeId(), createdAt: at, updatedAt: at });
  }

  async change(change: Change, now: number): Promise<Written> {
    const record = this.records.get(change.requestId);
    if (!record || !accepts(record, change)) {
      return { kind: "overtaken", record: record && { ...record } };
    }
    const next = {
      ...record,
      ...change.set,
      state: change.to,
      revision: record.revision + (change.quietly ? 0 : 1),
    };
    const updatedAt = change.quietly ? record.updatedAt : iso(now);
    const changed: CallRecord = { ...next, lastWrite: this.writeId(), updatedAt };
    if (!change.set?.untold && !change.quietly) delete changed.untold;
    for (const field of change.remove ?? []) delete changed[field];
    return this.keep(changed);
  }

  async checkLater(record: CallRecord, at: number | undefined): Promise<boolean> {
    const current = this.records.get(record.requestId);
    if (current?.revision !== record.revision) return false;
    const { checkAt, untold, ...rest } = current;
    this.keep(at === undefined ? rest : { ...rest, checkAt: iso(at) });
    return true;
  }

  async requestIdOf(contactId: string): Promise<string | undefined> {
    return [...this.records.values()].find((record) => record.contactId === contactId)?.requestId;
  }

  async *ofCampaign(campaignShard: string, after = ""): AsyncIterable<string[]> {
    yield [...this.records.values()]
      .filter((record) => record.campaignShard === campaignShard)
      .map(({ requestId }) => requestId)
      .toSorted()
      .filter((requestId) => requestId > after);
  }

  async *toCheck(shard: string, until: number): AsyncIterable<string[]> {
    const due = [...this.records.values()].filter(
      (record) => record.checkShard === shard && record.checkAt !== undefined && record.checkAt <= iso(until),
    );
    yield due
      .sort((a, b) => ((a.checkAt ?? "") < (b.checkAt ?? "") ? -1 : 1))
      .map(({ requestId }) => requestId);
  }

  private keep(record: CallRecord): Written {
    const { checkShard, ...rest } = record;
    const kept: CallRecord = rest.checkAt ? { ...rest, checkShard: checkShardOf(record.requestId) } : rest;
    if (kept.campaignId) kept.campaignShard = campaignShardOf(kept.campaignId, kept.requestId);
    for (const [field, value] of Object.entries(kept))
      if (value === undefined) delete kept[field as keyof CallRecord];
    this.records.set(kept.requestId, kept);
    return { kind: "written", record: { ...kept } };
  }

  private writeId(): string {
    this.writes += 1;
    return `w-${this.writes}`;
  }
}

function accepts(record: CallRecord, change: Change): boolean {
  const from = change.amend ? [change.to] : change.from ? [change.from] : priorStates(change.to);
  return (
    from.includes(record.state) &&
    record.attempt === change.attempt &&
    (change.revision === undefined || record.revision === change.revision) &&
    (change.owner === undefined || record.owner === change.owner) &&
    (change.ifHash === undefined || record.requestHash === change.ifHash) &&
    (change.ifUpdates === undefined || (record.updatesVersion ?? 0) === change.ifUpdates) &&
    (change.lapsedAt === undefined ||
      (record.leaseUntil !== undefined && record.leaseUntil <= change.lapsedAt)) &&
    (change.newerThan === undefined || (record.contactRecordAt ?? "") < change.newerThan)
  );
}
