import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { schemaFiles } from "../../build/json-schemas.ts";
import { retryableOutcomes } from "../../lib/contacts/outcome.ts";
import { checkMessage, kinds, type MessageKind } from "../../lib/intake/message.ts";
import { type Notice, updateRefusedNoticeOf, userNoticeOf } from "../../lib/notices/notice.ts";
import { aDesiredUser } from "../support/roster-world.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
const ajv = new Ajv2020({ allErrors: true });
const compiled = (name: string) =>
  ajv.compile(JSON.parse(schemaFiles[`docs/schemas/${name}.schema.json`] ?? "false"));
const accepts = {
  "call-request": compiled("call-request"),
  "stop-request": compiled("stop-request"),
  "attribute-update": compiled("attribute-update"),
  "user-command": compiled("user-command"),
} satisfies Record<MessageKind, unknown>;
const isNotice = compiled("notice");
const serviceTakes = (kind: MessageKind, input: unknown): boolean =>
  checkMessage(kind, input, { contactFlowId: "flow", queueId: "queue" }, now).kind === "fit";

describe("docs/schemas", () => {
  it.each(Object.entries(schemaFiles))(
    "%s is what npm run schemas makes of the schemas in the code",
    (path, text) => {
      expect(readFileSync(path, "utf8")).toBe(text);
    },
  );

  it("has nothing else", () => {
    const present = readdirSync("docs/schemas").map((name) => join("docs/schemas", name));
    expect(present.sort()).toEqual(Object.keys(schemaFiles).sort());
  });
});

describe("the JSON Schemas", () => {
  const samples = kinds.flatMap((kind) =>
    readdirSync(`events/${kind}s`).map((name) => [kind, name] as const),
  );
  it.each(samples)("take and refuse the %s %s as the service does", (kind, name) => {
    const sample: unknown = JSON.parse(readFileSync(join("events", `${kind}s`, name), "utf8"));
    expect(accepts[kind](sample)).toBe(serviceTakes(kind, sample));
    expect(serviceTakes(kind, sample)).toBe(!name.includes("wrong"));
  });

  it.each([
    ["stop-request", { stopId: "s-1", requestId: "r-1", campaignId: "spring" }],
    ["stop-request", { stopId: "s-1" }],
    ["call-request", { requestId: "r-1", destination: "+12065550100", attributes: { attemptId: "x" } }],
    [
      "call-request",
      { requestId: "r-1", destination: "+12065550100", attributes: JSON.parse('{"__proto__":"x"}') },
    ],
    ["call-request", { requestId: "r-1", destination: "+12065550100", trafictype: "GENERAL" }],
    [
      "call-request",
      { requestId: "r-1", destination: "+12065550100", retry: { attempts: 2, after: { busy: "5m" } } },
    ],
    [
      "call-request",
      { requestId: "r-1", destination: "+12065550100", retry: { attempts: 2, after: { stopped: "PT5M" } } },
    ],
    [
      "attribute-update",
      { updateId: "u-1", requestId: "r-1", attributes: {}, occurredAt: "2026-11-24T09:00:00Z" },
    ],
    [
      "attribute-update",
      { updateId: "u-1", requestId: "r-1", attributes: { a: "b" }, occurredAt: "yesterday" },
    ],
    ["user-command", { commandId: "c-1", username: "ana" }],
    ["user-command", { commandId: "c-1", username: "ana", user: aDesiredUser(), delete: true }],
    ["user-command", { commandId: "c-1", username: "ana", delete: false }],
    ["user-command", { commandId: "c-1", username: "ana", user: aDesiredUser({ tags: { "aws:x": "y" } }) }],
    [
      "user-command",
      {
        commandId: "c-1",
        username: "ana",
        user: aDesiredUser({ phone: { ...aDesiredUser().phone, type: "DESK_PHONE" } }),
      },
    ],
    [
      "user-command",
      { commandId: "c-1", username: "ana", user: aDesiredUser({ securityProfiles: ["Agent", "Agent"] }) },
    ],
  ] as const)("refuse what the service refuses where JSON Schema has a word for it: %s %j", (kind, input) => {
    expect(serviceTakes(kind, input)).toBe(false);
    expect(accepts[kind](input)).toBe(false);
  });

  const aNotice: Notice = {
    noticeId: "n-1",
    type: "state-changed",
    requestId: "r-1",
    state: "deferred",
    revision: 1,
    at: "2026-11-24T12:00:00.000Z",
  };
  const aRefusal = updateRefusedNoticeOf({
    updateId: "u-1",
    requestId: "r-1",
    reason: "too late",
    at: aNotice.at,
  });
  const ofUser = userNoticeOf({
    username: "ana",
    order: "1",
    commandId: "c-1",
    source: "hr",
    state: "updated",
    at: aNotice.at,
    changes: [{ part: "phone", after: { autoAccept: true } }],
  });
  it.each([
    aNotice,
    { ...aNotice, dueAt: aNotice.at, attempt: 1, newMember: 7 },
    aRefusal,
    ofUser,
    { ...ofUser, parts: [] },
  ])("take notice %#", (notice) => {
    expect(isNotice(notice)).toBe(true);
  });
  it("refuse a notice of a kind or state that there is not", () => {
    expect(isNotice({ ...aNotice, type: "else" })).toBe(false);
    expect(isNotice({ ...aNotice, state: "else" })).toBe(false);
  });
});

describe("whatever the service takes", () => {
  const id = fc.stringMatching(/^[A-Za-z0-9._:-]{1,128}$/);
  const text = (most: number) =>
    fc.oneof(
      fc.string({ minLength: 1, unit: "binary" }),
      fc.constantFrom("😀".repeat(most / 2), "é".repeat(most)),
    );
  const two = (from: number, to: number) =>
    fc.integer({ min: from, max: to }).map((n) => String(n).padStart(2, "0"));
  const instant = fc
    .tuple(
      fc.constantFrom("2026-11", "2026-12", "2026-02"),
      two(1, 31),
      fc.constantFrom("T", " "),
      two(0, 23),
      fc.constantFrom("", ".5", ".123456789"),
      fc.constantFrom("Z", "+01", "+0100", "-01:00", " +01:00"),
    )
    .map(
      ([month, day, separator, hour, fraction, offset]) =>
        `${month}-${day}${separator}${hour}:00:00${fraction}${offset}`,
    );
  const duration = fc.constantFrom("P1W", "P1D", "PT0S", "P1DT2H3M4S", "PT00005M");
  const attributes = fc.dictionary(fc.stringMatching(/^[A-Za-z0-9_-]{1,9}$/), fc.string({ unit: "binary" }));
  const reference = fc.record({ type: fc.constantFrom("URL", "DATE", "ELSE"), value: text(4_096) });
  /** Without lists: no field is one, and of an empty one the schema library makes an empty map. */
  const anything = fc.oneof(
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(null, {}, { attempts: 2 }),
  );

  /** A message that has some of these fields, each of them now and then with anything as its value. */
  const messageOf = (
    required: Record<string, fc.Arbitrary<unknown>>,
    optional: Record<string, fc.Arbitrary<unknown>>,
  ) => {
    const spoilt: Record<string, fc.Arbitrary<unknown>> = {};
    for (const [name, value] of Object.entries({ ...required, ...optional }))
      spoilt[name] = fc.oneof({ weight: 40, arbitrary: value }, { weight: 1, arbitrary: anything });
    return fc.record(spoilt, { requiredKeys: Object.keys(required) });
  };
  const contactId = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,255}$/);
  const user = messageOf(
    {
      identity: fc.record(
        { firstName: text(255), lastName: text(300), email: fc.constantFrom("a@b.example", "x") },
        { requiredKeys: ["firstName", "lastName"] },
      ),
      phone: fc.record(
        {
          type: fc.constantFrom("SOFT_PHONE", "DESK_PHONE"),
          autoAccept: fc.boolean(),
          afterContactWorkSeconds: fc.integer({ min: -1, max: 30 }),
          deskNumber: fc.constantFrom("+34911111111", "911"),
        },
        { requiredKeys: ["type", "autoAccept", "afterContactWorkSeconds"] },
      ),
      routingProfile: text(126),
      securityProfiles: fc.array(text(126), { maxLength: 11 }),
      active: fc.boolean(),
    },
    {
      hierarchy: fc.array(text(100), { maxLength: 6 }),
      tags: fc.dictionary(fc.string({ maxLength: 9 }), fc.string({ unit: "binary" })),
    },
  );
  const messages = {
    "call-request": messageOf(
      { requestId: id, destination: fc.constantFrom("+12065550100", "+1 (206) 555-0100") },
      {
        destinationCountry: fc.constant("US"),
        contactFlowId: text(500),
        queueId: text(256),
        sourcePhoneNumber: fc.constant("+12065550199"),
        attributes,
        name: text(1_024),
        description: text(4_096),
        references: fc.dictionary(fc.stringMatching(/^[^_cp]{1,9}$/), reference, { maxKeys: 2 }),
        relatedContactId: text(256),
        ringTimeoutSeconds: fc.integer({ min: 14, max: 61 }),
        trafficType: fc.constantFrom("GENERAL", "CAMPAIGN"),
        campaignId: text(100),
        answerMachineDetection: fc.record(
          { enabled: fc.constant(false), awaitPrompt: fc.boolean() },
          { requiredKeys: ["enabled"] },
        ),
        notBefore: instant,
        expiresAt: instant,
        retry: fc.record(
          {
            attempts: fc.integer({ min: 0, max: 11 }),
            after: fc.dictionary(fc.constantFrom(...retryableOutcomes), duration),
          },
          { requiredKeys: ["attempts"] },
        ),
        onUnknown: fc.constantFrom("park", "redial"),
      },
    ),
    "stop-request": messageOf(
      { stopId: id },
      { requestId: id, contactId, campaignId: text(100), reason: text(256) },
    ),
    "user-command": fc.oneof(
      messageOf({ commandId: id, username: text(100), user }, { source: id, reason: text(256) }),
      messageOf({ commandId: id, username: text(100), delete: fc.constant(true) }, { reason: text(256) }),
    ),
    "attribute-update": messageOf(
      { updateId: id, attributes, occurredAt: instant },
      { requestId: id, contactId },
    ),
  } satisfies Record<MessageKind, unknown>;

  it.each(kinds)("as a %s, its JSON Schema takes too", (kind) => {
    let taken = 0;
    fc.assert(
      fc.property(messages[kind], (message) => {
        if (!serviceTakes(kind, message)) return;
        taken += 1;
        expect(accepts[kind](JSON.parse(JSON.stringify(message))), ajv.errorsText(accepts[kind].errors)).toBe(
          true,
        );
      }),
      { seed: 3, numRuns: 2_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
