import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { userNoticeOf } from "../../../lib/notices/notice.ts";
import { settledChangeSchema } from "../../../lib/roster/user-change.ts";
import type { DesiredUser, UserCommand } from "../../../lib/roster/user-command.ts";
import { aDesiredUser, type Fate, RosterWorld } from "../../support/roster-world.ts";

const aState = fc.record({
  identity: fc.record(
    {
      firstName: fc.constantFrom("Ana", "Bea"),
      lastName: fc.constant("Ruiz"),
      email: fc.constant("a@b.example"),
    },
    { requiredKeys: ["firstName", "lastName"] },
  ),
  phone: fc.constantFrom<DesiredUser["phone"]>(
    { type: "SOFT_PHONE", autoAccept: true, afterContactWorkSeconds: 30 },
    { type: "DESK_PHONE", autoAccept: false, afterContactWorkSeconds: 0, deskNumber: "+34911111111" },
  ),
  routingProfile: fc.constantFrom("Sales", "Support"),
  securityProfiles: fc.constantFrom<string[]>(["Agent"], ["Agent", "Admin"], ["Admin", "Agent"]),
  hierarchy: fc.constantFrom<string[] | undefined>(undefined, ["EMEA"], ["EMEA", "Night"], ["AMER", "Night"]),
  active: fc.boolean(),
});
const aTarget = fc.oneof(
  { weight: 5, arbitrary: aState },
  { weight: 1, arbitrary: fc.constant("gone" as const) },
);
const fates = [
  "well",
  "well",
  "throttled",
  "lost",
  "killed-before",
  "killed-after",
] as const satisfies Fate[];
const aFate = fc.constantFrom<Fate>(...fates);
const lags = fc.array(fc.integer({ min: 0, max: 4_900 }), { maxLength: 12 });

const commandOf = (commandId: string, to: Partial<DesiredUser> | "gone"): UserCommand =>
  to === "gone"
    ? { commandId, username: "ana", delete: true }
    : { commandId, username: "ana", user: aDesiredUser(to) };

it("of two states the second is what remains, whatever is lost, killed, throttled, stale or delivered again", async () => {
  await fc.assert(
    fc.asyncProperty(
      aTarget,
      aTarget,
      fc.array(aFate, { maxLength: 14 }),
      lags,
      fc.nat(3),
      async (first, second, fates, lagsMs, between) => {
        const world = new RosterWorld();
        world.fates = [...fates];
        world.lagsMs = [...lagsMs];
        world.send(commandOf("first", first));
        for (let delivery = 0; delivery < between && world.waiting > 0; delivery += 1) await world.deliver();
        world.send(commandOf("second", second));
        await world.run();
        const { members } = world.centre;
        expect(members.length).toBe(second === "gone" ? 0 : 1);

        const alone = new RosterWorld();
        alone.send(commandOf("alone", second));
        await alone.run();
        const without = ({ id: _, securityProfileIds, ...facts }: (typeof members)[number]) => ({
          ...facts,
          securityProfileIds: securityProfileIds.toSorted(),
        });
        expect(members.map(without)).toEqual(alone.centre.members.map(without));

        const deletes = world.writes.filter((operation) => operation === "DeleteUser").length;
        expect(world.centre.created).toBeLessThanOrEqual(1 + deletes);
        expect(world.dead).toEqual([]);

        world.fates = [];
        world.lagsMs = [];
        const writes = world.writes.length;
        world.send(commandOf("third", second));
        expect(await world.run()).toEqual([{ kind: "unchanged", commandId: "third" }]);
        expect(world.writes).toHaveLength(writes);
      },
    ),
    { numRuns: 1_000, seed: 20_261_124 },
  );
});

describe("the audit record", () => {
  const aCommand = fc.record({
    to: fc.oneof(
      { weight: 5, arbitrary: aTarget },
      { weight: 1, arbitrary: fc.constant({ routingProfile: "Nowhere" }) },
    ),
    /** How often all that waits is delivered before the next is sent. */
    deliveries: fc.nat(3),
  });

  it("has each command once, with the user before its first write and after its last, and all of it is announced", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(aCommand, { minLength: 1, maxLength: 4 }),
        fc.array(fc.constantFrom<Fate>(...fates, "refused"), { maxLength: 30 }),
        lags,
        async (commands, fates, lagsMs) => {
          const world = new RosterWorld();
          world.fates = [...fates];
          world.lagsMs = [...lagsMs];
          const orders: string[] = [];
          for (const [index, { to, deliveries }] of commands.entries()) {
            orders.push(world.send(commandOf(`c-${index}`, to)));
            for (let delivery = 0; delivery < deliveries && world.waiting > 0; delivery += 1)
              await world.deliver();
          }
          await world.run();

          const records = await world.changes.list("ana", 100);
          expect(records.map(({ order }) => order)).toEqual(orders.toReversed());
          for (const record of records) {
            const { changes, deed } = world.deedsOf(record.order);
            seen.add(record.state);
            if (record.state === "superseded" || record.state === "refused")
              expect(record.changes).toEqual(expect.arrayContaining(changes));
            else expect(record).toMatchObject({ state: deed, changes });
          }
          for (const record of records) {
            const notice = userNoticeOf(v.parse(settledChangeSchema, record));
            const told = world.notices.filter(({ order }) => order === record.order);
            expect(told.at(-1)).toEqual(notice);
            // One that is refused and delivered again all the same may be found to be possible.
            for (const { state } of told) expect(["refused", record.state]).toContain(state);
          }
        },
      ),
      { numRuns: 2_000, seed: 20_261_125 },
    );
    expect([...seen].toSorted()).toEqual([
      "created",
      "deleted",
      "refused",
      "superseded",
      "unchanged",
      "updated",
    ]);
  });
});
