import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { campaignKeyOf } from "../../../lib/contacts/record-keys.ts";
import { checkMessage } from "../../../lib/intake/message.ts";
import { type Answer, ApiWorld } from "../../support/api-world.ts";

/** In every value that is sent, and in no rule of ours. */
const marker = "zyxxyz";
const ids = fc.constantFrom(
  "r-1",
  `r-${marker}`,
  "a%20b",
  "..",
  "%00",
  "%F0%9F%93%9E",
  "campaign%23spring",
  "x".repeat(200),
);
const text = fc
  .oneof(fc.string(), fc.string({ unit: "binary" }), fc.constantFrom("", "+12065550100", "PT5M"))
  .map((value) => value + marker);
const json = fc.jsonValue({ maxDepth: 6, stringUnit: "binary" });
const fieldNames = fc.constantFrom(
  "requestId",
  "destination",
  "attributes",
  "reason",
  "occurredAt",
  "retry",
  "notBefore",
  "stopId",
  "shard",
  "__proto__",
  "constructor",
);
const messageLike = fc.dictionary(
  fieldNames,
  fc.oneof(text, json, fc.constant({ a: `b${marker}` }), fc.constantFrom("r-1", "+12065550100")),
);
const fit = fc.constantFrom<object>(
  { requestId: "r-1", destination: "+12065550100" },
  { attributes: { a: "b" } },
  { reason: "paid" },
);
const body = fc.oneof(
  json,
  messageLike,
  fit,
  fc.array(fc.oneof(messageLike, fit), { maxLength: 8 }),
  fc.string({ unit: "binary" }),
  fc.uint8Array(),
  fc.constant(undefined),
);
const contentType = fc.option(
  fc.constantFrom(
    "application/json",
    "application/merge-patch+json",
    "APPLICATION/JSON;charset=utf-8",
    "text/plain",
    "application/json,text/plain",
  ),
  { nil: undefined },
);
const headers = fc.record({
  "Content-Type": contentType,
  "idempotency-key": fc.option(fc.constantFrom("key-1", "r-1", "a b", `é${marker}`, "", "x".repeat(129)), {
    nil: undefined,
  }),
  "If-None-Match": fc.option(fc.constantFrom("*", '"1-x"', 'W/"', ",,,"), { nil: undefined }),
});
const target = fc.oneof(
  fc.constantFrom("POST /call-requests"),
  ids.map((id) => `POST /call-requests/${id}/stop`),
  ids.map((id) => `PATCH /call-requests/${id}/attributes`),
  ids.map((id) => `POST /campaigns/${id}/stop`),
  ids.map((id) => `GET /call-requests/${id}`),
  fc.constantFrom("GET /call-requests"),
);
const query = fc.dictionary(
  fc.constantFrom("state", "campaignId", "limit", "cursor", "other"),
  fc.oneof(text, fc.constantFrom("1", "50", "deferred", "spring", "AAAA")),
  {
    maxKeys: 3,
  },
);
const request = fc.record({
  target,
  query: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: query }),
  headers,
  body,
});

const defaults = { contactFlowId: "flow", queueId: "queue" };

describe("whatever is asked of the HTTP API", () => {
  let api: ApiWorld;
  beforeEach(async () => {
    api = new ApiWorld();
    await api.record("r-1", { campaignId: "spring" });
    await api.record(campaignKeyOf("spring"), { state: "cancelled" });
  });

  it("is answered as it should be: 5,000 hostile requests", async () => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(request, async ({ target, query, headers, body }) => {
        const [method = "", path = ""] = target.split(" ");
        const search = new URLSearchParams(query).toString();
        const before = api.intake.messages.length;
        const answer = await api.ask(method, search ? `${path}?${search}` : path, {
          body,
          headers: defined(headers),
        });
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) {
          expectProblem(answer);
          expect(api.intake.messages).toHaveLength(before);
        }
      }),
      { numRuns: 5_000, seed: 4711 },
    );
    for (const { kind, body } of api.intake.messages)
      expect(checkMessage(kind, JSON.parse(body), defaults, api.time)).toMatchObject({ kind: "fit" });
    // Otherwise the requests were not what they are meant to be.
    for (const status of [200, 202, 304, 400, 404, 415, 422])
      expect(statuses.get(status), `${status}`).toBeGreaterThan(5);
  });

  it("never fails at the fault of a body: any JSON value, sent to every route that takes one", async () => {
    const targets = fc.constantFrom(
      "POST /call-requests",
      "POST /call-requests/r-1/stop",
      "PATCH /call-requests/r-1/attributes",
      "POST /campaigns/c/stop",
    );
    await fc.assert(
      fc.asyncProperty(targets, fc.jsonValue({ stringUnit: "binary" }), async (target, value) => {
        const [method = "", path = ""] = target.split(" ");
        const answer = await api.ask(method, path, { body: JSON.stringify(value) });
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 1_000, seed: 4711 },
    );
  });
});

function expectProblem({ status, headers, body }: Answer): void {
  expect(headers).toMatchObject({ "content-type": "application/problem+json", "cache-control": "no-store" });
  expect(body).toMatchObject({
    type: "about:blank",
    title: expect.any(String),
    status,
    requestId: "request-1",
  });
  expect(JSON.stringify(body)).not.toContain(marker);
}

const defined = (from: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(from).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
