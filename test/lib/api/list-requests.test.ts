import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { cursorOf } from "../../../lib/api/cursor.ts";
import { campaignKeyOf } from "../../../lib/contacts/record-keys.ts";
import { ApiWorld } from "../../support/api-world.ts";

let api: ApiWorld;
beforeEach(() => {
  api = new ApiWorld();
});

interface Page {
  callRequests: { requestId: string }[];
  next?: string;
}
const pageOf = async (target: string) => {
  const answer = await api.get(target);
  expect(answer.status).toBe(200);
  return { ...(answer.body as Page), link: answer.headers["link"] };
};

/** Page by page along the links, as a client goes. */
async function walk(query: string): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let pages = 0;
  let target: string | undefined = `/call-requests?${query}`;
  while (target !== undefined) {
    const { callRequests, next, link } = await pageOf(target);
    ids.push(...callRequests.map(({ requestId }) => requestId));
    pages += 1;
    const [, reference] = /^<(\?[^>]+)>; rel="next"$/.exec(String(link)) ?? [];
    expect(reference === undefined).toBe(next === undefined);
    target = reference && `/call-requests${reference}`;
  }
  return { ids: ids.sort(), pages };
}

describe("a list of call requests", () => {
  it("has what is asked for, page by page", async () => {
    for (let index = 0; index < 5; index += 1)
      await api.record(`r-${index}`, { campaignId: "spring & summer" });
    await api.record("other", { state: "refused" });
    expect(await walk("limit=2")).toEqual({ ids: ["other", "r-0", "r-1", "r-2", "r-3", "r-4"], pages: 3 });
    expect((await walk("state=refused")).ids).toEqual(["other"]);
    expect((await walk(`campaignId=${encodeURIComponent("spring & summer")}&limit=1`)).ids).toHaveLength(5);
    expect((await walk("campaignId=winter")).ids).toEqual([]);
  });

  it("has each request exactly once, whatever the pages and the filter", async () => {
    const requests = fc.uniqueArray(
      fc.record({
        requestId: fc.stringMatching(/^[a-zA-Z0-9._:-]{1,12}$/),
        state: fc.constantFrom("deferred" as const, "refused" as const),
        campaignId: fc.constantFrom(undefined, "spring", "ücampaign#&"),
      }),
      { selector: ({ requestId }) => requestId, maxLength: 60 },
    );
    const query = fc.record({
      state: fc.constantFrom(undefined, "deferred", "refused", "ended"),
      campaignId: fc.constantFrom(undefined, "spring", "ücampaign#&"),
      limit: fc.integer({ min: 1, max: 100 }),
    });
    await fc.assert(
      fc.asyncProperty(requests, query, async (known, { state, campaignId, limit }) => {
        api = new ApiWorld();
        for (const { requestId, ...fields } of known) await api.record(requestId, fields);
        await api.record(campaignKeyOf("spring"), { state: "cancelled" });
        const asked = new URLSearchParams({
          limit: String(limit),
          ...(state !== undefined && { state }),
          ...(campaignId !== undefined && { campaignId }),
        });
        const wanted = known.filter(
          (one) =>
            (state === undefined || one.state === state) &&
            (campaignId === undefined || one.campaignId === campaignId),
        );
        expect((await walk(asked.toString())).ids).toEqual(wanted.map(({ requestId }) => requestId).sort());
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  it("reads no more than 2,000 records for one page, which may be empty and have a next one", async () => {
    for (let index = 0; index < 2_100; index += 1) await api.record(`r-${String(index).padStart(4, "0")}`);
    await api.record("z-last", { state: "refused" });
    const first = await pageOf("/call-requests?state=refused");
    expect(first.callRequests).toEqual([]);
    expect(first.next).toBeDefined();
    const second = await pageOf(`/call-requests?state=refused&cursor=${first.next}`);
    expect(second.callRequests).toMatchObject([{ requestId: "z-last" }]);
    expect(second).not.toHaveProperty("next");
  });

  it.each([
    "limit=0",
    "limit=101",
    "limit=1.5",
    "limit=",
    "state=gone",
    "state=",
    "campaignId=",
    `campaignId=${"x".repeat(101)}`,
    "colour=red",
    "cursor=",
    "cursor=AAAA",
  ])("is not made for %s", async (query) => {
    expect(await api.get(`/call-requests?${query}`)).toMatchObject({ status: 400, body: { status: 400 } });
  });

  it("goes on only with a cursor as it was given, and with the same filter", async () => {
    for (let index = 0; index < 5; index += 1) await api.record(`r-${index}`, { campaignId: "spring" });
    const { next = "" } = await pageOf("/call-requests?campaignId=spring&limit=1");
    expect(next).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(await api.get(`/call-requests?campaignId=spring&limit=9&cursor=${next}`)).toMatchObject({
      status: 200,
    });
    for (const query of ["", "campaignId=summer", "campaignId=spring&state=deferred", "state=deferred"])
      expect(await api.get(`/call-requests?${query}&cursor=${next}`)).toMatchObject({ status: 400 });

    const characters = "ABCXYZabcxyz019_-=+/.% ";
    await fc.assert(
      fc.asyncProperty(
        fc.nat(next.length),
        fc.constantFrom(0, 1),
        fc.constantFrom(...characters),
        async (at, cut, put) => {
          const tampered = `${next.slice(0, at)}${put}${next.slice(at + cut)}`;
          fc.pre(tampered !== next);
          const answer = await api.get(
            `/call-requests?campaignId=spring&cursor=${encodeURIComponent(tampered)}`,
          );
          expect(answer).toMatchObject({ status: 400, body: { title: "Bad cursor" } });
        },
      ),
      { numRuns: 500, seed: 5 },
    );
  });

  it("links to the next page in the very form that signatures are over", async () => {
    const campaignId = "spring (north) 'a' *!~";
    for (let index = 0; index < 2; index += 1) await api.record(`r-${index}`, { campaignId });
    const { link } = await pageOf(`/call-requests?limit=1&campaignId=${encodeURIComponent(campaignId)}`);
    expect(link).toContain("campaignId=spring%20%28north%29%20%27a%27%20%2A%21~&cursor=");
  });

  it.each([
    ["longer than a key can be", "x".repeat(2_049)],
    ["no text", "r-\ud800"],
  ])("does not go on behind what is %s", async (_, after) => {
    const forged = cursorOf({ part: 0, after }, {});
    expect(await api.get(`/call-requests?cursor=${forged}`)).toMatchObject({ status: 400 });
  });

  it("does not go on with a cursor of a part that there is not", async () => {
    const forged = cursorOf({ part: 16, after: "r-1" }, { campaignId: "spring" });
    expect(await api.get(`/call-requests?campaignId=spring&cursor=${forged}`)).toMatchObject({ status: 400 });
  });
});
