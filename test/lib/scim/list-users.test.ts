import { describe, expect, it } from "vitest";
import { agentUrn } from "../../../lib/scim/schema.ts";
import { aScimRecord } from "../../support/scim-users-contract.ts";
import { ScimUsersInMemory } from "../../support/scim-users-in-memory.ts";
import { ScimWorld } from "../../support/scim-world.ts";

class CountedUsers extends ScimUsersInMemory {
  reads: string[] = [];

  override async keys() {
    this.reads.push("keys");
    return super.keys();
  }
  override async findAll(userKeys: string[]) {
    this.reads.push(`${userKeys.length} users`);
    return super.findAll(userKeys);
  }
}

const found = async (world: ScimWorld, filter: string) => {
  const { status, body } = await world.ask("GET", `/Users?filter=${encodeURIComponent(filter)}`);
  return status === 200
    ? body.Resources.map(({ userName }: { userName: string }) => userName)
    : body.scimType;
};

describe("a list of users", () => {
  it("has all of ten thousand on its pages, each once and in one order, at one reading of the keys for each page", async () => {
    const users = new CountedUsers();
    for (let index = 0; index < 10_000; index += 1)
      await users.write(
        aScimRecord(`user-${index}`, { createdAt: new Date(index).toISOString() }),
        undefined,
      );
    const world = new ScimWorld({ users });
    const names: string[] = [];
    for (let startIndex = 1; startIndex <= 10_000; startIndex += 200) {
      const { body } = await world.ask(
        "GET",
        `/Users?startIndex=${startIndex}&count=500&attributes=userName`,
      );
      expect(body).toMatchObject({ totalResults: 10_000, startIndex, itemsPerPage: 200 });
      names.push(...body.Resources.map(({ userName }: { userName: string }) => userName));
    }
    expect(names).toEqual(Array.from({ length: 10_000 }, (_, index) => `user-${index}`));
    expect(users.reads).toEqual(Array.from({ length: 50 }, () => ["keys", "200 users"]).flat());
  });

  it("takes what is outside of it for its ends", async () => {
    const world = new ScimWorld();
    for (const userName of ["ana", "bo", "cy"]) await world.created(userName);
    const page = async (query: string) => {
      const { startIndex, itemsPerPage, totalResults } = (await world.ask("GET", `/Users?${query}`)).body;
      return [startIndex, itemsPerPage, totalResults];
    };
    expect(await page("")).toEqual([1, 3, 3]);
    expect(await page("startIndex=0&count=2")).toEqual([1, 2, 3]);
    expect(await page("startIndex=3&count=2")).toEqual([3, 1, 3]);
    expect(await page("startIndex=9")).toEqual([9, 0, 3]);
    expect(await page("count=0")).toEqual([1, 0, 3]);
    expect(await page("count=-1")).toEqual([1, 0, 3]);
    expect((await world.ask("GET", "/Users?count=many")).body).toMatchObject({ scimType: "invalidValue" });
  });

  it("is filtered by whatever there is of a user, and reads no others where a key tells which", async () => {
    const users = new CountedUsers();
    const world = new ScimWorld({ users });
    const id = await world.created("Ana@Example.com", {
      externalId: "E-1",
      [agentUrn]: { routingProfile: "Sales" },
    });
    await world.created("bo", { active: false, externalId: "E-2" });
    users.reads = [];
    for (const filter of [
      'userName eq "ana@example.COM"',
      'USERNAME Eq "ana@example.com" and active eq true',
      'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ana@example.com"',
      `id eq "${id}"`,
      'externalId eq "E-1"',
      '(externalId eq "E-1") and not (active eq false)',
    ])
      expect(await found(world, filter)).toEqual(["Ana@Example.com"]);
    expect(users.reads).toEqual(Array.from({ length: 6 }, () => "1 users"));
    for (const filter of [
      'userName sw "ANA"',
      'emails[type eq "work" and value co "ANA@"]',
      'emails[type eq "work"].value eq "ana@example.com@EXAMPLE.com"',
      `${agentUrn}:routingProfile eq "Sales"`,
      "active eq true",
      'active eq "True"',
      'externalId eq "E-1" or userName eq "nobody"',
    ])
      expect(await found(world, filter)).toEqual(["Ana@Example.com"]);
    for (const filter of [
      'externalId eq "e-1"',
      `${agentUrn}:routingProfile eq "sales"`,
      'id eq "ana"',
      'userName eq ""',
      'externalId eq ""',
      'nothing eq "x"',
      "title pr",
    ])
      expect(await found(world, filter)).toEqual([]);
    expect(await found(world, 'meta.lastModified gt "2026-11-24T11:00:00Z"')).toHaveLength(2);
  });

  it("does not look for external ids that nobody can have", async () => {
    const users = new ScimUsersInMemory();
    users.keysOfExternalId = () => Promise.reject(new Error("the key is longer than 2048 bytes"));
    for (const externalId of ["", "\u20ac".repeat(900)])
      expect(await found(new ScimWorld({ users }), `externalId eq "${externalId}"`)).toEqual([]);
  });

  it("finds a name however its accents are encoded", async () => {
    const world = new ScimWorld();
    await world.created("Jose\u0301");
    for (const name of ["jos\u00e9", "Jose\u0301"])
      expect(await found(world, `userName eq "${name}"`)).toEqual(["Jose\u0301"]);
  });

  it.each([
    "",
    "userName",
    'userName eq "a',
    "userName is 1",
    `userName eq "${"x".repeat(1_000)}"`,
    "(".repeat(2000),
    "not ".repeat(400),
  ])("is refused with the filter %j", async (filter) =>
    expect(await found(new ScimWorld(), filter)).toBe("invalidFilter"),
  );

  it("is refused where too many would be looked at", async () => {
    const users = new ScimUsersInMemory();
    users.keys = async () => Array.from({ length: 20_001 }, (_, index) => String(index));
    expect(await found(new ScimWorld({ users }), "active eq true")).toBe("tooMany");
  });
});
