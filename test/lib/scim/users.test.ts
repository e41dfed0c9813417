import { describe, expect, it } from "vitest";
import { agentUrn } from "../../../lib/scim/schema.ts";
import { anAccount, failingUsers, rules, ScimWorld } from "../../support/scim-world.ts";

describe("a user", () => {
  it("is one in Connect, with what the deployment says where the identity provider does not", async () => {
    const world = new ScimWorld({
      rules: {
        ...rules,
        defaults: {
          ...rules.defaults,
          hierarchy: "EMEA/Madrid",
          phoneType: "DESK_PHONE",
          afterContactWorkSeconds: 5,
        },
      },
    });
    const id = await world.created("Ana", {
      [agentUrn]: { deskNumber: "+12065550100", securityProfiles: "Admin" },
    });
    expect(world.commands.all).toEqual([
      {
        commandId: `scim-${id}-1`,
        username: "Ana",
        source: "scim",
        user: {
          identity: { firstName: "Ana", lastName: "Ruiz", email: "Ana@example.com" },
          phone: {
            type: "DESK_PHONE",
            autoAccept: false,
            afterContactWorkSeconds: 5,
            deskNumber: "+12065550100",
          },
          routingProfile: "Basic Routing Profile",
          securityProfiles: ["Admin"],
          hierarchy: ["EMEA", "Madrid"],
          active: true,
        },
      },
    ]);
  });

  it("has the primary e-mail address, or else that for work, or else the first", async () => {
    const world = new ScimWorld();
    const email = async (userName: string, emails: object[]) => {
      await world.created(userName, { emails });
      const command = world.commands.all.at(-1);
      return command && "user" in command ? command.user.identity.email : "deleted";
    };
    const of = (type: string) => ({ value: `${type}@example.com`, type });
    const [home, work, primary] = [of("home"), of("work"), of("primary")];
    expect(await email("a", [home, work, { ...primary, primary: true }])).toBe("primary@example.com");
    expect(await email("b", [home, { ...work, type: "Work" }])).toBe("work@example.com");
    expect(await email("c", [home])).toBe("home@example.com");
    expect(await email("d", [{ type: "work", value: null }])).toBeUndefined();
  });

  it("that could not be told to Connect is refused in SCIM's own names, and nothing is kept", async () => {
    const world = new ScimWorld({
      rules: { ...rules, defaults: { ...rules.defaults, routingProfile: undefined } },
    });
    const { status, body } = await world.ask(
      "POST",
      "/Users",
      anAccount("ana", { name: { familyName: "Ruiz" } }),
    );
    expect(status).toBe(400);
    expect(body).toMatchObject({ scimType: "invalidValue", status: "400" });
    expect(body.detail).toContain("name.givenName must have 1 to 255 characters");
    expect(body.detail).toContain(`${agentUrn}:routingProfile must have 1 to 127 characters`);
    expect(world.users.all()).toEqual([]);
    expect(world.commands.all).toEqual([]);
  });

  it.each([
    [{ active: "perhaps" }, "active must be of the type boolean"],
    [{ name: "Ana" }, "name must be of the type complex"],
    [{ [agentUrn]: { routingProfle: "Sales" } }, "has no attributes but routingProfile"],
    [{ [agentUrn]: { phoneType: "SATELLITE" } }, "phoneType must be one of"],
    [{ [agentUrn]: { phoneType: "DESK_PHONE" } }, "phoneType needs a deskNumber"],
    [{ [agentUrn]: { afterContactWorkSeconds: 1.5 } }, "afterContactWorkSeconds must be a whole number"],
    [{ [agentUrn]: { hierarchy: "a//b" } }, "hierarchy.1 must have"],
    [{ displayName: "\ud800" }, "displayName must be plain text"],
    [{ userName: "x".repeat(101) }, "userName must have at most 100 characters"],
    [
      { emails: Array.from({ length: 2 }, () => ({ value: "a@b.c", primary: true })) },
      "one primary at the most",
    ],
  ])("is refused with %j, without a word of the value", async (fields, problem) => {
    const { status, body } = await new ScimWorld().ask("POST", "/Users", anAccount("ana", fields));
    expect({ status, scimType: body.scimType }).toEqual({ status: 400, scimType: "invalidValue" });
    expect(body.detail).toContain(problem);
  });

  it("keeps its name, in the letters that it was made with", async () => {
    const world = new ScimWorld();
    const id = await world.created("Ana");
    expect((await world.ask("PUT", `/Users/${id}`, anAccount("ANA"))).body.userName).toBe("Ana");
    expect((await world.patch(id, { op: "replace", path: "userName", value: "ana" })).body.userName).toBe(
      "Ana",
    );
    for (const answer of [
      await world.ask("PUT", `/Users/${id}`, anAccount("bo")),
      await world.patch(id, { op: "replace", path: "userName", value: "bo" }),
    ])
      expect(answer).toMatchObject({ status: 400, body: { scimType: "mutability" } });
    expect(world.commands.all.map(({ username }) => username)).toEqual(["Ana", "Ana"]);
  });

  it("is disabled when it is deleted, or deleted in Connect as well, as the deployment has it", async () => {
    for (const [onDelete, command] of [
      ["deactivate", { user: { active: false } }],
      ["delete", { delete: true }],
    ] as const) {
      const world = new ScimWorld({ rules: { ...rules, onDelete } });
      await world.ask("DELETE", `/Users/${await world.created("ana")}`);
      expect(world.commands.all.at(-1)).toMatchObject({ username: "ana", ...command });
      expect(world.users.all()).toEqual([]);
    }
  });

  it("is read with the names of attributes in any case", async () => {
    const input = Object.entries(anAccount("ana", { [agentUrn]: { HIERARCHY: "EMEA" } }));
    const shouted = Object.fromEntries(input.map(([name, value]) => [name.toUpperCase(), value]));
    expect(await new ScimWorld().ask("POST", "/Users", shouted)).toMatchObject({
      status: 201,
      body: { userName: "ana", [agentUrn]: { hierarchy: "EMEA" } },
    });
  });

  it("is not said to be disabled where nobody can be", async () => {
    const unable = { ...rules, canDeactivate: false };
    const world = new ScimWorld({ rules: unable });
    const id = await world.created("ana");
    expect((await world.patch(id, { op: "replace", path: "active", value: false })).status).toBe(501);
    expect((await world.ask("DELETE", `/Users/${id}`)).status).toBe(501);
    expect((await world.ask("GET", `/Users/${id}`)).body.active).toBe(true);
    expect(world.commands.all).toHaveLength(1);

    const deleting = new ScimWorld({ rules: { ...unable, onDelete: "delete" } });
    expect((await deleting.ask("DELETE", `/Users/${await deleting.created("ana")}`)).status).toBe(204);
  });

  it("that comes again after it was deleted is another one", async () => {
    const world = new ScimWorld();
    const first = await world.created("ana");
    await world.ask("DELETE", `/Users/${first}`);
    const second = await world.created("ANA");
    expect(second).not.toBe(first);
    expect((await world.ask("GET", `/Users/${first}`)).status).toBe(404);
    expect((await world.ask("GET", `/Users/${second}`)).body.userName).toBe("ANA");
  });

  it("is sent again as a whole by PUT, and not by a PATCH that changes nothing", async () => {
    const world = new ScimWorld();
    const id = await world.created("ana");
    expect((await world.patch(id, { op: "replace", path: "active", value: true })).body.meta.version).toBe(
      'W/"1"',
    );
    expect(world.commands.all).toHaveLength(1);
    expect((await world.ask("PUT", `/Users/${id}`, anAccount("ana"))).body.meta.version).toBe('W/"2"');
    expect(world.commands.all).toHaveLength(2);
  });

  it("has a version, which a change may be bound to", async () => {
    const world = new ScimWorld();
    const id = await world.created("ana");
    const ask = (method: string, name: string, value: string, body?: object) =>
      world.ask(method, `/Users/${id}`, body, { headers: { [name]: value } });
    expect(await ask("GET", "if-none-match", 'W/"1"')).toMatchObject({ status: 304, body: undefined });
    expect((await ask("PUT", "if-match", 'W/"7"', anAccount("ana"))).status).toBe(412);
    expect((await ask("DELETE", "if-match", 'W/"7"')).status).toBe(412);
    expect(world.commands.all).toHaveLength(1);
    expect(await ask("PUT", "if-match", 'W/"7", W/"1"', anAccount("ana"))).toMatchObject({
      status: 200,
      headers: { etag: 'W/"2"', location: `https://api.example.com/scim/v2/Users/${id}` },
    });
    expect((await ask("DELETE", "if-match", '"2"')).status).toBe(204);
  });

  it("is shown in the parts that are asked for", async () => {
    const world = new ScimWorld();
    const id = await world.created("ana", { [agentUrn]: { routingProfile: "Sales", hierarchy: "EMEA" } });
    const shown = async (query: string) => (await world.ask("GET", `/Users/${id}?${query}`)).body;
    expect(await shown("attributes=userName,emails.value,NAME.givenName")).toEqual({
      schemas: expect.any(Array),
      id,
      userName: "ana",
      name: { givenName: "Ana" },
      emails: [{ value: "ana@example.com" }],
    });
    expect(await shown(`attributes=${agentUrn}:hierarchy`)).toMatchObject({
      [agentUrn]: { hierarchy: "EMEA" },
    });
    const without = await shown("excludedAttributes=id,emails,name.familyName,meta");
    expect(without).toMatchObject({ id, name: { givenName: "Ana" } });
    for (const name of ["emails", "meta", "name.familyName"]) expect(without).not.toHaveProperty(name);
  });

  it("is answered with an error in SCIM's form where the table cannot be reached", async () => {
    const world = new ScimWorld({ users: failingUsers() });
    expect(await world.ask("GET", "/Users")).toMatchObject({
      status: 500,
      headers: { "content-type": "application/scim+json" },
      body: { status: "500", detail: expect.any(String) },
    });
  });
});
