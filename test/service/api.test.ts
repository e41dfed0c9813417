import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningService, startService } from "../support/running-service.ts";
import { signedFetch } from "../support/signed-fetch.ts";

const pageSchema = v.object({ callRequests: v.array(v.object({ requestId: v.string() })) });

describe("the HTTP API, on the running service", () => {
  let service: RunningService;
  beforeAll(async () => {
    const environment = { CONNECT_RATE_PER_SECOND: "100", CONNECT_BURST: "50" };
    const quotas = { StartOutboundVoiceContact: { rate: 200, burst: 200 } };
    service = await startService({ visibilityTimeout: 5, environment, simulator: { speed: 50, quotas } });
  });
  afterAll(() => service.end());

  const ask = async (
    method: string,
    target: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const response = await signedFetch(`${service.apiUrl}${target}`, {
      method,
      ...json,
      headers: { ...type, ...headers },
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === "" ? undefined : JSON.parse(text)) as Record<string, unknown> | undefined,
    };
  };
  const stateOf = async (requestId: string) =>
    (await ask("GET", `/call-requests/${requestId}`)).body?.["state"];
  const call = { destination: "+12065550100" };

  it("answers nobody who has not signed", async () => {
    const routes = [
      ["POST", "/call-requests"],
      ["GET", "/call-requests"],
      ["GET", "/call-requests/r-1"],
      ["POST", "/call-requests/r-1/stop"],
      ["PATCH", "/call-requests/r-1/attributes"],
      ["POST", "/campaigns/spring/stop"],
    ] as const;
    for (const [method, path] of routes)
      expect((await fetch(`${service.apiUrl}${path}`, { method })).status, `${method} ${path}`).toBe(403);
    expect(await service.depth("CALL_REQUESTS_QUEUE_URL")).toBe(0);
  });

  it("takes a call request, and shows it until it has ended", async () => {
    const sent = await ask("POST", "/call-requests", call, { "Idempotency-Key": "api-1" });
    expect(sent).toMatchObject({
      status: 202,
      body: { results: [{ requestId: "api-1", status: "accepted" }] },
    });
    expect(Object.fromEntries(sent.headers)).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=31536000",
      "x-content-type-options": "nosniff",
      "x-request-id": expect.stringMatching(/./),
    });
    await service.waitFor("api-1 to have ended", async () => (await stateOf("api-1")) === "ended");

    const { headers, body } = await ask("GET", "/call-requests/api-1");
    expect(body).toMatchObject({
      requestId: "api-1",
      state: "ended",
      attempt: 1,
      outcome: expect.any(String),
    });
    expect(JSON.stringify(body)).not.toContain("5550100");
    const known = { "If-None-Match": String(headers.get("etag")) };
    expect(await ask("GET", "/call-requests/api-1", undefined, known)).toMatchObject({ status: 304 });
    expect(await ask("GET", "/call-requests/api-2")).toMatchObject({ status: 404 });
  });

  it("takes the same request again, and calls once", async () => {
    const request = { requestId: "api-again", ...call };
    for (let time = 0; time < 3; time += 1) await ask("POST", "/call-requests", request);
    await service.waitFor("api-again to have ended", async () => (await stateOf("api-again")) === "ended");
    await service.waitFor(
      "the queue to be empty",
      async () => (await service.depth("CALL_REQUESTS_QUEUE_URL")) === 0,
    );
    const dials = service.stack.simulator
      .contacts()
      .filter(({ attributes }) => attributes["attemptId"]?.startsWith("api-again#"));
    expect(dials).toHaveLength(1);
  });

  it("lists a campaign page by page, sets attributes of what waits, and stops it", async () => {
    const campaignId = "spring & été";
    const notBefore = new Date(Date.now() + 3_600_000).toISOString();
    const requests = Array.from({ length: 25 }, (_, index) => ({
      requestId: `api-c-${index}`,
      ...call,
      campaignId,
      notBefore,
    }));
    expect(await ask("POST", "/call-requests", requests)).toMatchObject({ status: 202 });
    const walk = async (query: string) => {
      const found: string[] = [];
      for (let target: string | undefined = `/call-requests?${query}`; target !== undefined; ) {
        const { status, headers, body } = await ask("GET", target);
        expect(status).toBe(200);
        const { callRequests } = v.parse(pageSchema, body);
        found.push(...callRequests.map(({ requestId }) => requestId));
        const [, next] = /^<(.+)>/.exec(headers.get("link") ?? "") ?? [];
        target = next && `/call-requests${next}`;
      }
      return found.sort();
    };
    const filter = `campaignId=${encodeURIComponent(campaignId)}`;
    const all = requests.map(({ requestId }) => requestId).sort();
    await service.waitFor(
      "all to be on record",
      async () => (await walk(`${filter}&limit=100`)).length === 25,
    );
    expect(await walk(`${filter}&limit=4`)).toEqual(all);
    expect((await walk("state=deferred&limit=7")).filter((requestId) => all.includes(requestId))).toEqual(
      all,
    );

    const patch = await ask("PATCH", "/call-requests/api-c-7/attributes", { attributes: { language: "fr" } });
    expect(patch).toMatchObject({ status: 202 });
    await service.waitFor("the attribute to be on record", async () =>
      JSON.stringify(await service.record("api-c-7")).includes('"language"'),
    );

    expect(await ask("POST", "/call-requests/api-c-7/stop", { reason: "paid" })).toMatchObject({
      status: 202,
    });
    await service.waitFor("api-c-7 to be cancelled", async () => (await stateOf("api-c-7")) === "cancelled");
    expect((await ask("GET", "/call-requests/api-c-7")).body).toMatchObject({ reason: "stopped: paid" });

    expect(await ask("POST", `/campaigns/${encodeURIComponent(campaignId)}/stop`)).toMatchObject({
      status: 202,
    });
    await service.waitFor(
      "all to be cancelled",
      async () => (await walk(`${filter}&state=cancelled`)).length === 25,
    );
  });

  it("refuses what is unfit, and puts nothing into a queue", async () => {
    const { status, headers, body } = await ask("POST", "/call-requests", {
      requestId: "api-9",
      destination: "secret",
    });
    expect([status, headers.get("content-type")]).toEqual([422, "application/problem+json"]);
    expect(JSON.stringify(body)).not.toContain("secret");
    expect(await ask("GET", "/call-requests?limit=0")).toMatchObject({ status: 400 });
    expect(await stateOf("api-9")).toBeUndefined();
    expect(service.logs()).not.toMatch(/5550100|secret/);
  });
});
