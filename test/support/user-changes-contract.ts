import { beforeEach, describe, expect, it } from "vitest";
import { orderOf } from "../../lib/roster/ledger.ts";
import type { PartChange } from "../../lib/roster/user-change.ts";
import type { ChangeReader, CommandEntry, UserChanges } from "../../lib/roster/user-changes.ts";

let number = 0;
const phone: PartChange = {
  part: "phone",
  before: { type: "SOFT_PHONE", autoAccept: true },
  after: { type: "SOFT_PHONE", autoAccept: false },
};
const hierarchy: PartChange = { part: "hierarchy", before: ["EMEA", "Night"] };

/** Users of every test are others: an audit record is never cleared. */
export function userChangesContract(
  changesOf: (now: () => number) => { changes: UserChanges; reader: ChangeReader },
): void {
  describe("the audit record of users", () => {
    let now: number;
    let changes: UserChanges;
    let reader: ChangeReader;
    let first: CommandEntry;
    let second: CommandEntry;
    beforeEach(() => {
      now = Date.parse("2026-11-24T12:00:00Z");
      ({ changes, reader } = changesOf(() => now));
      number += 1;
      const username = `user ${number}`;
      first = { username, order: orderOf("9"), commandId: "c-1", source: "hr", reason: "moved" };
      second = { username, order: orderOf("10"), commandId: "c-2" };
    });
    const at = "2026-11-24T12:00:00.000Z";
    const kept = async ({ username, order }: CommandEntry) => {
      const [change] = await reader.outcomes([{ username, order }]);
      return change;
    };

    it("has what is about to change before it is changed, and how that ended", async () => {
      const begun = { ...first, at, state: "begun", changes: [phone, hierarchy] };
      expect(await changes.begin(first, "updated", [hierarchy, phone])).toEqual(begun);
      expect(await kept(first)).toEqual(begun);
      now += 60_000;
      const settled = { ...begun, state: "updated" };
      expect(await changes.settle(first, { kind: "done" })).toEqual(settled);
      expect(await kept(first)).toEqual(settled);
    });

    it.each(["created", "updated", "deleted"] as const)("calls it %s as often as it ends", async (deed) => {
      await changes.begin(first, deed, [phone]);
      for (const _ of [1, 2])
        expect(await changes.settle(first, { kind: "done" })).toMatchObject({ state: deed });
    });

    it("keeps what was noted first as before, and what was noted last as after", async () => {
      await changes.begin(first, "updated", [phone, { part: "tags", after: { team: "a" } }]);
      const again: PartChange[] = [
        { part: "phone", before: { autoAccept: false }, after: { autoAccept: true } },
        { part: "tags", before: { team: "a" } },
        hierarchy,
      ];
      const { changes: parts } = await changes.begin(first, "updated", again);
      expect(parts).toEqual([
        { part: "phone", before: phone.before, after: { autoAccept: true } },
        hierarchy,
        { part: "tags" },
      ]);
    });

    it("says of a command that changed nothing that it changed nothing", async () => {
      const unchanged = { ...second, at, state: "unchanged", changes: [] };
      expect(await changes.settle(second, { kind: "done" })).toEqual(unchanged);
      expect(await kept(second)).toEqual(unchanged);
    });

    it("says nothing of what was settled already when that comes round and is superseded", async () => {
      expect(await changes.settle(second, { kind: "superseded" })).toMatchObject({ state: "superseded" });
      await changes.begin(first, "updated", [phone]);
      await changes.settle(first, { kind: "done" });
      const superseded = await changes.settle(first, { kind: "superseded" });
      expect(superseded).toMatchObject({ state: "updated", changes: [phone] });
    });

    it("has of a superseded command what it may have changed", async () => {
      await changes.begin(first, "updated", [phone]);
      const superseded = await changes.settle(first, { kind: "superseded" });
      expect(superseded).toMatchObject({ state: "superseded", changes: [phone] });
    });

    it("has of a refused command why, and what it changed before that", async () => {
      const refused = { kind: "refused", why: "InvalidParameterException" } as const;
      await changes.begin(first, "updated", [phone, hierarchy]);
      expect(await changes.settle(first, refused)).toMatchObject({ changes: [phone, hierarchy] });
      expect(await changes.settle(first, { ...refused, made: ["phone"] })).toEqual({
        ...first,
        at,
        state: "refused",
        why: refused.why,
        changes: [phone],
      });
      const done = await changes.settle(first, { kind: "done" });
      expect(done).toEqual({ ...first, at, state: "updated", changes: [phone] });
    });

    it("forgets what was begun when nothing of it was done", async () => {
      await changes.begin(first, "created", [phone]);
      await changes.settle(first, { kind: "refused", why: "InvalidParameterException", made: [] });
      expect(await changes.settle(first, { kind: "done" })).toMatchObject({
        state: "unchanged",
        changes: [],
      });
      await changes.begin(second, "created", [phone]);
      await changes.withdraw(second);
      expect(await changes.settle(second, { kind: "done" })).toMatchObject({
        state: "unchanged",
        changes: [],
      });
    });

    it("is open again when the command begins again", async () => {
      await changes.settle(first, { kind: "refused", why: "InvalidParameterException" });
      const begun = await changes.begin(first, "deleted", [hierarchy]);
      expect(begun).toEqual({ ...first, at, state: "begun", changes: [hierarchy] });
    });

    it("is listed by user, the newest command first", async () => {
      await changes.settle(first, { kind: "done" });
      await changes.settle(second, { kind: "done" });
      const ids = (listed: { commandId: string }[]) => listed.map(({ commandId }) => commandId);
      expect(ids(await reader.list(first.username, 10))).toEqual(["c-2", "c-1"]);
      expect(ids(await reader.list(first.username, 1))).toEqual(["c-2"]);
      expect(await reader.list("nobody", 10)).toEqual([]);
    });

    it("tells of many commands at once, and nothing of those that it has not", async () => {
      await changes.settle(second, { kind: "done" });
      const { username } = first;
      const keys = Array.from({ length: 120 }, (_, index) => ({ username, order: orderOf(`1${index}`) }));
      expect(await reader.outcomes(keys)).toMatchObject([{ commandId: "c-2" }]);
    });
  });
}
