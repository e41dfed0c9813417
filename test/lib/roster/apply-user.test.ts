import { beforeEach, describe, expect, it } from "vitest";
import { passwordOf } from "../../../lib/roster/password.ts";
import { aDesiredUser, RosterWorld } from "../../support/roster-world.ts";

let world: RosterWorld;
beforeEach(() => {
  world = new RosterWorld();
});
const command = (changes: Parameters<typeof aDesiredUser>[0] = {}, username = "ana") => ({
  commandId: "c-1",
  username,
  user: aDesiredUser(changes),
});
const apply = async (...commands: (object | string)[]) => {
  for (const one of commands) world.send(one);
  return world.run();
};
const ana = () => world.centre.members.find(({ username }) => username === "ana");

describe("a user", () => {
  it("who is missing is created with everything in one request", async () => {
    expect(await apply(command({ hierarchy: ["EMEA", "Night"] }))).toMatchObject([{ kind: "created" }]);
    expect(world.writes).toEqual(["CreateUser"]);
    expect(ana()).toMatchObject({
      routingProfileId: "r0",
      securityProfileIds: ["s0"],
      hierarchyGroupId: "g2",
    });
  });

  it("who is as described is left alone", async () => {
    expect(await apply(command(), command())).toMatchObject([{ kind: "created" }, { kind: "unchanged" }]);
    expect(world.writes).toEqual(["CreateUser"]);
  });

  it("gets the updates that are needed and no others", async () => {
    const changes = { routingProfile: "Support", hierarchy: ["AMER"] };
    const [, updated] = await apply(command(), command(changes));
    expect(updated).toMatchObject({ kind: "updated", changes: ["routing-profile", "hierarchy"] });
    expect(world.writes).toEqual(["CreateUser", "UpdateUserRoutingProfile", "UpdateUserHierarchy"]);
  });

  it("is taken out of its group by a command that names none", async () => {
    await apply(command({ hierarchy: ["AMER"] }), command());
    expect(ana()).not.toHaveProperty("hierarchyGroupId");
  });

  it("who is not active keeps what is configured for that, and is not deleted", async () => {
    await apply(command(), command({ active: false }));
    expect(ana()).toMatchObject({ routingProfileId: "r2", securityProfileIds: ["s2"] });
  });

  it("cannot be made inactive where nothing is configured for that", async () => {
    world.inactive = { routingProfile: undefined, securityProfile: "None" };
    const [, refused] = await apply(command(), command({ active: false }));
    expect(refused).toMatchObject({
      kind: "refused",
      why: expect.stringContaining("INACTIVE_ROUTING_PROFILE"),
    });
    expect(world.writes).toEqual(["CreateUser"]);
  });

  it("is deleted when told, and deleted again it stays so", async () => {
    const gone = { commandId: "c-2", username: "ana", delete: true };
    const results = await apply(command(), gone, gone);
    expect(results.map(({ kind }) => kind)).toEqual(["created", "deleted", "unchanged"]);
    expect(world.centre.members).toEqual([]);
  });

  it("of a directory keeps the names that the directory has", async () => {
    world.centre.identityType = "EXISTING_DIRECTORY";
    await apply(command(), command({ identity: { firstName: "Other", lastName: "Name" } }));
    expect(world.writes).toEqual(["CreateUser"]);
    expect(ana()?.identity).toEqual({});
  });
});

describe("a name that nobody knows", () => {
  it("is told with those that are near, and nothing is done in half", async () => {
    const wrong = command({
      routingProfile: "Slaes",
      securityProfiles: ["Agent", "Adnim"],
      hierarchy: ["EMEA", "Nigth"],
    });
    const [refused] = await apply(wrong);
    expect(refused).toEqual({
      kind: "refused",
      commandId: "c-1",
      why:
        'there is no routing profile "Slaes"; there is "Sales"; there is no security profile "Adnim"; there is "Admin"; ' +
        'there is no hierarchy group "EMEA / Nigth"; there is "Night"',
    });
    expect(world.writes).toEqual([]);
    expect(world.dead.map(({ body }) => JSON.parse(body))).toEqual([wrong]);
  });

  it("is put aside in characters that every queue takes", async () => {
    const wrong = { ...command({ routingProfile: "Slaes" }), reason: "odd: \uffff" };
    await apply(JSON.stringify(wrong).replace("\uffff", "\\uffff"));
    expect(world.dead[0]?.body).not.toContain("\uffff");
    expect(JSON.parse(world.dead[0]?.body ?? "")).toEqual(wrong);
  });

  it("is looked for once more when it was not there a moment ago", async () => {
    await apply(command());
    world.centre.routingProfiles.push({ id: "r9", name: "New" });
    await apply(command({ routingProfile: "New" }));
    expect(ana()).toMatchObject({ routingProfileId: "r9" });
    expect(world.asked.filter((one) => one === "ListRoutingProfiles")).toHaveLength(2);
  });

  it("is looked up anew when what it stood for is gone", async () => {
    await apply(command());
    world.centre.routingProfiles.splice(1, 1, { id: "r8", name: "Support" });
    const results = await apply(command({ routingProfile: "Support" }));
    expect(results.map(({ kind }) => kind)).toEqual(["later", "updated"]);
    expect(ana()).toMatchObject({ routingProfileId: "r8" });
  });

  it("leaves what an earlier command said in force", async () => {
    world.busy = "SearchUsers";
    world.send(command());
    await world.deliver();
    world.send(command({ routingProfile: "Nowhere" }));
    world.busy = undefined;
    await world.run();
    expect(ana()).toMatchObject({ routingProfileId: "r0" });
  });

  it("is told of by the number of levels when the path is too long", async () => {
    const [refused] = await apply(command({ hierarchy: ["EMEA", "Madrid", "Night"] }));
    expect(refused).toMatchObject({ why: "the hierarchy has 2 levels, and 3 were named" });
  });
});

describe("names are looked up once for many commands", () => {
  it("for a minute", async () => {
    await apply(command(), command({}, "bo"), command({}, "cy"));
    const lists = () => world.asked.filter((one) => one.startsWith("List")).length;
    expect(lists()).toBe(2);
    world.advance(60_001);
    await apply(command());
    expect(lists()).toBe(4);
  });
});

describe("a name of a user that Connect would refuse is refused before it is asked", () => {
  it.each([
    ["CONNECT_MANAGED", "a-name-of-21-letters--"],
    ["SAML", "ana ruiz"],
    ["SAML", "@ana"],
    ["EXISTING_DIRECTORY", "a-name-of-21-letters--"],
  ] as const)("%s %s", async (identityType, username) => {
    world.centre.identityType = identityType;
    expect(await apply(command({}, username))).toMatchObject([{ kind: "refused" }]);
    expect(world.asked).toEqual(["DescribeInstance"]);
  });
});

describe("a command that cannot be carried out now", () => {
  it("goes behind the others of its user, which outdo it", async () => {
    world.busy = "SearchUsers";
    world.send(command());
    expect(await world.deliver()).toMatchObject([{ kind: "later", why: "rate of SearchUsers" }]);
    world.busy = undefined;
    // The older one comes round behind the newer one.
    world.send(command({ routingProfile: "Support" }));
    await world.run();
    world.busy = "DescribeUser";
    world.send(command({ routingProfile: "Sales" }));
    world.send(command({ routingProfile: "Support" }));
    await world.deliver();
    world.busy = undefined;
    const results = await world.run();
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(["superseded", "unchanged"]);
    expect(ana()).toMatchObject({ routingProfileId: "r1" });
  });

  it("comes round when the reply to CreateUser was lost, and finds the user", async () => {
    // The instance, two lists, the ledger, the search and the audit record go well.
    world.fates = ["well", "well", "well", "well", "well", "well", "lost"];
    const results = await apply(command());
    expect(results.map(({ kind }) => kind)).toEqual(["later", "created"]);
    expect(world.centre.created).toBe(1);
  });

  it("comes back by itself after six answers that were none", async () => {
    const { fates } = world;
    fates.push("well", "well", "well");
    for (let tries = 0; tries <= 6; tries += 1) fates.push("well", "lost", "well");
    world.send(command());
    for (let tries = 0; tries < 6; tries += 1)
      expect(await world.deliver()).toMatchObject([{ kind: "later", why: "TimeoutError" }]);
    expect(await world.deliver()).toMatchObject([{ kind: "failed", error: { code: "TimeoutError" } }]);
    expect(world.waiting).toBe(1);
  });

  it("comes round when the user is there and cannot be seen yet, and never makes a second one", async () => {
    await apply(command());
    world.lagsMs = [60_000];
    const results = await apply(command());
    expect(results.map(({ kind }) => kind)).toEqual(["later", "unchanged"]);
    expect(world.centre.created).toBe(1);
  });

  it("is not compared with what was before the last change", async () => {
    await apply(command({ routingProfile: "Sales" }));
    world.advance(60_000);
    await apply(command({ routingProfile: "Support" }));
    world.lagsMs = [4_900, 4_900];
    await apply(command({ routingProfile: "Sales" }));
    expect(ana()).toMatchObject({ routingProfileId: "r0" });
  });
});

describe("the audit record", () => {
  const records = (username = "ana") => world.changes.list(username, 100);
  const asked = { source: "hr", reason: "moved to Madrid" };
  const phone = { type: "SOFT_PHONE", autoAccept: true, afterContactWorkSeconds: 30 };

  it("says who asked for it and why, and what was there before and after, in names", async () => {
    await apply(command({ hierarchy: ["EMEA"] }));
    await apply({
      ...command({ hierarchy: ["EMEA", "Night"], securityProfiles: ["Agent", "Admin"] }),
      ...asked,
    });
    await apply({ commandId: "c-2", username: "ana", delete: true });
    const user = {
      identity: { firstName: "Ana", lastName: "Ruiz" },
      phone,
      "routing-profile": "Sales",
    };
    const all = (side: string, parts: object) =>
      Object.entries({ ...user, ...parts }).map(([part, value]) => ({ part, [side]: value }));
    expect(await records()).toMatchObject([
      {
        commandId: "c-2",
        state: "deleted",
        changes: all("before", { "security-profiles": ["Admin", "Agent"], hierarchy: ["EMEA", "Night"] }),
      },
      {
        commandId: "c-1",
        ...asked,
        state: "updated",
        changes: [
          { part: "security-profiles", before: ["Agent"], after: ["Admin", "Agent"] },
          { part: "hierarchy", before: ["EMEA"], after: ["EMEA", "Night"] },
        ],
      },
      { state: "created", changes: all("after", { "security-profiles": ["Agent"], hierarchy: ["EMEA"] }) },
    ]);
  });

  it("has the id of what has no name any more", async () => {
    await apply(command());
    world.centre.routingProfiles.shift();
    world.advance(60_001);
    await apply(command({ routingProfile: "Support" }));
    const [{ changes } = {}] = await records();
    expect(changes).toEqual([{ part: "routing-profile", before: "r0", after: "Support" }]);
  });

  it("has after what Connect was given, what no command speaks of included", async () => {
    await apply(command());
    const mobile = "+12065550100";
    world.byHand({ identity: { firstName: "Ana", lastName: "Ruiz", mobile } });
    world.advance(60_000);
    await apply(command({ identity: { firstName: "Bea", lastName: "Ruiz" } }));
    const [{ changes } = {}] = await records();
    expect(changes).toEqual([
      {
        part: "identity",
        before: { firstName: "Ana", lastName: "Ruiz", mobile },
        after: { firstName: "Bea", lastName: "Ruiz", mobile },
      },
    ]);
  });

  it("has the tags of a user who is created, and never a password", async () => {
    await apply(command({ tags: { team: "night" } }));
    const [record] = await records();
    expect(record?.changes).toContainEqual({ part: "tags", after: { team: "night" } });
    expect(JSON.stringify(record)).not.toContain(passwordOf(new Uint8Array(24)));
  });

  it("is begun before the first write, and what was noted then stays before whatever comes in between", async () => {
    await apply(command());
    // Two lists, the instance and the ledger are kept or go well; so do the search, the description and the record.
    world.fates = ["well", "well", "well", "well", "killed-before"];
    world.send(command({ routingProfile: "Support" }));
    await world.deliver();
    const changes = [{ part: "routing-profile", before: "Sales", after: "Support" }];
    expect(await records()).toMatchObject([{ state: "begun", changes }, { state: "created" }]);
    world.byHand({ routingProfileId: "r2" });
    await world.run();
    expect(await records()).toMatchObject([{ state: "updated", changes }, { state: "created" }]);
  });

  it("of a command that Connect refuses half way has what was done, and why the rest was not", async () => {
    await apply(command());
    world.fates = ["well", "well", "well", "well", "well", "refused"];
    await apply(command({ routingProfile: "Support", securityProfiles: ["Admin"] }));
    expect(await records()).toMatchObject([
      {
        state: "refused",
        why: "InvalidParameterException",
        changes: [{ part: "routing-profile", before: "Sales", after: "Support" }],
      },
      { state: "created" },
    ]);
  });

  it("does not say that a user was created who was there already", async () => {
    await apply(command());
    world.lagsMs = [60_000];
    await apply(command());
    expect(await records()).toMatchObject([{ state: "unchanged", changes: [] }, { state: "created" }]);
  });

  it("has commands that are superseded or refused as well", async () => {
    world.busy = "SearchUsers";
    world.send(command());
    world.send({ ...command({ routingProfile: "Support" }), commandId: "c-2" });
    await world.deliver();
    world.busy = undefined;
    await apply({ ...command({ routingProfile: "Slaes" }), commandId: "c-3" });
    expect((await records()).map(({ commandId, state }) => [commandId, state])).toEqual([
      ["c-3", "refused"],
      ["c-2", "created"],
      ["c-1", "superseded"],
    ]);
  });

  it("is announced without values", async () => {
    await apply(command());
    await apply({ ...command({ identity: { firstName: "Bea", lastName: "Ruiz" } }), ...asked });
    expect(world.notices.at(-1)).toMatchObject({
      type: "user-changed",
      username: "ana",
      commandId: "c-1",
      ...asked,
      state: "updated",
      parts: ["identity"],
    });
    expect(JSON.stringify(world.notices)).not.toMatch(/Bea|Ruiz|Sales/);
  });

  it("keeps the message until it is announced", async () => {
    world.send(command());
    world.refusesNotices = true;
    expect(await world.deliver()).toMatchObject([{ kind: "failed" }]);
    expect(await records()).toMatchObject([{ state: "created" }]);
    world.refusesNotices = false;
    expect(await world.run()).toMatchObject([{ kind: "created" }]);
    expect(world.notices.map(({ state }) => state)).toEqual(["created"]);
  });
});

describe("a message that is no command", () => {
  const secret = "Nobody-may-read-this";
  it.each([
    ["is not JSON", "{", "the body is not JSON"],
    ["has an unknown field", { ...command(), password: secret }, "password is not a known field"],
    [
      "names too few profiles",
      command({ securityProfiles: [] }),
      "user.securityProfiles must have 1 to 10 entries",
    ],
    [
      "wants a desk phone without its number",
      command({ phone: { ...aDesiredUser().phone, type: "DESK_PHONE" } }),
      "user.phone needs a deskNumber for a DESK_PHONE",
    ],
    ["deletes and describes at once", { ...command(), delete: true }, "user is not a known field"],
  ])("%s", async (_, body, why) => {
    expect(await apply(body)).toEqual([{ kind: "unusable", why }]);
    expect(JSON.stringify(world.dead.map((one) => one.why))).not.toContain(secret);
    expect(world.dead).toHaveLength(1);
    expect(world.asked).toEqual([]);
  });

  it("is in the group of another user", async () => {
    world.send(command(), "bo");
    const why = "the message group must be the username";
    expect(await world.run()).toEqual([{ kind: "unusable", why }]);
    expect(world.asked).toEqual([]);
  });
});
