import { describe, expect, it } from "vitest";
import { inParallel } from "../../lib/portions.ts";
import { idOf, type ScimRecord, userKeyOf } from "../../lib/scim/record.ts";
import type { ScimUsers } from "../../lib/scim/scim-users.ts";

let generations = 0;

/** A record of a name of its own, as it is first written. */
export function aScimRecord(userName: string, fields: Partial<ScimRecord> = {}): ScimRecord {
  generations += 1;
  const userKey = userKeyOf(userName);
  const id = idOf(userKey, String(generations).padStart(16, "0"));
  const at = "2026-11-24T12:00:00.000Z";
  const user = { userName, name: { givenName: "Ana", familyName: "Ruiz" }, active: true };
  return {
    userKey,
    id,
    version: 1,
    createdAt: at,
    changedAt: at,
    user,
    deleted: false,
    unsent: true,
    ...fields,
  };
}

/** @param fresh holding nothing */
export function scimUsersContract(fresh: () => Promise<ScimUsers>): void {
  describe("the users of SCIM", () => {
    it("are found as they were written, and no others", async () => {
      const users = await fresh();
      const record = aScimRecord("ana");
      expect(await users.write(record, undefined)).toBe(true);
      expect(await users.find(record.userKey)).toEqual(record);
      expect(await users.find(userKeyOf("bo"))).toBeUndefined();
    });

    it("are written by whoever knows what is there, and by nobody else", async () => {
      const users = await fresh();
      const first = aScimRecord("ana");
      const second = { ...first, version: 2, user: { ...first.user, active: false } };
      expect(await users.write(second, first)).toBe(false);
      await users.write(first, undefined);
      expect(await users.write(first, undefined)).toBe(false);
      expect(await users.write(second, first)).toBe(true);
      expect(await users.write(second, first)).toBe(false);
      expect(await users.find(first.userKey)).toEqual(second);
    });

    it("are no longer unsent when the command of their last version is sent", async () => {
      const users = await fresh();
      const first = aScimRecord("ana");
      const second = { ...first, version: 2 };
      await users.write(first, undefined);
      await users.write(second, first);
      await users.sent(first);
      expect(await users.find(first.userKey)).toMatchObject({ version: 2, unsent: true });
      await users.sent(second);
      expect(await users.find(first.userKey)).toEqual({ ...second, unsent: false });
    });

    it("are kept when they are deleted, until the command is sent, and in no list", async () => {
      const users = await fresh();
      const record = aScimRecord("ana", { user: { ...aScimRecord("ana").user, externalId: "e-1" } });
      const deleted = { ...record, version: 2, deleted: true };
      await users.write(record, undefined);
      await users.write(deleted, record);
      expect(await users.find(record.userKey)).toEqual(deleted);
      expect(await users.keys()).toEqual([]);
      expect(await users.keysOfExternalId("e-1")).toEqual([]);
      await users.sent(deleted);
      expect(await users.find(record.userKey)).toBeUndefined();
    });

    it("are not taken for an earlier one of the same name and version", async () => {
      const users = await fresh();
      const earlier = aScimRecord("ana");
      const later = aScimRecord("ana");
      await users.write(later, undefined);
      expect(await users.write({ ...earlier, version: 2 }, earlier)).toBe(false);
      await users.sent(earlier);
      expect(await users.find(later.userKey)).toEqual(later);
    });

    it("are listed in the order in which they came, and given in the order of the keys", async () => {
      const users = await fresh();
      const records = ["cy", "ana", "bo"].map((userName, index) =>
        aScimRecord(userName, { createdAt: `2026-11-24T12:00:0${index}.000Z` }),
      );
      for (const record of records.toReversed()) await users.write(record, undefined);
      const keys = records.map(({ userKey }) => userKey);
      expect(await users.keys()).toEqual(keys);
      expect(await users.findAll([...keys.toReversed(), userKeyOf("nobody")])).toEqual(records.toReversed());
    });

    it("are found by the id that their identity provider has for them", async () => {
      const users = await fresh();
      const record = aScimRecord("ana");
      await users.write({ ...record, user: { ...record.user, externalId: "e-1" } }, undefined);
      await users.write(aScimRecord("bo"), undefined);
      expect(await users.keysOfExternalId("e-1")).toEqual([record.userKey]);
      expect(await users.keysOfExternalId("E-1")).toEqual([]);
    });

    it("that are unsent are found when they were changed before then", async () => {
      const users = await fresh();
      const old = aScimRecord("ana", { changedAt: "2026-11-24T12:00:00.000Z" });
      const recent = aScimRecord("bo", { changedAt: "2026-11-24T12:01:00.000Z" });
      const done = aScimRecord("cy", { changedAt: "2026-11-24T12:00:00.000Z", unsent: false });
      for (const record of [old, recent, done]) await users.write(record, undefined);
      expect(await users.unsentKeys("2026-11-24T12:01:00.000Z")).toEqual([old.userKey]);
    });

    it("come in any number", async () => {
      const users = await fresh();
      const records = Array.from({ length: 250 }, (_, index) => aScimRecord(`user-${index}`));
      await inParallel(records, 10, async (record) => void (await users.write(record, undefined)));
      const keys = await users.keys();
      expect(keys).toHaveLength(250);
      expect((await users.findAll(keys)).map(({ userKey }) => userKey)).toEqual(keys);
    });
  });
}
