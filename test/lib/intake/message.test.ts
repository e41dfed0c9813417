import { describe, expect, it } from "vitest";
import { checkMessage, longestMessageInBytes, type MessageKind } from "../../../lib/intake/message.ts";
import { orderOf } from "../../../lib/roster/ledger.ts";
import { aCallRequest } from "../../support/builders.ts";
import { aDesiredUser } from "../../support/roster-world.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
const defaults = { contactFlowId: "flow", queueId: "queue" };
const check = (kind: MessageKind, input: unknown) => checkMessage(kind, input, defaults, now);
const aStop = { stopId: "s-1", requestId: "r-1" };
const anUpdate = {
  updateId: "u-1",
  contactId: "c-1",
  attributes: { vip: "yes" },
  occurredAt: "2026-11-24T12:00:00Z",
};

const aCommand = { commandId: "hr-1", username: "ana", user: aDesiredUser(), source: "hr", reason: "new" };

describe("a message of a producer", () => {
  it.each([
    ["call-request", aCallRequest(), "r-1", undefined],
    ["stop-request", aStop, "s-1", undefined],
    ["attribute-update", anUpdate, "u-1", "c-1"],
    ["attribute-update", { ...anUpdate, contactId: undefined, requestId: "r-1" }, "u-1", "r-1"],
    ["user-command", aCommand, "hr-1", "ana"],
    ["user-command", { commandId: "hr-1", username: "ana", delete: true }, "hr-1", "ana"],
  ] as const)("of kind %s is fit, and goes as it came: %j", (kind, input, id, group) => {
    const checked = check(kind, input);
    expect(checked).toMatchObject({ kind: "fit", message: { kind, id, ...(group && { group }) } });
    expect(checked.kind === "fit" && JSON.parse(checked.message.body)).toEqual(
      JSON.parse(JSON.stringify(input)),
    );
  });

  it.each([
    ["call-request", aCallRequest({ destination: "+1206555", name: "" }), "r-1", 2],
    ["call-request", null, undefined, 1],
    ["call-request", undefined, undefined, 1],
    ["stop-request", { ...aStop, contactId: "c-1" }, "s-1", 1],
    ["stop-request", { ...aStop, shard: "00" }, "s-1", 1],
    ["stop-request", { ...aStop, stopId: "+1 206 555 0100" }, undefined, 1],
    ["attribute-update", { ...anUpdate, attributes: {} }, "u-1", 1],
    ["attribute-update", { send: "r-1" }, undefined, 1],
    ["attribute-update", { ...anUpdate, occurredAt: "2026-11-24T12:10:00Z" }, "u-1", 1],
    ["user-command", { ...aCommand, user: aDesiredUser({ securityProfiles: [] }) }, "hr-1", 1],
    ["user-command", { ...aCommand, delete: true }, "hr-1", 1],
    ["user-command", { ...aCommand, source: "H R", reason: "" }, "hr-1", 2],
    ["user-command", { command: aCommand, order: orderOf("9"), tries: 0 }, undefined, 4],
  ] as const)(
    "of kind %s is unfit with every problem, under its id where that is one: %j",
    (kind, input, id, problems) => {
      const checked = check(kind, input);
      expect(checked.kind === "unfit" && checked.problems).toHaveLength(problems);
      expect(checked.kind === "unfit" && checked.id).toBe(id);
    },
  );

  it("is unfit when it is longer than SQS, SNS and others take, in bytes", () => {
    const long = { ...anUpdate, attributes: { a: "é".repeat(longestMessageInBytes / 2) } };
    expect(check("attribute-update", long)).toEqual({
      kind: "unfit",
      id: "u-1",
      problems: ["the message is longer than 262144 bytes"],
    });
  });
});
