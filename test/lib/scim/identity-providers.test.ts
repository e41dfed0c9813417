import { describe, expect, it } from "vitest";
import { agentUrn, coreUrn } from "../../../lib/scim/schema.ts";
import { anAccount, errorUrn, listUrn, patchUrn, ScimWorld } from "../../support/scim-world.ts";

const filterOf = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`;

describe("Okta's test of a SCIM 2.0 server", () => {
  it("reads users, finds none, makes one, makes no second one and finds it in capitals", async () => {
    const world = new ScimWorld();
    const first = await world.created("first");

    const page = await world.ask("GET", "/Users?count=1&startIndex=1");
    expect(page).toMatchObject({ status: 200, body: { schemas: [listUrn], itemsPerPage: 1, startIndex: 1 } });
    expect(page.body.totalResults).toBe(1);
    expect(page.body.Resources[0]).toMatchObject({
      id: first,
      name: { familyName: "Ruiz", givenName: "Ana" },
      userName: "first",
      active: true,
      emails: [{ value: "first@example.com" }],
    });
    expect(await world.ask("GET", `/Users/${first}`)).toMatchObject({ status: 200, body: { id: first } });
    for (const nobody of ["abcdefgh@atko.com", "nobody@example.com"])
      expect(await world.ask("GET", filterOf(`userName eq "${nobody}"`))).toMatchObject({
        status: 200,
        body: { schemas: [listUrn], totalResults: 0, Resources: [] },
      });
    expect(await world.ask("GET", "/Users/010101001010101011001010101011")).toMatchObject({
      status: 404,
      body: { schemas: [errorUrn], status: "404", detail: expect.any(String) },
    });

    const headers = { "content-type": "application/json" };
    const account = anAccount("Runscope300@atko.com", { displayName: "Ana Ruiz" });
    const made = await world.ask("POST", "/Users", account, { headers });
    expect(made).toMatchObject({ status: 201, body: { ...account, schemas: [coreUrn] } });
    expect(await world.ask("GET", `/Users/${made.body.id}`)).toMatchObject({ status: 200, body: made.body });
    expect(await world.ask("POST", "/Users", account, { headers })).toMatchObject({
      status: 409,
      body: { schemas: [errorUrn], scimType: "uniqueness" },
    });
    expect(await world.ask("GET", filterOf('userName eq "RUNSCOPE300@ATKO.COM"'))).toMatchObject({
      status: 200,
      body: { totalResults: 1, Resources: [{ id: made.body.id, userName: "Runscope300@atko.com" }] },
    });
  });

  it("has no groups, and says so to providers that ask", async () => {
    const world = new ScimWorld();
    expect(await world.ask("GET", "/Groups")).toMatchObject({
      status: 200,
      body: { schemas: [listUrn], totalResults: 0, Resources: [] },
    });
    expect(await world.ask("POST", "/Groups", { displayName: "agents" })).toMatchObject({
      status: 404,
      body: { schemas: [errorUrn] },
    });
  });

  it("takes a user's access away by PATCH and by PUT, and gives it back", async () => {
    const world = new ScimWorld();
    const id = await world.created("ana", { externalId: "00u1" });
    expect(await world.patch(id, { op: "replace", value: { active: false } })).toMatchObject({
      status: 200,
      body: { active: false, userName: "ana" },
    });
    expect(world.commands.all.at(-1)).toMatchObject({ username: "ana", user: { active: false } });

    const { body } = await world.ask("GET", `/Users/${id}`);
    const put = { ...body, active: true, name: { givenName: "Anna", familyName: "Ruiz" }, groups: [] };
    expect(await world.ask("PUT", `/Users/${id}`, put)).toMatchObject({
      status: 200,
      body: { id, active: true, name: { givenName: "Anna" }, externalId: "00u1" },
    });
    expect(world.commands.all.at(-1)).toMatchObject({
      user: { active: true, identity: { firstName: "Anna" } },
    });
  });
});

describe("Entra ID's validator of a SCIM server", () => {
  const work = 'emails[type eq "work"].value';

  it("makes a user, finds it by its name and by its external id, and makes no second one", async () => {
    const world = new ScimWorld();
    expect((await world.ask("GET", filterOf('userName eq "non-existent"'))).body).toEqual({
      schemas: [listUrn],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
    const id = await world.created("jan@example.com", {
      externalId: "0a21f0f2",
      title: "not kept",
      roles: [],
      meta: { resourceType: "User" },
    });
    for (const filter of [
      'userName eq "JAN@example.com"',
      'externalId eq "0a21f0f2"',
      `${work} eq "jan@example.com@example.com"`,
    ])
      expect((await world.ask("GET", filterOf(filter))).body).toMatchObject({
        totalResults: 1,
        Resources: [{ id, meta: { resourceType: "User" } }],
      });
    expect((await world.ask("POST", "/Users", anAccount("Jan@Example.com"))).status).toBe(409);
  });

  it("changes attributes by paths, several at once, with capitals and with text for what is no text", async () => {
    const world = new ScimWorld();
    const id = await world.created("jan", { emails: [] });
    const answer = await world.patch(
      id,
      { op: "Add", path: work, value: "jan@example.com" },
      { op: "Replace", path: "name.familyName", value: "Jansen" },
      { op: "Replace", path: "displayName", value: "Jan Jansen" },
      { op: "Replace", path: "title", value: "not kept" },
      {
        op: "Add",
        path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        value: "x",
      },
      { op: "Replace", path: "externalId", value: "e-2" },
      { op: "Add", path: `${agentUrn}:routingProfile`, value: "Sales" },
      {
        op: "Add",
        path: `${agentUrn}:securityProfiles`,
        value: [{ value: "Agent" }, { value: "CallCenterManager" }],
      },
      { op: "Replace", path: `${agentUrn}:autoAccept`, value: "True" },
      { op: "Replace", path: `${agentUrn}:afterContactWorkSeconds`, value: "30" },
      { op: "Replace", path: "active", value: "False" },
    );
    expect(answer).toMatchObject({
      status: 200,
      body: {
        schemas: [coreUrn, agentUrn],
        name: { givenName: "Ana", familyName: "Jansen" },
        emails: [{ type: "work", value: "jan@example.com" }],
        externalId: "e-2",
        active: false,
        [agentUrn]: {
          routingProfile: "Sales",
          securityProfiles: ["Agent", "CallCenterManager"],
          autoAccept: true,
          afterContactWorkSeconds: 30,
        },
      },
    });
    expect(answer.body).not.toHaveProperty("title");
    expect(world.commands.all).toHaveLength(2);
    expect(world.commands.all[1]).toEqual({
      commandId: `scim-${id}-2`,
      username: "jan",
      source: "scim",
      user: {
        identity: { firstName: "Ana", lastName: "Jansen", email: "jan@example.com" },
        phone: { type: "SOFT_PHONE", autoAccept: true, afterContactWorkSeconds: 30 },
        routingProfile: "Sales",
        securityProfiles: ["Agent", "CallCenterManager"],
        active: false,
      },
    });
  });

  it("changes attributes without a path, by dotted names", async () => {
    const world = new ScimWorld();
    const id = await world.created("jan");
    const value = { "name.givenName": "Jan", active: true, [`${agentUrn}:hierarchy`]: "EMEA / Madrid" };
    expect(await world.patch(id, { op: "replace", value })).toMatchObject({
      status: 200,
      body: { name: { givenName: "Jan", familyName: "Ruiz" }, [agentUrn]: { hierarchy: "EMEA / Madrid" } },
    });
    expect(world.commands.all.at(-1)).toMatchObject({ user: { hierarchy: ["EMEA", "Madrid"] } });
  });

  it("takes attributes away", async () => {
    const world = new ScimWorld();
    const id = await world.created("jan", { externalId: "e", displayName: "Jan" });
    const answer = await world.patch(
      id,
      { op: "Remove", path: work },
      { op: "Remove", path: "displayName" },
      { op: "Replace", path: "externalId", value: null },
    );
    for (const name of ["emails", "displayName", "externalId"]) expect(answer.body).not.toHaveProperty(name);
    expect(world.commands.all.at(-1)).not.toHaveProperty("user.identity.email");
  });

  it("disables, is shown so by both ways of reading, deletes, and finds nobody", async () => {
    const world = new ScimWorld();
    const id = await world.created("jan");
    await world.patch(id, { op: "Replace", path: "active", value: false });
    expect((await world.ask("GET", `/Users/${id}`)).body.active).toBe(false);
    expect((await world.ask("GET", filterOf('userName eq "jan"'))).body.Resources[0].active).toBe(false);
    expect(await world.ask("DELETE", `/Users/${id}`)).toMatchObject({ status: 204, body: undefined });
    expect((await world.ask("DELETE", `/Users/${id}`)).status).toBe(404);
    expect((await world.ask("GET", `/Users/${id}`)).status).toBe(404);
    expect((await world.ask("GET", filterOf('userName eq "jan"'))).body.totalResults).toBe(0);
  });

  it("reads what there is of SCIM", async () => {
    const world = new ScimWorld();
    const { body: config } = await world.ask("GET", "/ServiceProviderConfig");
    expect(config).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      etag: { supported: true },
    });
    const { body: types } = await world.ask("GET", "/ResourceTypes");
    expect(types.Resources.map(({ id }: { id: string }) => id)).toEqual(["User"]);
    const { body: schemas } = await world.ask("GET", "/Schemas");
    expect(schemas.Resources.map(({ id }: { id: string }) => id)).toEqual([coreUrn, agentUrn]);
    expect((await world.ask("GET", `/Schemas/${agentUrn}`)).body.attributes[0]).toMatchObject({
      name: "routingProfile",
    });
    expect((await world.ask("GET", "/ResourceTypes/User")).body.meta.location).toBe(
      "https://api.example.com/scim/v2/ResourceTypes/User",
    );
    expect((await world.ask("GET", "/ResourceTypes/Group")).status).toBe(404);
    expect((await world.ask("POST", "/Bulk", { schemas: [patchUrn] })).status).toBe(501);
  });
});
