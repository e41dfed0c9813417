import { describe, expect, it } from "vitest";
import type { Named, NewUser, Turn, UserOperation, Users, UserUpdate } from "../../lib/connect/users.ts";

/** Of an instance with the routing profiles Sales and Support, the security profiles Agent and Admin, and EMEA / Madrid. */
export function usersContract(usersOf: (turn: Turn) => Promise<Users>): void {
  const taken: UserOperation[] = [];
  const aUsers = async () => {
    taken.length = 0;
    return usersOf(async (operation) => void taken.push(operation));
  };
  const idOf = (name: string, all: Named[]) => all.find((one) => one.name === name)?.id ?? "";
  const aUser = async (users: Users): Promise<NewUser> => ({
    username: "ana",
    password: "Aa1-never-logged",
    identity: { firstName: "Ana", lastName: "Ruiz", email: "ana@example.com" },
    phone: { type: "SOFT_PHONE", autoAccept: true, afterContactWorkSeconds: 30 },
    routingProfileId: idOf("Sales", await users.routingProfiles()),
    securityProfileIds: [idOf("Agent", await users.securityProfiles())],
  });
  const create = async (users: Users) => {
    await users.create(await aUser(users));
    return (await users.find("ana")) ?? "";
  };

  describe("the users of an instance", () => {
    it("are found by their name, exactly, once they were created as they were to be", async () => {
      const users = await aUsers();
      const wanted = await aUser(users);
      expect(await users.find("ana")).toBeUndefined();
      const { username: _, password: __, ...facts } = wanted;
      expect(await users.describe(await create(users))).toEqual(facts);
      expect(await users.find("an")).toBeUndefined();
      expect(await users.find("Ana")).toBeUndefined();
    });

    it("are there once: a second one of the name is a duplicate", async () => {
      const users = await aUsers();
      await create(users);
      await expect(create(users)).rejects.toMatchObject({ kind: "duplicate", operation: "CreateUser" });
    });

    it("are changed part by part", async () => {
      const users = await aUsers();
      const userId = await create(users);
      const [group] = await users.hierarchyGroups();
      const updates: UserUpdate[] = [
        { part: "identity", to: { firstName: "Ana", lastName: "Sanz", mobile: "+34600000000" } },
        {
          part: "phone",
          to: {
            type: "DESK_PHONE",
            autoAccept: false,
            afterContactWorkSeconds: 0,
            deskNumber: "+34911111111",
            persistentConnection: false,
          },
        },
        { part: "routing-profile", to: idOf("Support", await users.routingProfiles()) },
        { part: "security-profiles", to: (await users.securityProfiles()).map(({ id }) => id).slice(0, 2) },
        { part: "hierarchy", to: group?.id },
      ];
      for (const update of updates) await users.update(userId, update);
      const [identity, phone, routingProfileId, securityProfileIds, hierarchyGroupId] = updates.map(
        ({ to }) => to,
      );
      const facts = { identity, phone, routingProfileId, securityProfileIds, hierarchyGroupId };
      expect(await users.describe(userId)).toEqual(facts);
      await users.update(userId, { part: "hierarchy", to: undefined });
      expect(await users.describe(userId)).not.toHaveProperty("hierarchyGroupId");
    });

    it("are gone once deleted, and a second time not found", async () => {
      const users = await aUsers();
      const userId = await create(users);
      await users.delete(userId);
      expect(await users.find("ana")).toBeUndefined();
      const notFound = { kind: "not-found" };
      await expect(users.describe(userId)).rejects.toMatchObject(notFound);
      await expect(users.delete(userId)).rejects.toMatchObject(notFound);
      await expect(users.update(userId, { part: "hierarchy", to: undefined })).rejects.toMatchObject(
        notFound,
      );
    });

    it("cannot have a profile that there is not", async () => {
      const users = await aUsers();
      const unknown = { ...(await aUser(users)), routingProfileId: "5ca1ab1e-0000-4000-8000-0000000000ff" };
      await expect(users.create(unknown)).rejects.toMatchObject({ kind: "not-found" });
    });

    it("are listed by name, and told whole but for what only their own description has", async () => {
      const users = await aUsers();
      const before = await users.list();
      const id = await create(users);
      expect((await users.list()).filter((one) => !before.some((known) => known.id === one.id))).toEqual([
        { id, username: "ana" },
      ]);
      const { identity, ...facts } = await users.describe(id);
      const { email: _, ...names } = identity;
      const found = (await users.search()).filter(({ username }) => username === "ana");
      expect(found).toEqual([{ id, username: "ana", ...facts, identity: names }]);
    });

    it("need a password where Connect manages them", async () => {
      const users = await aUsers();
      const { password: _, ...without } = await aUser(users);
      await expect(users.create(without)).rejects.toMatchObject({ kind: "refused" });
    });

    it("are in groups whose names lead from the top level down", async () => {
      const users = await aUsers();
      const groups = await users.hierarchyGroups();
      expect(await users.hierarchyPath(idOf("Madrid", groups))).toEqual(["EMEA", "Madrid"]);
      expect(await users.hierarchyLevels()).toBe(2);
      expect(await users.identityType()).toBe("CONNECT_MANAGED");
    });

    it("are asked after in turn", async () => {
      const users = await aUsers();
      await users.find("ana");
      await users.identityType();
      expect(taken).toEqual(["SearchUsers", "DescribeInstance"]);
    });
  });
}
