import type { ScimRecord } from "./record.ts";

/** The users as the identity provider wants them. */
export interface ScimUsers {
  find(userKey: string): Promise<ScimRecord | undefined>;
  /** In the order of the keys; what is not there is left out. */
  findAll(userKeys: string[]): Promise<ScimRecord[]>;
  /** The keys of all that are not deleted, in the order in which they came. What was written a moment ago may be missing. */
  keys(): Promise<string[]>;
  /** As far as is known: what was written a moment ago may be missing. */
  keysOfExternalId(externalId: string): Promise<string[]>;
  /**
   * Of those whose command may not be in the queue.
   * @param changedBefore an ISO instant
   */
  unsentKeys(changedBefore: string): Promise<string[]>;
  /**
   * @param before what is there: undefined for nothing
   * @returns whether it was that, and is this now
   */
  write(record: ScimRecord, before: ScimRecord | undefined): Promise<boolean>;
  /** The command of this very version is in the queue. What is deleted is then no longer kept. */
  sent(record: ScimRecord): Promise<void>;
}
