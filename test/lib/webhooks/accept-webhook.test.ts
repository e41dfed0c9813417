import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { minutes, seconds } from "../../support/builders.ts";
import { IntakeInMemory } from "../../support/intake-in-memory.ts";
import { aCall, aWebhook, aWorld, now, secretOf } from "../../support/webhook-world.ts";

let world: ReturnType<typeof aWorld>;
beforeEach(() => {
  world = aWorld();
});

describe("each sample webhook", () => {
  const directory = "events/webhooks";
  for (const file of readdirSync(directory)) {
    const sample = JSON.parse(readFileSync(join(directory, file), "utf8"));
    it(`${file} is answered and queued as it says`, async () => {
      const { source, headers, body, answer, queued } = sample;
      const { status, body: said } = await world.post(aWebhook(source, { headers, body }));
      const { status: expected, ...rest } = answer;
      expect(status).toBe(expected);
      expect(said).toMatchObject(rest);
      expect(world.queued()).toHaveLength(queued.length);
      expect(world.queued()).toMatchObject(queued);
    });
  }
});

describe("a webhook", () => {
  it("is taken from every form of signature", async () => {
    for (const source of ["ours", "standard", "github", "timed"])
      expect(await world.accept(aWebhook(source))).toMatchObject({ kind: "accepted" });
  });

  it("of a source that nobody knows is not found", async () => {
    expect((await world.post(aWebhook("nobody"))).status).toBe(404);
    expect(world.reads()).toBe(0);
  });

  it("may be signed with either of two secrets", async () => {
    world.parameters.set("/test/ours", JSON.stringify({ secrets: ["the-former-secret", secretOf("ours")] }));
    const former = aWebhook("ours", { secret: "the-former-secret", at: now - 1000 });
    expect(await world.accept(former)).toMatchObject({ kind: "accepted" });
    expect(await world.accept(aWebhook("ours"))).toMatchObject({ kind: "accepted" });
  });

  it("is not taken where its source has no secret that can be used", async () => {
    for (const unusable of [undefined, "", "too-short", "{}", '{"secrets":[]}', '{"secrets":["short"]}']) {
      if (unusable === undefined) world.parameters.delete("/test/ours");
      else world.parameters.set("/test/ours", unusable);
      const { status, headers } = await world.post(aWebhook("ours"));
      expect({ status, again: headers?.["retry-after"] }).toEqual({ status: 503, again: "60" });
    }
    expect(world.intake.messages).toEqual([]);
  });

  it("is answered in the same words whatever is wrong with its signature, and the log is told", async () => {
    const good = aWebhook("ours");
    const header = "x-contact-automation-signature";
    const { [header]: signature = "", ...others } = good.headers;
    const wrong = {
      missing: { ...good, headers: others },
      malformed: { ...good, headers: { ...others, [header]: `${signature},x` } },
      "too-old": aWebhook("ours", { at: now - minutes(5) - 1000 }),
      "too-new": aWebhook("ours", { at: now + minutes(5) + 1000 }),
      "no-match": aWebhook("ours", { secret: "not the secret at all" }),
    };
    const answers = new Set<string>();
    for (const [why, request] of Object.entries(wrong)) {
      expect(await world.accept(request)).toEqual({ kind: "refused", why });
      answers.add(JSON.stringify(await world.post(request)));
    }
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain('"status":401');
  });

  it("is taken at both edges of the window", async () => {
    for (const at of [now - minutes(5), now + minutes(5)])
      expect(await world.accept(aWebhook("ours", { at }))).toMatchObject({ kind: "accepted" });
  });

  it("is measured before it is looked at", async () => {
    const large = { ...aWebhook("form"), body: Buffer.alloc(16_385) };
    expect(await world.post(large)).toMatchObject({ status: 413 });
    expect(world.reads()).toBe(0);
  });

  it("has to be of a type that its source sends", async () => {
    for (const type of [
      "text/plain",
      "application/json, text/html",
      "",
      "application/json; charset=latin1",
    ]) {
      const answer = await world.post(aWebhook("ours", { headers: { "content-type": type } }));
      expect(answer).toMatchObject({ status: 415, headers: { "accept-post": "application/json" } });
    }
    const zipped = aWebhook("ours", { headers: { "content-encoding": "gzip" } });
    expect(await world.post(zipped)).toMatchObject({ status: 415 });
  });

  it("has to be JSON, once only and to the letter", async () => {
    const bodies = {
      "not-json": "{",
      "not-utf8": Buffer.from([0x22, 0xff, 0x22]),
      "byte-order-mark": '\uFEFF{"type":"call-request"}',
      "repeated-key": '{"type":"call-request","\\u0074ype":"stop-request"}',
      "forbidden-key": '{"a":[{"__proto__":{"x":1}}]}',
      "too-deep": `${"[".repeat(33)}${"]".repeat(33)}`,
    };
    for (const [why, body] of Object.entries(bodies)) {
      expect(await world.accept(aWebhook("ours", { body }))).toEqual({ kind: "unreadable", why });
      expect(await world.post(aWebhook("ours", { body }))).toMatchObject({ status: 400 });
    }
  });

  it("in a form has each field once, and readable", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const bodies = {
      "repeated-key": "phone=1&%70hone=2",
      "forbidden-key": "__proto__=1",
      "not-a-form": "phone=%zz",
    };
    for (const [why, body] of Object.entries(bodies))
      expect(await world.accept(aWebhook("form", { headers, body }))).toEqual({ kind: "unreadable", why });
  });

  it("with one message that is not fit puts none into a queue, and says which", async () => {
    const body = { messages: [aCall, { type: "attribute-update" }, { ...aCall, requestId: "#" }, "x"] };
    const { status, body: said } = await world.post(aWebhook("ours", { body }));
    expect(status).toBe(422);
    expect(JSON.stringify(said)).toMatch(/messages\[1\].*messages\[2\].*messages\[3\]\.type/);
    expect(JSON.stringify(said)).not.toContain("5550100");
    expect(world.intake.messages).toEqual([]);
  });

  it("cannot command users", async () => {
    const body = { type: "user-command", commandId: "c-1", username: "ana", delete: true };
    const { status, body: said } = await world.post(aWebhook("ours", { body }));
    expect(status).toBe(422);
    expect(JSON.stringify(said)).toContain(
      "type must be one of call-request, stop-request, attribute-update",
    );
    expect(world.intake.messages).toEqual([]);
  });

  it("has 1 to 100 messages", async () => {
    const many = (count: number) => ({
      messages: Array.from({ length: count }, (_, index) => ({ ...aCall, requestId: `r-${index}` })),
    });
    expect(await world.post(aWebhook("ours", { body: many(101) }))).toMatchObject({ status: 422 });
    expect(await world.post(aWebhook("ours", { body: many(0) }))).toMatchObject({ status: 422 });
    expect(await world.post(aWebhook("ours", { body: many(100) }))).toMatchObject({ status: 202 });
    expect(world.intake.messages).toHaveLength(100);
  });

  it("gives the messages what they leave out, the same each time", async () => {
    const body = {
      messages: [
        { type: "stop-request", requestId: "r-1" },
        { type: "attribute-update", requestId: "r-1", attributes: { tier: "gold" } },
      ],
    };
    const first = await world.post(aWebhook("ours", { body, at: now - 1500 }));
    const elsewhere = aWorld();
    elsewhere.advance(seconds(30));
    expect(await elsewhere.post(aWebhook("ours", { body, at: now - 1500 }))).toEqual(first);
    expect(elsewhere.queued()).toEqual(world.queued());
    expect(world.queued()[1]).toMatchObject({ occurredAt: "2026-11-25T11:59:58.000Z" });
  });

  it("gives each message an id of its own, and so does another webhook", async () => {
    const body = {
      messages: [
        { type: "stop-request", requestId: "r-1" },
        { type: "stop-request", requestId: "r-1" },
      ],
    };
    for (const id of ["wh-1", "wh-2"]) await world.post(aWebhook("standard", { body, id }));
    expect(new Set(world.intake.messages.map(({ id }) => id)).size).toBe(4);
  });

  it("that does not say when has to say of an update when it became so", async () => {
    const body = { type: "attribute-update", requestId: "r-1", attributes: { tier: "gold" } };
    const { status, body: said } = await world.post(aWebhook("github", { body }));
    expect({ status, said }).toMatchObject({
      status: 422,
      said: { errors: ["messages[0].occurredAt is missing"] },
    });
  });
});

describe("a mapping that is shipped", () => {
  const missing = {
    salesforce: { action: "call", case: { phone: "+12065550100" } },
    form: { phone: "+12065550100", consent: true },
    hubspot: [
      {
        subscriptionType: "ticket.propertyChange",
        portalId: 1,
        propertyName: "callback_number",
        propertyValue: "+12065550100",
        occurredAt: now,
      },
    ],
  };
  for (const [source, body] of Object.entries(missing)) {
    it(`makes no requestId of nothing: ${source}`, async () => {
      const { status, body: said } = await world.post(aWebhook(source, { body }));
      expect(status).toBe(422);
      expect(JSON.stringify(said)).toContain("requestId");
    });
  }
});

describe("the mapping of Salesforce", () => {
  it("empties the priority that a case no longer has", async () => {
    const body = {
      action: "update",
      case: { id: "1", priority: null, modifiedAt: "2026-11-25T09:00:00.000Z" },
    };
    expect((await world.post(aWebhook("salesforce", { body }))).status).toBe(202);
    expect(world.queued()).toMatchObject([{ attributes: { priority: "" } }]);
  });
});

describe("the same webhook again", () => {
  const sources = ["ours", "standard", "github", "timed"];

  it("is acknowledged in the same words, and nothing is queued", async () => {
    for (const source of sources) {
      const world = aWorld();
      const first = await world.post(aWebhook(source));
      world.advance(minutes(4));
      expect(await world.post(aWebhook(source))).toEqual(first);
      expect(await world.accept(aWebhook(source))).toMatchObject({ kind: "repeated" });
      expect(world.intake.messages).toHaveLength(1);
    }
  });

  it("is the same where the sender signs it anew but gives it the same id", async () => {
    await world.post(aWebhook("standard"));
    world.advance(minutes(60));
    expect(await world.accept(aWebhook("standard", { at: now + minutes(60) }))).toMatchObject({
      kind: "repeated",
    });
  });

  it("with another body is a conflict", async () => {
    for (const source of ["standard", "github"]) {
      const world = aWorld();
      await world.post(aWebhook(source));
      const other = aWebhook(source, { body: { ...aCall, requestId: "r-2" } });
      expect(await world.post(other)).toMatchObject({ status: 409 });
      expect(world.intake.messages).toHaveLength(1);
    }
  });

  it("needs an id where its source is said to give one", async () => {
    for (const id of ["", "with space", "x".repeat(257)]) {
      expect(await world.post(aWebhook("github", { id }))).toMatchObject({ status: 400 });
    }
  });

  it("is a webhook of its own at another source", async () => {
    await world.post(aWebhook("standard"));
    expect(await world.accept(aWebhook("github"))).toMatchObject({ kind: "accepted" });
  });

  it("is taken in full when the queues took only a part of it", async () => {
    const refused = new Set(["r-2"]);
    const intake = new IntakeInMemory({ refuses: ({ id }) => refused.has(id) });
    const world = aWorld({ intake });
    const body = { messages: [aCall, { ...aCall, requestId: "r-2" }] };
    const { status, headers } = await world.post(aWebhook("ours", { body }));
    expect({ status, again: headers?.["retry-after"] }).toEqual({ status: 503, again: "5" });

    refused.clear();
    expect(await world.post(aWebhook("ours", { body }))).toMatchObject({ status: 202 });
    expect(new Set(intake.messages.map(({ id }) => id))).toEqual(new Set(["r-1", "r-2"]));
  });
});
