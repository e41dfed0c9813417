import fc from "fast-check";
import { expect, it } from "vitest";
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
const aFate = fc.constantFrom<Fate>("well", "well", "throttled", "lost", "killed-before", "killed-after");

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
      fc.array(fc.integer({ min: 0, max: 4_900 }), { maxLength: 12 }),
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
