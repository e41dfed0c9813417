import fc from "fast-check";
import { expect, it } from "vitest";
import { joined, readEvidence } from "../../../lib/contacts/evidence.ts";

it("is read or refused, never thrown at, whatever comes (property)", () => {
  const shaped = fc
    .object()
    .map((detail) => JSON.stringify({ "detail-type": "Amazon Connect Contact Event", detail }));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), shaped), (body) => {
      expect(["evidence", "ignored", "unusable"]).toContain(readEvidence(body).kind);
    }),
    { numRuns: 500, seed: 2 },
  );
});

it("of two views is as far as the further one, and knows what either knows", () => {
  const described = {
    contactId: "c",
    stage: "placed",
    attemptId: "r#1",
  } as const;
  const event = {
    contactId: "c",
    stage: "ended",
    disconnectReason: "TELECOM_BUSY",
  } as const;
  const together = { stage: "ended", attemptId: "r#1", disconnectReason: "TELECOM_BUSY" };
  expect(joined(described, event)).toMatchObject(together);
  expect(joined(event, described)).toMatchObject(together);
});

it("has no field from a member that would be its prototype", () => {
  const record = { contactId: "c", initiationMethod: "API" };
  expect(readEvidence(JSON.stringify(record)).kind).toBe("evidence");
  expect(readEvidence(`{"__PROTO__":${JSON.stringify(record)}}`).kind).toBe("unusable");
  expect(readEvidence(`{"__proto__":${JSON.stringify(record)}}`).kind).toBe("unusable");
});
