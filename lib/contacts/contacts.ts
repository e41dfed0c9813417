import type { CallRecord } from "./call-record.ts";
import type { FirstState, State } from "./contact-states.ts";

type Kept = Omit<
  CallRecord,
  "requestId" | "state" | "attempt" | "revision" | "lastWrite" | "createdAt" | "updatedAt"
>;

/** The fields of a first record that its writer decides; the rest follows. */
export type FirstRecord = Pick<CallRecord, "requestId" | "requestHash" | "attempt" | "ttl"> &
  Partial<Kept> & { state: FirstState };

/** One conditional write: whoever finds the record in another place than expected changes nothing. */
export interface Change {
  requestId: string;
  /** Must be reachable from the state on record, by the table of states. Equal states only with `amend`. */
  to: State;
  /** The attempt that the writer knows of. */
  attempt: number;
  /** The very revision that the writer has decided on. */
  revision?: number | undefined;
  /** The claim that the writer holds: fences off a worker whose claim was taken over. */
  owner?: string | undefined;
  /** Only while this claim has lapsed. */
  lapsedAt?: string | undefined;
  /** Narrows the states that the write accepts, where the writer has decided by one of them. */
  from?: State | undefined;
  /** The record stays in its state; accepted only when the state is `to`. */
  amend?: boolean;
  /** Kept without counting as a change: nothing that is announced differs. */
  quietly?: boolean;
  /** Only when the contact record on file is older than this, or there is none. */
  newerThan?: string | undefined;
  /** Only while the content on record has this hash. */
  ifHash?: string | undefined;
  /** Only while what is on record of attribute updates is of this version; 0 where there is nothing. */
  ifUpdates?: number | undefined;
  /** A change without `untold` is announced by whoever makes it. */
  set?: Partial<Kept & { attempt: number }>;
  remove?: (keyof Kept)[];
}

export type Written =
  | { kind: "written"; record: CallRecord }
  /**
   * Somebody else was there first; this is what they left. Undefined when there is no record at all. `repeated`: it was sent more than
   * once, and so what is there may be ours, with another write upon it.
   */
  | { kind: "overtaken"; record: CallRecord | undefined; repeated?: boolean };

/** The table of call requests, as the stories need it. All reads but `requestIdOf` are consistent. */
export interface Contacts {
  look(requestIds: string[]): Promise<Map<string, CallRecord>>;
  /** Only where there is no record of this requestId yet. */
  add(record: FirstRecord, now: number): Promise<Written>;
  change(change: Change, now: number): Promise<Written>;
  /**
   * Moves the time of the next check, and takes the record as told, without making it a change.
   * @returns whether it still was in this revision
   */
  checkLater(record: CallRecord, at: number | undefined): Promise<boolean>;
  /** By the index, which may lag behind. */
  requestIdOf(contactId: string): Promise<string | undefined>;
  /** Pages of ids of a campaign's requests behind the one given, by the index, which may lag behind. */
  ofCampaign(campaignShard: string, after?: string): AsyncIterable<string[]>;
  /** Ids that are to be checked before `until`: lists that can be read side by side, each in pages and with the most overdue first. */
  toCheck(until: number): AsyncIterable<string[]>[];
}

export const iso = (at: number): string => new Date(at).toISOString();
