import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributesLimitInBytes } from "../../../lib/contacts/attributes.ts";
import { readCallRequest } from "../../../lib/contacts/call-request.ts";
import { aCallRequest, days } from "../../support/builders.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
const defaults = { contactFlowId: "flow", queueId: "queue" };
const read = (input: unknown, given = defaults) =>
  readCallRequest(typeof input === "string" ? input : JSON.stringify(input), given, now);
const problemsOf = (input: unknown, given?: typeof defaults) => {
  const reading = read(input, given);
  return reading.kind === "wrong" ? reading.problems : [];
};

describe("a call request", () => {
  it.each([
    ["", "not JSON"],
    ["{", "not JSON"],
    ["null", "requestId"],
    ["[]", "requestId"],
    ['"r-1"', "requestId"],
    ["{}", "requestId"],
    ['{"requestId":""}', "requestId"],
    ['{"requestId":7}', "requestId"],
    ['{"requestId":"a b"}', "requestId"],
    [`{"requestId":"${"x".repeat(129)}"}`, "requestId"],
  ])("of unusable body %# cannot be taken", (body, why) => {
    expect(read(body)).toEqual({ kind: "unusable", why: expect.stringContaining(why) });
  });

  it.each([
    [{ destination: "+12065550100" }, "+12065550100"],
    [{ destination: "+1 (206) 555-0100" }, "+12065550100"],
    [{ destination: "(206) 555-0100", destinationCountry: "US" }, "+12065550100"],
    [{ destination: "020 7183 8750", destinationCountry: "GB" }, "+442071838750"],
    [{ destination: "0151 23456789", destinationCountry: "DE" }, "+4915123456789"],
  ])("with %j dials %s", (fields, e164) => {
    expect(read(aCallRequest(fields))).toMatchObject({ kind: "request", request: { destination: e164 } });
  });

  it.each([
    [{ destination: undefined }, /^destination is missing/],
    [{ destination: 5 }, /^destination must be string/],
    [{ destination: "2065550100" }, /destinationCountry/],
    [{ destination: "2065550100", destinationCountry: "XX" }, /country that is not known/],
    [{ destination: "+1206555" }, /^destination/],
    [{ destination: "+12065550100 ext. 5" }, /extension/],
    [{ destination: "call me" }, /^destination/],
    [{ sourcePhoneNumber: "12" }, /^sourcePhoneNumber/],
    [{ attributes: { "a b": "x" } }, /attributes.*A-Z a-z 0-9 _ -/],
    [{ attributes: { attemptId: "x" } }, /attemptId is ours/],
    [{ attributes: { a: 1 } }, /attributes.a must be string/],
    [{ attributes: { a: "x".repeat(33 * 1024) } }, /bytes over the 32768/],
    [{ attributes: JSON.parse('{"constructor":"x"}') }, /none of the keys/],
    [{ attributes: JSON.parse('{"__proto__":"x"}') }, /none of the keys/],
    [{ ringTimeoutSeconds: 14 }, /15 to 60/],
    [{ ringTimeoutSeconds: 61 }, /15 to 60/],
    [{ ringTimeoutSeconds: 20.5 }, /whole/],
    [{ trafficType: "LOTS" }, /trafficType must be one of/],
    [{ answerMachineDetection: { enabled: true } }, /trafficType CAMPAIGN/],
    [{ retry: { attempts: 0 } }, /1 to 10/],
    [{ retry: { attempts: 11 } }, /1 to 10/],
    [{ retry: { attempts: 2, after: { busy: "5 minutes" } } }, /ISO 8601 duration/],
    [{ retry: { attempts: 2, after: { "answered-agent": "PT5M" } } }, /retry.after/],
    [{ onUnknown: "again" }, /onUnknown must be one of/],
    [{ notBefore: "tomorrow" }, /notBefore must be an instant/],
    [{ notBefore: "9999-12-31T23:59:59-14:00" }, /notBefore must be an instant/],
    [{ notBefore: "2025-11-24T12:00:00Z" }, /more than 14 days back/],
    [{ notBefore: "2028-01-01T00:00:00Z" }, /more than a year ahead/],
    [{ notBefore: "2026-11-25T00:00:00Z", expiresAt: "2026-11-24T23:00:00Z" }, /expiresAt must come after/],
    [{ references: { Case: { type: "PHONE", value: "x" } } }, /references/],
    [{ name: "x".repeat(1025) }, /1 to 1024/],
    [{ outboundStrategy: {} }, /not a known field/],
  ])("that breaks rule %# is wrong, and says why", (fields: object, problem) => {
    expect(problemsOf(aCallRequest(fields))).toEqual([expect.stringMatching(problem)]);
  });

  it("lists every problem at once", () => {
    const problems = problemsOf({ requestId: "r-1", ringTimeoutSeconds: 1, trafficType: "X", extra: 1 });
    expect(problems).toHaveLength(4);
  });

  it("keeps the list short, however much is wrong", () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`${index} ${"x".repeat(999)}`, 1]),
    );
    const problems = problemsOf(aCallRequest({ attributes }));
    expect(problems.length).toBeLessThanOrEqual(21);
    expect(JSON.stringify(problems).length).toBeLessThan(8_000);
  });

  it("needs a contact flow, and a queue or a source, from somewhere", () => {
    expect(problemsOf(aCallRequest(), {} as typeof defaults)).toEqual([
      expect.stringContaining("contactFlowId"),
      expect.stringContaining("queueId or sourcePhoneNumber"),
    ]);
    expect(problemsOf(aCallRequest({ contactFlowId: "f", queueId: "q" }), {} as typeof defaults)).toEqual([]);
  });

  it("never repeats a value in what it says is wrong", () => {
    const secret = "+1555secret";
    const said = problemsOf({
      ...aCallRequest({ destination: secret, sourcePhoneNumber: secret, attributes: { a: 1, b: secret } }),
      name: secret.repeat(500),
      trafficType: secret,
    });
    expect(said.length).toBeGreaterThan(0);
    expect(said.join()).not.toContain("secret");
  });

  it("counts attributes in UTF-8 bytes, ours included", () => {
    const ours = "attemptId".length + "r-1#1000000".length;
    const fits = "é".repeat(Math.floor((attributesLimitInBytes - ours - 1) / 2));
    expect(problemsOf(aCallRequest({ attributes: { k: fits } }))).toEqual([]);
    expect(problemsOf(aCallRequest({ attributes: { k: `${fits}éé` } }))).toHaveLength(1);
  });

  it("has the same hash in whatever order its fields come and however its number is written", () => {
    const one = read('{"requestId":"r","destination":"+12065550100","attributes":{"a":"1","b":"2"}}');
    const other = read('{"attributes":{"b":"2","a":"1"},"destination":"+1 206 555 0100","requestId":"r"}');
    expect(one.kind === "request" && other.kind === "request" && one.hash === other.hash).toBe(true);
  });

  it("has another hash when anything in it differs, letter case included", () => {
    const base = read(aCallRequest({ attributes: { a: "1" } }));
    for (const attributes of [{ a: "2" }, { A: "1" }, { a: "1", b: "" }]) {
      const other = read(aCallRequest({ attributes }));
      expect(base.kind === "request" && other.kind === "request" && base.hash !== other.hash).toBe(true);
    }
  });

  it("has the same hash long after it was first read, when its time has become stale", () => {
    const body = JSON.stringify(aCallRequest({ notBefore: "2026-11-24T13:00:00Z" }));
    const first = readCallRequest(body, defaults, now);
    const later = readCallRequest(body, {}, now + days(30));
    expect(later.kind).toBe("wrong");
    expect("hash" in first && "hash" in later && first.hash === later.hash).toBe(true);
  });

  it("is read or refused, never thrown at, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((o) => JSON.stringify({ requestId: "r", ...o })),
        ),
        (body) => {
          expect(["request", "wrong", "unusable"]).toContain(read(body).kind);
        },
      ),
      { numRuns: 500, seed: 1 },
    );
  });
});
