import { beforeEach, describe, expect, it } from "vitest";
import type { RecordReader, Selection } from "../../lib/api/record-reader.ts";
import { campaignShardName, checkShards } from "../../lib/contacts/call-record.ts";
import type { Contacts, FirstRecord } from "../../lib/contacts/contacts.ts";
import { campaignKeyOf } from "../../lib/contacts/record-keys.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
let runs = 0;

/** What the API relies on, of the table and of whatever stands in for it. */
export function recordReaderContract(make: () => { contacts: Contacts; records: RecordReader }): void {
  describe("reads of the table contacts what may be shown", () => {
    let contacts: Contacts;
    let records: RecordReader;
    let prefix: string;
    let campaignId: string;

    const add = (requestId: string, fields: Partial<FirstRecord> = {}) =>
      contacts.add(
        {
          requestId,
          requestHash: "hash",
          request: '{"destination":"+12065550100"}',
          state: "deferred",
          attempt: 1,
          owner: "m-1/a",
          ttl: 1,
          ...fields,
        },
        now,
      );
    const addMany = (count: number, fields: Partial<FirstRecord> = {}) =>
      Promise.all(Array.from({ length: count }, (_, index) => add(`${prefix}-${index}`, fields)));
    const ids = (count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`).sort();
    const campaign = (): Selection[] =>
      checkShards.map((shard) => ({ campaignShard: campaignShardName(campaignId, shard) }));

    /** All of these selections, stretch by stretch; other tests' records left out. */
    const walk = async (selections: Selection[], atMost: number) => {
      const found: string[] = [];
      for (const selection of selections) {
        let after: string | undefined;
        do {
          const stretch = await records.stretch(selection, after, atMost);
          expect(stretch.read).toBeLessThanOrEqual(atMost);
          found.push(...stretch.found.map(({ requestId }) => requestId));
          after = stretch.end;
        } while (after !== undefined);
      }
      return found.filter((requestId) => requestId.includes(prefix)).sort();
    };

    beforeEach(() => {
      ({ contacts, records } = make());
      runs += 1;
      prefix = `reader-${runs}`;
      campaignId = `campaign of ${prefix}`;
    });

    it("shows a record without whom it is for and without what is ours", async () => {
      await add(prefix, { campaignId, reason: "pace" });
      const shown = await records.look(prefix);
      expect(shown).toMatchObject({ requestId: prefix, state: "deferred", campaignId, revision: 1 });
      for (const field of ["request", "requestHash", "owner", "ttl", "lastWrite", "campaignShard"])
        expect(shown).not.toHaveProperty(field);
      const [listed] = (
        await Promise.all(campaign().map((part) => records.stretch(part, undefined, 9)))
      ).flatMap(({ found }) => found);
      expect(listed).toEqual(shown);
    });

    it("finds nothing where there is nothing, and no internal record", async () => {
      await add(campaignKeyOf(campaignId), { state: "cancelled" });
      expect(await records.look("nobody")).toBeUndefined();
      expect(await records.look(campaignKeyOf(campaignId))).toBeUndefined();
    });

    it.each([1, 3, 1000])(
      "goes through the table %i at a time, each request once, internal records left out",
      async (atMost) => {
        await addMany(7);
        await add(campaignKeyOf(campaignId), { state: "cancelled" });
        expect(await walk([{}], atMost)).toEqual(ids(7));
      },
    );

    it.each([1, 3, 1000])("goes through a campaign %i at a time, each request once", async (atMost) => {
      await addMany(40, { campaignId });
      await add(`${prefix}-other`, { campaignId: "another" });
      expect(await walk(campaign(), atMost)).toEqual(ids(40));
    });

    it("finds those in one state, in the table and in a campaign", async () => {
      await addMany(5, { campaignId });
      await add(`${prefix}-refused`, { campaignId, state: "refused" });
      expect(await walk([{ state: "refused" }], 100)).toEqual([`${prefix}-refused`]);
      expect(
        await walk(
          campaign().map((part) => ({ ...part, state: "refused" })),
          100,
        ),
      ).toEqual([`${prefix}-refused`]);
    });

    it("goes on behind any record that it has found", async () => {
      await addMany(30, { campaignId });
      for (const selection of [{}, ...campaign()]) {
        const { found } = await records.stretch(selection, undefined, 100);
        const [first, ...others] = found;
        if (!first) continue;
        const rest = await records.stretch(selection, first.requestId, 100);
        expect(rest.found.slice(0, others.length)).toEqual(others);
      }
    });
  });
}
