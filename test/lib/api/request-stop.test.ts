import { beforeEach, describe, expect, it } from "vitest";
import { ApiWorld } from "../../support/api-world.ts";
import { IntakeInMemory } from "../../support/intake-in-memory.ts";

let api: ApiWorld;
beforeEach(() => {
  api = new ApiWorld();
});

describe("a stop", () => {
  it("is in its queue once it is accepted, also of a request that nobody knows", async () => {
    expect(await api.post("/call-requests/r-1/stop")).toMatchObject({
      status: 202,
      body: { stopId: "id-1", requestId: "r-1" },
    });
    expect(api.queued()).toEqual([{ stopId: "id-1", requestId: "r-1" }]);
  });

  it("has the Idempotency-Key as its stopId, and a reason", async () => {
    const key = { "idempotency-key": "stop-1" };
    expect(await api.post("/call-requests/r-1/stop", { reason: "paid" }, key)).toMatchObject({ status: 202 });
    expect(api.queued()).toEqual([{ stopId: "stop-1", requestId: "r-1", reason: "paid" }]);
  });

  it("may be of a campaign, whatever its name", async () => {
    const answer = await api.post(`/campaigns/${encodeURIComponent("spring / été #1")}/stop`, {});
    expect(answer).toMatchObject({ status: 202, body: { campaignId: "spring / été #1" } });
    expect(api.queued()).toEqual([{ stopId: "id-1", campaignId: "spring / été #1" }]);
  });

  it.each([
    ["an id that is none", "/call-requests/a%20b/stop", undefined, {}, 400],
    ["a campaign with too long a name", `/campaigns/${"x".repeat(101)}/stop`, undefined, {}, 400],
    ["a query parameter", "/call-requests/r-1/stop?force=true", undefined, {}, 400],
    ["a body that is not JSON", "/call-requests/r-1/stop", "now", {}, 400],
    ["another media type", "/call-requests/r-1/stop", "{}", { "content-type": "text/plain" }, 415],
    ["a list as its body", "/call-requests/r-1/stop", [], {}, 422],
    ["another target in its body", "/call-requests/r-1/stop", { contactId: "c" }, {}, 422],
    ["a field of ours", "/campaigns/spring/stop", { shard: "0" }, {}, 422],
    ["a reason that is too long", "/call-requests/r-1/stop", { reason: "x".repeat(257) }, {}, 422],
    ["a key that is no id", "/call-requests/r-1/stop", undefined, { "idempotency-key": "a b" }, 422],
  ])("is refused with %s", async (_, target, body, headers: Record<string, string>, status) => {
    expect(await api.post(target, body, headers)).toMatchObject({ status, body: { status } });
    expect(api.queued()).toEqual([]);
  });

  it("is to be sent again when its queue does not take it", async () => {
    api = new ApiWorld({ intake: new IntakeInMemory({ refuses: () => true }) });
    expect(await api.post("/call-requests/r-1/stop")).toMatchObject({ status: 503 });
  });
});
