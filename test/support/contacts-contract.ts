import { beforeEach, describe, expect, it } from "vitest";
import { campaignShardName, checkShards } from "../../lib/contacts/call-record.ts";
import type { Contacts, FirstRecord } from "../../lib/contacts/contacts.ts";
import { iso } from "../../lib/contacts/contacts.ts";
import { minutes } from "./builders.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
let ids = 0;

/** What the stories rely on, of the table and of whatever stands in for it. */
export function contactsContract(make: () => Contacts): void {
  describe("keeps the promises of the table contacts", () => {
    let contacts: Contacts;
    let requestId: string;
    const aClaim = (fields: Partial<FirstRecord> = {}): FirstRecord => ({
      requestId,
      requestHash: "hash",
      request: "{}",
      state: "dialling",
      attempt: 1,
      owner: "m-1/a",
      leaseUntil: iso(now + minutes(1)),
      checkAt: iso(now + minutes(1)),
      ttl: 1,
      ...fields,
    });
    const toBeChecked = async (until: number) => {
      const found: string[] = [];
      for (const pages of contacts.toCheck(until)) for await (const page of pages) found.push(...page);
      return found.filter((id) => id === requestId);
    };

    beforeEach(() => {
      contacts = make();
      ids += 1;
      requestId = `contract-${ids}`;
    });

    it("adds a request once, and tells the second comer what is there", async () => {
      expect(await contacts.add(aClaim(), now)).toMatchObject({ kind: "written", record: { revision: 1 } });
      const second = await contacts.add(aClaim({ owner: "m-2/b" }), now);
      expect(second).toMatchObject({ kind: "overtaken", record: { owner: "m-1/a", state: "dialling" } });
    });

    it("gives one of twenty simultaneous claims", async () => {
      const claims = Array.from({ length: 20 }, (_, index) =>
        contacts.add(aClaim({ owner: `m-${index}/x` }), now),
      );
      const kinds = (await Promise.all(claims)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === "written")).toHaveLength(1);
    });

    it("changes only along the table of states, and counts the revisions", async () => {
      await contacts.add(aClaim(), now);
      const placed = await contacts.change(
        { requestId, to: "placed", attempt: 1, set: { contactId: "c-1" } },
        now + 1,
      );
      expect(placed).toMatchObject({
        kind: "written",
        record: { state: "placed", revision: 2, updatedAt: iso(now + 1) },
      });
      const back = await contacts.change({ requestId, to: "deferred", attempt: 1 }, now);
      expect(back).toMatchObject({ kind: "overtaken", record: { state: "placed", revision: 2 } });
    });

    it("fences off another owner, another attempt, another revision and a claim that has not lapsed", async () => {
      await contacts.add(aClaim(), now);
      const to = { requestId, to: "unknown" as const, attempt: 1 };
      const fences = [
        { owner: "m-9/z" },
        { attempt: 2 },
        { revision: 7 },
        { lapsedAt: iso(now) },
        { from: "placed" as const },
      ];
      for (const fence of fences)
        expect((await contacts.change({ ...to, ...fence }, now)).kind).toBe("overtaken");
      const right = { owner: "m-1/a", revision: 1, lapsedAt: iso(now + minutes(1)) };
      expect((await contacts.change({ ...to, ...right }, now)).kind).toBe("written");
    });

    it("amends without leaving the state, and only with what is newer", async () => {
      await contacts.add(aClaim(), now);
      await contacts.change({ requestId, to: "ended", attempt: 1, set: { outcome: "busy" } }, now);
      const amend = (at: number) =>
        contacts.change(
          {
            requestId,
            to: "ended",
            amend: true,
            attempt: 1,
            newerThan: iso(at),
            set: { contactRecordAt: iso(at) },
          },
          now,
        );
      expect((await amend(now + 5)).kind).toBe("written");
      expect((await amend(now + 4)).kind).toBe("overtaken");
      expect((await amend(now + 5)).kind).toBe("overtaken");
      expect((await amend(now + 6)).kind).toBe("written");
    });

    it("sets the attempt while it fences by it, and removes what it is told to", async () => {
      await contacts.add(aClaim(), now);
      await contacts.change(
        { requestId, to: "ended", attempt: 1, set: { outcome: "busy", contactId: "c" } },
        now,
      );
      const set = { attempt: 2, checkAt: iso(now) };
      const next = await contacts.change(
        { requestId, to: "deferred", attempt: 1, set, remove: ["contactId", "owner"] },
        now,
      );
      expect(next.record).toMatchObject({ attempt: 2, state: "deferred", outcome: "busy" });
      expect(next.record?.contactId).toBeUndefined();
      expect(next.record?.owner).toBeUndefined();
    });

    it("says so when there is no record to change", async () => {
      expect(await contacts.change({ requestId, to: "placed", attempt: 1 }, now)).toEqual({
        kind: "overtaken",
        record: undefined,
      });
    });

    it("finds a request by its contact", async () => {
      await contacts.add(aClaim(), now);
      await contacts.change(
        { requestId, to: "placed", attempt: 1, set: { contactId: `c-${requestId}` } },
        now,
      );
      expect(await contacts.requestIdOf(`c-${requestId}`)).toBe(requestId);
      expect(await contacts.requestIdOf("c-of-nobody")).toBeUndefined();
    });

    it("lists what is to be checked, and no longer what is to be checked later or never", async () => {
      const { record } = await contacts.add(aClaim(), now);
      expect(await toBeChecked(now)).toEqual([]);
      expect(await toBeChecked(now + minutes(1))).toEqual([requestId]);
      if (!record) throw new Error("nothing was added");
      expect(await contacts.checkLater(record, now + minutes(9))).toBe(true);
      expect(await toBeChecked(now + minutes(1))).toEqual([]);
      expect(await contacts.checkLater(record, undefined)).toBe(true);
      expect(await toBeChecked(now + minutes(99))).toEqual([]);
      expect(await contacts.checkLater({ ...record, revision: 9 }, now)).toBe(false);
    });

    it("looks up many at once or none, and leaves out those that are not there", async () => {
      await contacts.add(aClaim(), now);
      expect(await contacts.look([])).toEqual(new Map());
      const found = await contacts.look([
        requestId,
        requestId,
        "nobody",
        ...Array.from({ length: 120 }, (_, n) => `no-${n}`),
      ]);
      expect([...found.keys()]).toEqual([requestId]);
    });

    it("finds the requests of a campaign, over all its shards", async () => {
      const campaignId = `campaign of ${requestId}`;
      await contacts.add(aClaim({ campaignId }), now);
      await contacts.add(aClaim({ requestId: `${requestId}-other`, campaignId: "another" }), now);
      const found: string[] = [];
      for (const shard of checkShards)
        for await (const page of contacts.ofCampaign(campaignShardName(campaignId, shard)))
          found.push(...page);
      expect(found).toEqual([requestId]);
    });

    it("fences by the version of the attribute updates, with none as 0", async () => {
      await contacts.add(aClaim(), now);
      const update = (ifUpdates: number, version: number) =>
        contacts.change(
          {
            requestId,
            to: "dialling",
            attempt: 1,
            amend: true,
            quietly: true,
            ifUpdates,
            set: {
              attributeUpdates: [
                { updateId: "u", occurredAt: iso(now), attributes: { "a-key": "" }, version },
              ],
              updatesVersion: version,
            },
          },
          now,
        );
      expect((await update(1, 1)).kind).toBe("overtaken");
      expect((await update(0, 1)).kind).toBe("written");
      expect((await update(0, 1)).kind).toBe("overtaken");
      expect(await update(1, 2)).toMatchObject({
        kind: "written",
        record: { revision: 1, attributeUpdates: [{ attributes: { "a-key": "" }, version: 2 }] },
      });
    });

    it("keeps of a contact that was parted with what there is, whatever is missing", async () => {
      await contacts.add(aClaim(), now);
      const parted = { contactId: "c-1", attributeUpdates: [], updatesSent: undefined };
      const change = { requestId, to: "dialling", amend: true, attempt: 1, set: { parted } } as const;
      expect(await contacts.change(change, now)).toMatchObject({ kind: "written" });
      const record = (await contacts.look([requestId])).get(requestId);
      expect(record?.parted).toEqual({ contactId: "c-1", attributeUpdates: [] });
    });

    it("leaves what is untold untold by a change that is no news", async () => {
      await contacts.add(aClaim(), now);
      const change = { requestId, attempt: 1, amend: true, to: "dialling" } as const;
      await contacts.change({ ...change, set: { untold: true } }, now);
      await contacts.change({ ...change, quietly: true, set: { stopAt: iso(now) } }, now);
      expect((await contacts.look([requestId])).get(requestId)).toMatchObject({ untold: true });
      await contacts.change({ ...change, set: { reason: "news" } }, now);
      expect((await contacts.look([requestId])).get(requestId)?.untold).toBeUndefined();
    });
  });
}
