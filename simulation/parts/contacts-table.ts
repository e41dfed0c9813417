import {
  type CallRecord,
  callRecordSchema,
  campaignShardOf,
  checkShardOf,
} from "../../lib/contacts/call-record.ts";
import { priorStates, type State, states } from "../../lib/contacts/contact-states.ts";
import { type Change, type FirstRecord, iso, type Written } from "../../lib/contacts/contacts.ts";

const prior = Object.fromEntries(states.map((state) => [state, priorStates(state)])) as Record<
  State,
  State[]
>;

/**
 * The table `contacts` without the way to it: each method is one request as DynamoDB carries it out. Records are replaced and never
 * changed, so that they can be handed out as they are.
 */
export class ContactsTable {
  readonly records = new Map<string, CallRecord>();
  private readonly joinedAt = new Map<string, number>();

  look(requestIds: string[]): Map<string, CallRecord> {
    const found = new Map<string, CallRecord>();
    for (const requestId of requestIds) {
      const record = this.records.get(requestId);
      if (record) found.set(requestId, record);
    }
    return found;
  }

  /** @param writeId the same for each time that the same write is sent */
  add(first: FirstRecord, now: number, writeId: string): Written {
    const existing = this.records.get(first.requestId);
    if (existing) return overtaken(existing, writeId);
    const at = iso(now);
    const fields = { revision: 1, lastWrite: writeId, createdAt: at, updatedAt: at };
    return { kind: "written", record: this.keep({ ...blank, ...first, ...fields } as CallRecord) };
  }

  change(change: Change, now: number, writeId: string): Written {
    const record = this.records.get(change.requestId);
    if (!record || !accepts(record, change)) return overtaken(record, writeId);
    const { set, to, quietly, remove = [] } = change;
    const next = laidOver(record, set, set?.untold || quietly ? remove : [...remove, "untold"]);
    next.state = to;
    next.revision = record.revision + (quietly ? 0 : 1);
    next.lastWrite = writeId;
    next.updatedAt = quietly ? record.updatedAt : iso(now);
    return { kind: "written", record: this.keep(next) };
  }

  checkLater(record: CallRecord, at: number | undefined): boolean {
    const current = this.records.get(record.requestId);
    if (current?.revision !== record.revision) return false;
    if (at === undefined) this.keep(laidOver(current, {}, ["checkAt", "untold"]));
    else this.keep(laidOver(current, { checkAt: iso(at) }, ["untold"]));
    return true;
  }

  requestIdOf(contactId: string): string | undefined {
    for (const record of this.records.values()) if (record.contactId === contactId) return record.requestId;
    return undefined;
  }

  /** @param shownUntil whatever has joined the campaign since is not shown yet */
  ofCampaign(campaignShard: string, after = "", shownUntil = Number.POSITIVE_INFINITY): string[] {
    const found: string[] = [];
    for (const { requestId, campaignShard: shard } of this.records.values())
      if (shard === campaignShard && requestId > after && (this.joinedAt.get(requestId) ?? 0) <= shownUntil)
        found.push(requestId);
    return found.sort();
  }

  /** The shards in which anything is to be checked. */
  shardsToCheck(until: number): string[] {
    const shards = new Set<string>();
    for (const { checkShard } of this.due(until)) if (checkShard !== undefined) shards.add(checkShard);
    return [...shards].sort();
  }

  toCheck(shard: string, until: number): string[] {
    const due = this.due(until).filter(({ checkShard }) => checkShard === shard);
    if (due.length > 1) due.sort((a, b) => ((a.checkAt ?? "") < (b.checkAt ?? "") ? -1 : 1));
    return due.map(({ requestId }) => requestId);
  }

  private due(until: number): CallRecord[] {
    const due: CallRecord[] = [];
    for (const record of this.records.values())
      if (record.checkAt !== undefined && Date.parse(record.checkAt) <= until) due.push(record);
    return due;
  }

  /** Keys of the indexes follow from what they are about. */
  private keep(record: CallRecord): CallRecord {
    if (record.checkAt !== undefined) record.checkShard = checkShardOf(record.requestId);
    if (record.campaignId !== undefined) {
      record.campaignShard = campaignShardOf(record.campaignId, record.requestId);
      if (!this.joinedAt.has(record.requestId))
        this.joinedAt.set(record.requestId, Date.parse(record.updatedAt));
    }
    this.records.set(record.requestId, record);
    return record;
  }
}

/** All records have all fields, undefined where there is nothing: alike in shape, they are copied and read many times faster. */
const blank = Object.fromEntries(Object.keys(callRecordSchema.entries).map((field) => [field, undefined]));

function laidOver(record: CallRecord, set: Change["set"], remove: readonly string[]): CallRecord {
  const next: Record<string, unknown> = { ...record, checkShard: undefined };
  for (const field in set) {
    const value = set[field as keyof typeof set];
    if (value !== undefined) next[field] = value;
  }
  for (const field of remove) next[field] = undefined;
  return next as CallRecord;
}

/** A write that is repeated meets itself, which is a success. */
function overtaken(record: CallRecord | undefined, writeId: string): Written {
  return record?.lastWrite === writeId ? { kind: "written", record } : { kind: "overtaken", record };
}

function accepts(record: CallRecord, change: Change): boolean {
  const { to, from } = change;
  const isInPlace = change.amend
    ? record.state === to
    : from
      ? record.state === from
      : prior[to].includes(record.state);
  return (
    isInPlace &&
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
