import { beforeEach, describe, expect, it } from "vitest";
import { ApiWorld } from "../../support/api-world.ts";
import { aCallRequest } from "../../support/builders.ts";
import { IntakeInMemory } from "../../support/intake-in-memory.ts";

let api: ApiWorld;
beforeEach(() => {
  api = new ApiWorld();
});

describe("a call request", () => {
  it("is in its queue once it is accepted, as it was sent", async () => {
    const request = aCallRequest({ attributes: { case: "A-1" } });
    const answer = await api.post("/call-requests", request);
    expect(answer).toMatchObject({
      status: 202,
      body: { results: [{ requestId: "r-1", status: "accepted" }] },
      headers: {
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-request-id": "request-1",
      },
    });
    expect(api.queued()).toEqual([request]);
  });

  it("takes the Idempotency-Key as its requestId, whatever the header's case", async () => {
    const request = { destination: "+12065550100" };
    await api.post("/call-requests", request, { "IDEMPOTENCY-key": "key-1" });
    await api.post("/call-requests", { ...request, requestId: "key-2" }, { "Idempotency-Key": "key-2" });
    expect(api.queued()).toEqual([
      { ...request, requestId: "key-1" },
      { ...request, requestId: "key-2" },
    ]);
  });

  it.each([
    ["has another requestId than the Idempotency-Key", aCallRequest(), { "Idempotency-Key": "other" }],
    ["has an Idempotency-Key that is no id", { destination: "+12065550100" }, { "Idempotency-Key": "a key" }],
    ["has no requestId", { destination: "+12065550100" }, {}],
    ["has an unknown field", { ...aCallRequest(), colour: "red" }, {}],
    ["cannot be dialled", aCallRequest({ destination: "+1206" }), {}],
    ["is null", "null", {}],
    ["is text", '"r-1"', {}],
    ["is longer than a message may be", aCallRequest({ description: "x".repeat(300_000) }), {}],
  ])("is refused when it %s", async (_, body, headers: Record<string, string>) => {
    const answer = await api.post("/call-requests", body, headers);
    expect(answer).toMatchObject({
      status: 422,
      headers: { "content-type": "application/problem+json" },
      body: { title: "Unfit request", status: 422, errors: [expect.any(String)], requestId: "request-1" },
    });
    expect(api.queued()).toEqual([]);
  });

  it.each([
    ["is not JSON", 400, "{", {}],
    ["is empty", 415, undefined, {}],
    ["is not UTF-8", 400, Uint8Array.of(0x22, 0xff, 0x22), {}],
    ["is nested beyond all measure", 400, `${"[".repeat(200_000)}${"]".repeat(200_000)}`, {}],
    [
      "is of another media type",
      415,
      "requestId=r-1",
      { "content-type": "application/x-www-form-urlencoded" },
    ],
    ["is of two media types", 415, aCallRequest(), { "content-type": "application/json, text/plain" }],
    ["is too long for us", 413, `"${"x".repeat(5_000_000)}"`, {}],
  ])("is not read when it %s", async (_, status, body, headers: Record<string, string>) => {
    const answer = await api.post("/call-requests", body, headers);
    expect(answer).toMatchObject({ status, body: { status } });
  });

  it("takes parameters of its media type, and none in the query", async () => {
    const type = { "content-type": "Application/JSON; charset=utf-8" };
    expect(await api.post("/call-requests", aCallRequest(), type)).toMatchObject({ status: 202 });
    expect(await api.post("/call-requests?dryRun=true", aCallRequest())).toMatchObject({ status: 400 });
  });

  it("is to be sent again when its queue does not take it", async () => {
    api = new ApiWorld({ intake: new IntakeInMemory({ refuses: () => true }) });
    expect(await api.post("/call-requests", aCallRequest())).toMatchObject({
      status: 503,
      headers: { "retry-after": "5" },
    });
  });
});

describe("a batch of call requests", () => {
  const batch = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ requestId: `r-${index}`, destination: "+12065550100" }));

  it("is answered request by request, in order", async () => {
    const [first, second] = batch(2);
    const answer = await api.post("/call-requests", [
      first,
      aCallRequest({ requestId: "a b" }),
      { requestId: "r-9" },
      second,
    ]);
    expect(answer).toMatchObject({
      status: 202,
      body: {
        results: [
          { requestId: "r-0", status: "accepted" },
          { index: 1, status: "refused", errors: [expect.any(String)] },
          { index: 2, requestId: "r-9", status: "refused", errors: [expect.stringContaining("destination")] },
          { requestId: "r-1", status: "accepted" },
        ],
      },
    });
    expect(answer.body).not.toHaveProperty("results.1.requestId");
    expect(api.queued()).toEqual([first, second]);
  });

  it("may have 500, of which some queues take a part", async () => {
    const refuses = ({ id }: { id: string }) => id.endsWith("7");
    api = new ApiWorld({ intake: new IntakeInMemory({ refuses }) });
    const requests = batch(500);
    const { status, body } = await api.post("/call-requests", requests);
    expect(status).toBe(202);
    expect(body).toEqual({
      results: requests.map(({ requestId }) => ({
        requestId,
        status: refuses({ id: requestId }) ? "failed" : "accepted",
      })),
    });
    expect(api.queued()).toEqual(requests.filter(({ requestId }) => !refuses({ id: requestId })));
  });

  it.each([0, 501])("may not have %i", async (count) => {
    expect(await api.post("/call-requests", batch(count))).toMatchObject({ status: 422 });
    expect(api.queued()).toEqual([]);
  });

  it("is refused as a whole when none is fit, and names each by its index", async () => {
    const { status, body } = await api.post("/call-requests", [{}, aCallRequest({ retry: 3 })]);
    expect(status).toBe(422);
    expect(body).toMatchObject({
      errors: [expect.stringMatching(/^\[0\] /), expect.stringMatching(/^\[1\] retry/)],
    });
  });

  it("tells no more than a hundred problems", async () => {
    const { body } = await api.post("/call-requests", Array(500).fill({ requestId: 1 }));
    expect((body as { errors: string[] }).errors).toHaveLength(101);
  });

  it("is answered with no more than Lambda can, whatever the names of its fields", async () => {
    const name = '"'.repeat(270);
    const references = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((nr) => [name + nr, { type: 1 }]));
    const unfit = { requestId: "r-1", destination: "+12065550100", references };
    const { status, body } = await api.post("/call-requests", [...batch(1), ...Array(499).fill(unfit)]);
    expect(status).toBe(202);
    expect(body).toHaveProperty(
      "results.1.errors",
      expect.arrayContaining([expect.stringMatching(/^and \d+ more$/)]),
    );
    // It is text in Lambda's own JSON.
    expect(JSON.stringify(JSON.stringify(body)).length).toBeLessThan(6_000_000);
  });

  it("takes no Idempotency-Key: each request has its own", async () => {
    expect(await api.post("/call-requests", batch(2), { "Idempotency-Key": "k" })).toMatchObject({
      status: 422,
    });
    expect(api.queued()).toEqual([]);
  });

  it("is to be sent again when no queue takes any of it", async () => {
    api = new ApiWorld({ intake: new IntakeInMemory({ refuses: () => true }) });
    expect(await api.post("/call-requests", [...batch(2), {}])).toMatchObject({ status: 503 });
  });
});
