import type { ScimRecord } from "../../lib/scim/record.ts";
import type { ScimUsers } from "../../lib/scim/scim-users.ts";

export class ScimUsersInMemory implements ScimUsers {
  private readonly records = new Map<string, ScimRecord>();

  async find(userKey: string): Promise<ScimRecord | undefined> {
    return structuredClone(this.records.get(userKey));
  }

  async findAll(userKeys: string[]): Promise<ScimRecord[]> {
    return structuredClone(userKeys.flatMap((userKey) => this.records.get(userKey) ?? []));
  }

  async keys(): Promise<string[]> {
    return this.keysWhere(({ deleted }) => !deleted);
  }

  async keysOfExternalId(externalId: string): Promise<string[]> {
    return this.keysWhere(({ deleted, user }) => !deleted && user.externalId === externalId);
  }

  async unsentKeys(changedBefore: string): Promise<string[]> {
    return this.keysWhere(({ unsent, changedAt }) => unsent && changedAt < changedBefore);
  }

  async write(record: ScimRecord, before: ScimRecord | undefined): Promise<boolean> {
    if (!this.is(record.userKey, before)) return false;
    this.records.set(record.userKey, structuredClone(record));
    return true;
  }

  async sent(record: ScimRecord): Promise<void> {
    if (!this.is(record.userKey, record)) return;
    if (record.deleted) this.records.delete(record.userKey);
    else this.records.set(record.userKey, { ...record, unsent: false });
  }

  /** What no list shows any more is here as well. */
  all(): ScimRecord[] {
    return [...this.records.values()];
  }

  private keysWhere(wanted: (record: ScimRecord) => boolean): string[] {
    const placeOf = ({ createdAt, id }: ScimRecord) => `${createdAt}#${id}`;
    return this.all()
      .filter(wanted)
      .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
      .map(({ userKey }) => userKey);
  }

  private is(userKey: string, before: ScimRecord | undefined): boolean {
    const there = this.records.get(userKey);
    return there?.id === before?.id && there?.version === before?.version;
  }
}
