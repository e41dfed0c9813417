import { describe, expect, it } from "vitest";
import { ScimFault } from "../../../lib/scim/fault.ts";
import { patched } from "../../../lib/scim/patch.ts";
import { agentUrn, coreUrn } from "../../../lib/scim/schema.ts";
import type { ScimUser } from "../../../lib/scim/user.ts";
import { patchUrn } from "../../support/scim-world.ts";

const home = { type: "home", value: "ana@home.example" };
const work = { type: "work", value: "ana@work.example", primary: true };
const ana: ScimUser = {
  userName: "ana",
  name: { givenName: "Ana", familyName: "Ruiz" },
  active: true,
  emails: [home, work],
  [agentUrn]: { routingProfile: "Sales", securityProfiles: ["Agent"] },
};
const patch = (...Operations: object[]) => patched(ana, { schemas: [patchUrn], Operations });

describe("a PATCH", () => {
  it("adds to several values, each of them once, and replaces them all", () => {
    const other = { type: "other", value: "ana@other.example" };
    expect(patch({ op: "add", path: "emails", value: [home, other] }).emails).toEqual([home, work, other]);
    expect(patch({ op: "replace", path: "emails", value: [other] }).emails).toEqual([other]);
    const path = `${agentUrn}:securityProfiles`;
    expect(patch({ op: "add", path, value: "Admin" })[agentUrn]?.securityProfiles).toEqual([
      "Agent",
      "Admin",
    ]);
    expect(patch({ op: "remove", path, value: ["Agent"] })[agentUrn]).toEqual({ routingProfile: "Sales" });
  });

  it("changes the values that a filter is true of, and makes one where there is none and the filter says which", () => {
    expect(
      patch({ op: "replace", path: 'emails[type eq "HOME"].value', value: "a@b.example" }).emails,
    ).toEqual([{ ...home, value: "a@b.example" }, work]);
    expect(
      patch({
        op: "replace",
        path: 'emails[type eq "other" and primary eq false].value',
        value: "a@b.example",
      }).emails,
    ).toEqual([home, work, { type: "other", primary: false, value: "a@b.example" }]);
    expect(() =>
      patch({ op: "replace", path: 'emails[type ne "work" and value sw "x"].value', value: "a" }),
    ).toThrow(new ScimFault(400, "noTarget", "no value of emails is like that"));
  });

  it("leaves everything as it was, the order too, where all of it is so already", () => {
    for (const operation of [
      { op: "add", path: "emails", value: [home] },
      { op: "replace", path: 'emails[type eq "home"].value', value: home.value },
      { op: "replace", value: ana },
    ])
      expect(patch(operation)).toEqual(ana);
  });

  it("leaves one primary value", () => {
    expect(
      patch({ op: "add", path: "emails", value: { value: "a@b.example", primary: true } }).emails,
    ).toEqual([home, { ...work, primary: false }, { value: "a@b.example", primary: true }]);
    expect(patch({ op: "replace", path: 'emails[type eq "home"].primary', value: true }).emails).toEqual([
      { ...home, primary: true },
      { ...work, primary: false },
    ]);
  });

  it("removes values, parts of them, and with its address an e-mail as a whole", () => {
    expect(patch({ op: "remove", path: "emails[primary eq true]" }).emails).toEqual([home]);
    expect(patch({ op: "remove", path: 'emails[type eq "home"].value' }).emails).toEqual([work]);
    expect(patch({ op: "remove", path: "emails.type" }).emails).toEqual(
      [home, work].map(({ type: _, ...email }) => email),
    );
    expect(patch({ op: "remove", path: 'emails[type eq "other"]' }).emails).toEqual([home, work]);
    expect(patch({ op: "remove", path: agentUrn })).not.toHaveProperty([agentUrn]);
  });

  it("removes, replaces and adds texts of a list by a filter too", () => {
    const texts = (op: string, filter: string, value?: unknown) =>
      patch({ op, path: `${agentUrn}:securityProfiles[${filter}]`, value })[agentUrn]?.securityProfiles;
    expect(texts("Remove", 'value eq "Agent"')).toBeUndefined();
    expect(texts("remove", 'value eq "agent"')).toEqual(["Agent"]);
    expect(texts("replace", 'value eq "Agent"', "Admin")).toEqual(["Admin"]);
    expect(texts("add", 'value eq "Admin"', "Admin")).toEqual(["Agent", "Admin"]);
  });

  it("keeps what is not mentioned of a complex attribute", () => {
    for (const op of ["add", "replace"]) {
      expect(patch({ op, path: "name", value: { givenName: "Anna" } }).name).toEqual({
        givenName: "Anna",
        familyName: "Ruiz",
      });
      expect(patch({ op, path: agentUrn, value: { hierarchy: "EMEA" } })[agentUrn]).toEqual({
        ...ana[agentUrn],
        hierarchy: "EMEA",
      });
    }
  });

  it("knows names in any case, and with their URN in front", () => {
    expect(
      patch({ op: "REPLACE", path: `${coreUrn.toUpperCase()}:NAME.givenname`, value: "Anna" }).name,
    ).toEqual({
      givenName: "Anna",
      familyName: "Ruiz",
    });
  });

  it("without a path leaves alone what is ours, as it does in a whole user", () => {
    const value = { id: "x", schemas: ["x"], meta: { version: "x" }, displayName: "Ana" };
    expect(patch({ op: "replace", value })).toEqual({ ...ana, displayName: "Ana" });
  });

  it("is done as a whole or not at all", () => {
    const before = structuredClone(ana);
    expect(() => patch({ op: "remove", path: "emails" }, { op: "add", path: "nothing", value: 1 })).toThrow(
      ScimFault,
    );
    expect(ana).toEqual(before);
  });

  it.each([
    [{ op: "replace", path: "id", value: "x" }, "mutability"],
    [{ op: "remove", path: "meta" }, "mutability"],
    [{ op: "add", path: "favouriteColour", value: "x" }, "invalidPath"],
    [{ op: "add", path: "name.middle.name", value: "x" }, "invalidPath"],
    [{ op: "add", path: `${agentUrn}:routingProfle`, value: "x" }, "invalidPath"],
    [{ op: "add", path: "__proto__.polluted", value: "x" }, "invalidPath"],
    [{ op: "add", path: "constructor.prototype", value: "x" }, "invalidPath"],
    [{ op: "add", path: "emails[type eq", value: "x" }, "invalidPath"],
    [{ op: "add", path: "emails[type is 1].value", value: "x" }, "invalidPath"],
    [{ op: "add", path: `emails[${"(".repeat(5000)}]`, value: "x" }, "invalidPath"],
    [{ op: "remove" }, "noTarget"],
    [{ op: "replace", value: "x" }, "invalidValue"],
    [{ op: "replace", path: "active", value: 1 }, "invalidValue"],
    [{ op: "remove", path: "userName" }, "invalidValue"],
    [{ op: "move", path: "active", value: true }, "invalidSyntax"],
  ])("%j is refused", (operation, scimType) => {
    expect(() => patch(operation)).toThrow(expect.objectContaining({ status: 400, scimType }));
  });
});
