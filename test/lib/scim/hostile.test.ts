import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agentUrn, coreUrn } from "../../../lib/scim/schema.ts";
import { anAccount, patchUrn, ScimWorld } from "../../support/scim-world.ts";

const settings = { seed: 20_261_126, numRuns: 1_000 };

const names = [
  ...[
    "userName",
    "name",
    "name.givenName",
    "active",
    "emails",
    "emails.value",
    "externalId",
    "id",
    "meta",
    "schemas",
  ],
  ...[
    'emails[type eq "work"]',
    'emails[type eq "work"].value',
    "emails[",
    "title",
    "__proto__",
    "constructor",
    "",
  ],
  ...[
    coreUrn,
    agentUrn,
    `${agentUrn}:securityProfiles`,
    `${agentUrn}:phoneType`,
    `${coreUrn}:name.givenName`,
    "urn:x",
  ],
];
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...names) },
  { weight: 1, arbitrary: fc.string() },
);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("True", "false", "ana", "\u0000", "\ud800", "\uffff", "😀"),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    text,
    fc.boolean(),
    fc.double(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(name, tie("value"), { maxKeys: 3 }),
  ),
}));
const operation = fc.record(
  { op: fc.oneof(fc.constantFrom("add", "Add", "replace", "REMOVE"), text), path: name, value },
  { requiredKeys: ["op"] },
);
const comparison = fc
  .tuple(
    name,
    fc.constantFrom("eq", "ne", "co", "sw", "ew", "gt", "le", "pr", "is"),
    fc.oneof(
      text.map((one) => JSON.stringify(one)),
      fc.constantFrom("true", "null", "1", ""),
    ),
  )
  .map((parts) => parts.join(" "));
const filter = fc.oneof(
  text,
  comparison,
  fc.tuple(comparison, fc.constantFrom("and", "or", "and not"), comparison).map((parts) => parts.join(" ")),
  comparison.map((one) => `not (${one})`),
  comparison.map((one) => `emails[${one}]`),
);

describe("whatever is sent", () => {
  /** @returns the status; what is refused has changed nothing */
  async function answerTo(method: string, path: (id: string) => string, body?: unknown): Promise<number> {
    const world = new ScimWorld();
    const id = await world.created("ana", { [agentUrn]: { routingProfile: "Sales" } });
    const before = structuredClone(world.users.all());
    const { status, body: said } = await world.ask(method, path(id), body);
    expect(status).toBeLessThan(500);
    if (status < 400) return status;
    expect(said).toMatchObject({ status: String(status), detail: expect.any(String) });
    expect(world.users.all()).toEqual(before);
    expect(world.commands.all).toHaveLength(1);
    return status;
  }

  it.each([
    ["POST", () => "/Users"],
    ["PUT", (id: string) => `/Users/${id}`],
  ] as const)("as a user by %s is taken, or refused without a trace", async (method, path) => {
    const statuses = new Set<number>();
    const fields = fc.dictionary(name, value, { maxKeys: 3 });
    const body = fc.oneof(
      value,
      fields.map((some) => ({ ...anAccount(method === "PUT" ? "ana" : "bo"), ...some })),
    );
    await fc.assert(
      fc.asyncProperty(
        body,
        async (sent) => void statuses.add(await answerTo(method, path, JSON.stringify(sent))),
      ),
      settings,
    );
    expect([...statuses].toSorted()).toEqual([method === "PUT" ? 200 : 201, 400]);
  });

  it("as operations of PATCH is done, or refused without a trace", async () => {
    const statuses = new Set<number>();
    const operations = fc.array(operation, { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(operations, async (Operations) => {
        statuses.add(await answerTo("PATCH", (id) => `/Users/${id}`, { schemas: [patchUrn], Operations }));
      }),
      settings,
    );
    expect([...statuses].toSorted()).toEqual([200, 400]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("as a filter, or a selection of attributes, is understood or refused", async () => {
    const world = new ScimWorld();
    await world.created("ana", { [agentUrn]: { routingProfile: "Sales" } });
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(filter, name, async (said, attribute) => {
        const query = new URLSearchParams({ filter: said.toWellFormed(), attributes: attribute });
        const { status } = await world.ask("GET", `/Users?${query}`);
        statuses.add(status);
      }),
      settings,
    );
    expect([...statuses].toSorted()).toEqual([200, 400]);
  });

  it.each([
    ["not JSON", "{", 400],
    ["of another encoding", Buffer.from([0xff, 0xfe, 0x7b]), 400],
    ["with a key twice", '{"schemas":[],"schemas":[]}', 400],
    ["nested deep", `${"[".repeat(9_000)}${"]".repeat(9_000)}`, 400],
    ["far too long", JSON.stringify({ ...anAccount("bo"), displayName: "x".repeat(70_000) }), 413],
  ])("as a body that is %s is refused", async (_, body, status) => {
    expect(await answerTo("POST", () => "/Users", body)).toBe(status);
  });

  it("of another media type is refused", async () => {
    const headers = { "content-type": "text/xml" };
    expect((await new ScimWorld().ask("POST", "/Users", "<user/>", { headers })).status).toBe(415);
  });
});
