import { beforeEach, describe, expect, it } from "vitest";
import { iso } from "../../../lib/contacts/contacts.ts";
import { ApiWorld } from "../../support/api-world.ts";
import { IntakeInMemory } from "../../support/intake-in-memory.ts";

const target = "/call-requests/r-1/attributes";
const mergePatch = { "content-type": "application/merge-patch+json" };

let api: ApiWorld;
beforeEach(() => {
  api = new ApiWorld();
});

describe("an update of attributes", () => {
  it("is in its queue once it is accepted, as of now", async () => {
    const answer = await api.patch(target, { attributes: { language: "fr", note: "" } }, mergePatch);
    expect(answer).toMatchObject({ status: 202, body: { updateId: "id-1", requestId: "r-1" } });
    expect(api.queued()).toEqual([
      {
        updateId: "id-1",
        requestId: "r-1",
        attributes: { language: "fr", note: "" },
        occurredAt: iso(api.time),
      },
    ]);
  });

  it("has the Idempotency-Key as its updateId, and the moment at which it became so", async () => {
    const body = { attributes: { language: "fr" }, occurredAt: "2026-11-24T12:00:00+01:00" };
    await api.patch(target, body, { "idempotency-key": "update-1" });
    expect(api.queued()).toMatchObject([{ updateId: "update-1", occurredAt: "2026-11-24T11:00:00.000Z" }]);
  });

  it("cannot delete one, and says what to do instead", async () => {
    const { status, body } = await api.patch(
      target,
      { attributes: { language: null, case: "A-1" } },
      mergePatch,
    );
    expect(status).toBe(422);
    expect(body).toMatchObject({ errors: [expect.stringMatching(/attributes.language.*set it to ""/)] });
    expect(api.queued()).toEqual([]);
  });

  it.each([
    ["an id that is none", "/call-requests/a%20b/attributes", { attributes: { a: "b" } }, {}, 400],
    ["a query parameter", `${target}?a=b`, { attributes: { a: "b" } }, {}, 400],
    ["no body", target, undefined, {}, 415],
    ["a JSON patch", target, [], { "content-type": "application/json-patch+json" }, 415],
    ["a body that is not JSON", target, "{", {}, 400],
    ["no attributes", target, {}, {}, 422],
    ["no attribute among them", target, { attributes: {} }, {}, 422],
    ["a number as a value", target, { attributes: { a: 1 } }, {}, 422],
    ["a key that Connect does not take", target, { attributes: { "a b": "c" } }, {}, 422],
    ["the attribute that is ours", target, { attributes: { attemptId: "r-1#9" } }, {}, 422],
    ["a key that could do harm", target, '{"attributes":{"__proto__":"a"}}', {}, 400],
    ["a key twice", target, '{"attributes":{"a":"b","a":"c"}}', {}, 400],
    ["more than a message may be", target, { attributes: { a: "b".repeat(262_144) } }, {}, 413],
    ["an id in its body", target, { attributes: { a: "b" }, updateId: "u" }, {}, 422],
    ["a moment that is none", target, { attributes: { a: "b" }, occurredAt: "today" }, {}, 422],
    ["a key that is no id", target, { attributes: { a: "b" } }, { "idempotency-key": "a b" }, 422],
  ])("is refused with %s", async (_, path, body, headers: Record<string, string>, status) => {
    expect(await api.patch(path, body, headers)).toMatchObject({ status, body: { status } });
    expect(api.queued()).toEqual([]);
  });

  it("is to be sent again when its queue does not take it", async () => {
    api = new ApiWorld({ intake: new IntakeInMemory({ refuses: () => true }) });
    expect(await api.patch(target, { attributes: { a: "b" } })).toMatchObject({ status: 503 });
  });
});
