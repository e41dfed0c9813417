import { describe, expect, it } from "vitest";
import { errorUrn, ScimWorld } from "../../support/scim-world.ts";

const tokens = (...names: string[]) => names.map((name) => `the-${name}-token-of-ours`);
const status = async (world: ScimWorld, authorization: string) =>
  (await world.ask("GET", "/Users", undefined, { headers: { authorization } })).status;

describe("the bearer token", () => {
  it("is one of those that are valid: two, while one takes the other's place", async () => {
    const world = new ScimWorld();
    world.tokens = { valid: tokens("old", "new"), validNow: tokens("old", "new") };
    for (const token of tokens("old", "new")) expect(await status(world, `Bearer ${token}`)).toBe(200);
    expect(await status(world, "bearer the-new-token-of-ours")).toBe(200);
  });

  it("is good as soon as it is known, however old what is remembered", async () => {
    const world = new ScimWorld();
    world.tokens = { valid: tokens("old"), validNow: tokens("new") };
    expect(await status(world, "Bearer the-new-token-of-ours")).toBe(200);
  });

  it("is missing, of another kind, or none of them: 401 for every route, and nothing is told or done", async () => {
    const world = new ScimWorld();
    const id = await world.created("ana");
    const before = structuredClone(world.users.all());
    const headers = { authorization: "" };
    for (const [method, target] of [
      ["GET", "/Users"],
      ["POST", "/Users"],
      ["DELETE", `/Users/${id}`],
      ["GET", "/Schemas"],
      ["GET", "/Groups"],
    ] as const)
      expect(await world.ask(method, target, undefined, { headers })).toMatchObject({
        status: 401,
        headers: { "www-authenticate": 'Bearer realm="scim"' },
        body: { schemas: [errorUrn], status: "401" },
      });
    const valid = "the-valid-token-of-ours";
    for (const wrong of ["Bearer ", `Basic ${valid}`, valid, `Bearer ${valid}x`, `Bearer ${valid.slice(1)}`])
      expect(await status(world, wrong)).toBe(401);
    expect(world.users.all()).toEqual(before);
  });

  it("is never valid where none is set", async () => {
    const world = new ScimWorld();
    world.tokens = { valid: [], validNow: [] };
    expect(await status(world, "Bearer the-valid-token-of-ours")).toBe(401);
  });
});
