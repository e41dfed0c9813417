import { beforeEach, describe, expect, it } from "vitest";
import { iso } from "../../../lib/contacts/contacts.ts";
import { campaignKeyOf } from "../../../lib/contacts/record-keys.ts";
import { ApiWorld } from "../../support/api-world.ts";

let api: ApiWorld;
beforeEach(() => {
  api = new ApiWorld();
});

describe("a call request that is asked after", () => {
  it("is shown without whom it is for", async () => {
    await api.record("r-1", { campaignId: "spring", dueAt: iso(api.time) });
    const answer = await api.get("/call-requests/r-1");
    expect(answer).toMatchObject({
      status: 200,
      headers: { "cache-control": "private, no-cache", etag: expect.stringMatching(/^"1-/) },
      body: { requestId: "r-1", state: "deferred", attempt: 1, campaignId: "spring", revision: 1 },
    });
    expect(JSON.stringify(answer.body)).not.toContain("5550100");
  });

  it("is not sent again while it is the same", async () => {
    await api.record("r-1");
    const { etag } = (await api.get("/call-requests/r-1")).headers;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const answer = await api.get("/call-requests/r-1", { "If-None-Match": String(known) });
      expect(answer).toMatchObject({ status: 304, body: undefined, headers: { etag } });
    }
    expect(await api.get("/call-requests/r-1", { "If-None-Match": '"other"' })).toMatchObject({
      status: 200,
    });
  });

  it("is sent again once a stop is noted, which is no new revision", async () => {
    await api.record("r-1", { state: "dialling" });
    const { etag } = (await api.get("/call-requests/r-1")).headers;
    const stop = { to: "dialling", amend: true, quietly: true, set: { stopAt: iso(api.time) } } as const;
    await api.contacts.change({ requestId: "r-1", attempt: 1, ...stop }, api.time);
    const answer = await api.get("/call-requests/r-1", { "If-None-Match": String(etag) });
    expect(answer).toMatchObject({ status: 200, body: { revision: 1, stopAt: iso(api.time) } });
  });

  it("is not found when nothing is on record", async () => {
    expect(await api.get("/call-requests/r-2")).toMatchObject({
      status: 404,
      body: { title: "Unknown call request" },
    });
  });

  it.each(["a%20b", "%2B12065550100", "x".repeat(129), encodeURIComponent(campaignKeyOf("spring"))])(
    "is not looked for under %s, which is no requestId",
    async (requestId) => {
      await api.record(campaignKeyOf("spring"));
      expect(await api.get(`/call-requests/${requestId}`)).toMatchObject({
        status: 400,
        body: { title: "Bad path" },
      });
    },
  );

  it("may be asked after again when the table cannot be reached", async () => {
    const down = () => Promise.reject(new Error("no table"));
    api = new ApiWorld({ records: { look: down, stretch: down } });
    for (const target of ["/call-requests/r-1", "/call-requests", "/call-requests?campaignId=spring"])
      expect(await api.get(target)).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  });
});
