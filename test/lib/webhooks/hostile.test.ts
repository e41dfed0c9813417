import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { logger, metrics } from "../../../lib/edge/log.ts";
import { onWebhook } from "../../../lib/edge/webhooks.ts";
import { type HttpRequest, problemMediaType } from "../../../lib/http/http.ts";
import { minutes } from "../../support/builders.ts";
import { aCall, aWebhook, aWorld, bytesOf, now, sources } from "../../support/webhook-world.ts";

const howMany = 5_000;

/** mulberry32: the same requests at every run. */
function randomFrom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number) => Math.floor(next() * count);
  const oneOf = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => below(256)));
  return { below, oneOf, bytes };
}

type Random = ReturnType<typeof randomFrom>;
type Attack = (random: Random) => { request: HttpRequest; statuses: number[] };

const forms = ["ours", "standard", "github", "timed", "hubspot", "salesforce", "form"];
const garbage = (random: Random): string =>
  random.oneOf([
    "",
    " ",
    ",",
    "=",
    "v1=",
    "sha256=",
    "v1,",
    "t=NaN,v1=00",
    "\u0000\u0001",
    "é".repeat(40),
    "1".repeat(5_000),
    random.bytes(random.below(200)).toString("latin1"),
    random.bytes(32).toString("base64"),
    `sha256=${random.bytes(32).toString("hex")}`,
    `v1,${random.bytes(32).toString("base64")}`,
    `t=${Math.floor(now / 1000)},v1=${random.bytes(32).toString("hex")}`,
  ]);
const signatureHeaders = [
  "x-contact-automation-signature",
  "webhook-id",
  "webhook-timestamp",
  "webhook-signature",
  "x-hub-signature-256",
  "x-signed-at",
  "x-hubspot-signature-v3",
  "x-hubspot-request-timestamp",
];
const bombs = (random: Random): Buffer =>
  random.oneOf([
    () => bytesOf("[".repeat(random.below(100_000))),
    () => bytesOf(`${"[".repeat(50_000)}${"]".repeat(50_000)}`),
    () => bytesOf(`${'{"a":'.repeat(33)}1${"}".repeat(33)}`),
    () => bytesOf(`{"type":"call-request","__proto__":{"requestId":"x","destination":"+12065550100"}}`),
    () => bytesOf(`{"messages":[{"constructor":{"prototype":{}}}]}`),
    () => bytesOf(`{"requestId":"a","requestId":"b"}`),
    () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytesOf(aCall)]),
    () => Buffer.concat([bytesOf(aCall), random.bytes(1), Buffer.from([0xc0])]),
    () => bytesOf(`"${"\\".repeat(60_001)}`),
    () => random.bytes(random.below(2_000)),
    () => Buffer.alloc(0),
  ])();
const misshapen = (random: Random): unknown =>
  random.oneOf<unknown>([
    null,
    1,
    '"call-request"',
    [],
    {},
    { messages: {} },
    { messages: [] },
    { messages: [null, 1, [], "x"] },
    { messages: [aCall], more: 1 },
    { messages: Array.from({ length: 101 }, () => aCall) },
    { ...aCall, destination: "+1206555010" },
    { ...aCall, requestId: undefined },
    { ...aCall, requestId: "a#1" },
    { ...aCall, attributes: { attemptId: "r-1#1" } },
    { ...aCall, attributes: { a: "x".repeat(40_000) } },
    { type: "constructor", requestId: "r" },
    { type: "stop-request", requestId: "r", campaignId: "c" },
    { type: "attribute-update", requestId: "r", attributes: {} },
    { messages: [aCall, { ...aCall, requestId: ["r-2"] }] },
  ]);

/** A genuine request and what is done to it, with the statuses that may answer it. */
const attacks: Record<string, Attack> = {
  "another secret": (random) => ({
    request: aWebhook(random.oneOf(forms), { secret: random.bytes(24).toString("base64") }),
    statuses: [401],
  }),
  "too old": (random) => ({
    request: aWebhook(random.oneOf(["ours", "standard", "timed", "hubspot"]), {
      at: now - minutes(5) - 1_000 - random.below(1e12),
    }),
    statuses: [401],
  }),
  "too new": (random) => ({
    request: aWebhook(random.oneOf(["ours", "standard", "timed", "hubspot"]), {
      at: now + minutes(5) + 1_000 + random.below(1e12),
    }),
    statuses: [401],
  }),
  "garbage for a signature": (random) => {
    const request = aWebhook(random.oneOf(forms));
    const own = signatureHeaders.filter(
      (name) => request.headers[name] !== undefined && name !== "webhook-id",
    );
    return {
      request: { ...request, headers: { ...request.headers, [random.oneOf(own)]: garbage(random) } },
      statuses: [401],
    };
  },
  "a body that was not signed": (random) => {
    const request = aWebhook(random.oneOf(forms));
    const body = random.oneOf([
      bytesOf({ ...aCall, requestId: "forged" }),
      bombs(random),
      bytesOf(misshapen(random)),
    ]);
    return { request: { ...request, body }, statuses: [401, 413] };
  },
  "no such source": (random) => {
    const names = [
      "..",
      "../ours",
      "ours/",
      "OURS",
      "ours%00",
      "__proto__",
      "constructor",
      "",
      "ours#wh-1",
      "a".repeat(5_000),
    ];
    const source = random.oneOf(names);
    return { request: { ...aWebhook("ours"), pathParameters: { source } }, statuses: [404] };
  },
  "no source at all": () => ({ request: { ...aWebhook("ours"), pathParameters: {} }, statuses: [404] }),
  oversized: (random) => {
    const source = random.oneOf(forms);
    const limit = sources.get(source)?.bodyLimitInBytes ?? 0;
    return {
      request: aWebhook(source, { body: Buffer.alloc(limit + 1 + random.below(1_000)) }),
      statuses: [413],
    };
  },
  "another content type": (random) => {
    const types = [
      "text/plain",
      "application/xml",
      "multipart/form-data; boundary=x",
      "application/json,text/html",
      "",
    ];
    const type = random.oneOf([...types, garbage(random)]);
    return { request: aWebhook("ours", { headers: { "content-type": type } }), statuses: [415] };
  },
  "another content encoding": (random) => {
    const encoding = random.oneOf(["gzip", "br", "deflate", "gzip, identity", "GZIP", "x"]);
    return { request: aWebhook("ours", { headers: { "content-encoding": encoding } }), statuses: [415] };
  },
  "a bomb, signed": (random) => ({
    request: aWebhook(random.oneOf(["ours", "standard", "github", "timed"]), { body: bombs(random) }),
    // What is no text is no body of Standard Webhooks.
    statuses: [400, 401, 422],
  }),
  "misshapen, signed": (random) => ({
    request: aWebhook(random.oneOf(["ours", "standard", "github", "timed"]), { body: misshapen(random) }),
    statuses: [422],
  }),
  "of another shape, signed": (random) => {
    const body = random.oneOf<unknown>([
      { action: "call", case: { id: "é", phone: "+1" } },
      { action: "call", case: [] },
      { action: "stop", case: { id: {} } },
      { action: "update", case: { id: "1", modifiedAt: "yesterday" } },
    ]);
    return { request: aWebhook("salesforce", { body }), statuses: [422] };
  },
  "replayed with another body": (random) => ({
    request: aWebhook(random.oneOf(["standard", "github"]), {
      body: { ...aCall, requestId: `other-${random.below(1_000)}` },
      id: "seen",
    }),
    statuses: [409],
  }),
  "an id that is none": (random) => {
    const id = random.oneOf(["", " ", "a b", "é", "x".repeat(257), "\n"]);
    return { request: aWebhook("github", { id }), statuses: [400] };
  },
};

function eventOf({
  routeKey,
  pathParameters,
  headers,
  body,
  requestId,
}: HttpRequest): APIGatewayProxyEventV2 {
  return {
    version: "2.0",
    routeKey,
    rawPath: `/webhooks/${pathParameters["source"]}`,
    rawQueryString: "",
    headers,
    pathParameters,
    requestContext: { requestId } as APIGatewayProxyEventV2["requestContext"],
    body: body.toString("base64"),
    isBase64Encoded: true,
  };
}

describe("hostile requests", () => {
  it(`${howMany} of them: none puts anything into a queue, none fails, each is answered with a problem`, async () => {
    logger.setLogLevel("SILENT");
    const world = aWorld();
    const handler = onWebhook(world.steps);
    const context = { getRemainingTimeInMillis: () => 15_000 } as Context;
    for (const source of ["standard", "github"])
      await world.accept(aWebhook(source, { id: "seen", body: { ...aCall, requestId: "genuine" } }));
    const genuine = world.intake.messages.length;

    const random = randomFrom(20_261_125);
    const names = Object.keys(attacks);
    for (let number = 0; number < howMany; number += 1) {
      const name = String(names[number % names.length]);
      const { request, statuses } = attacks[name]?.(random) ?? { request: aWebhook("nobody"), statuses: [] };
      const answer = await handler(eventOf(request), context);
      metrics.clearMetrics();

      const which = `${name}, number ${number}`;
      expect(statuses, which).toContain(answer.statusCode);
      expect(answer.headers?.["content-type"], which).toBe(problemMediaType);
      const problem = JSON.parse(String(answer.body));
      expect(problem, which).toMatchObject({ status: answer.statusCode, title: expect.any(String) });
      expect(String(answer.body), which).not.toMatch(/5550100|the secret of/);
      expect(String(answer.body).length, which).toBeLessThan(20_000);
    }
    expect(world.intake.messages).toHaveLength(genuine);
  });
});
