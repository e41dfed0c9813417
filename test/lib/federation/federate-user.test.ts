import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { FederationWorld, federationRefusals, tokenOf } from "../../support/federation-world.ts";

const signatureOf = (userArn: string) => ({ iam: { userArn, accountId: "111122223333" } });
const ana = tokenOf({ preferred_username: "ana", sub: "1" });

let world: FederationWorld;
beforeEach(() => {
  world = new FederationWorld(["ana", "eva@example.com"]);
});

describe("whoever has signed in", () => {
  it("gets a pass of Connect's, which nothing on the way may keep", async () => {
    const answer = await world.ask(ana, { accept: "application/json" });
    expect(answer).toMatchObject({ status: 200, body: world.federation.passes[0] });
    expect(answer.headers).toMatchObject({ "cache-control": "no-store", "content-type": "application/json" });
    expect(world.told).toEqual(["signed-in"]);
  });

  it("is sent to Connect, if in a browser, and the credentials stay behind", async () => {
    const answer = await world.ask(ana, { accept: "text/html,application/xhtml+xml,*/*;q=0.8" });
    expect(answer).toMatchObject({ status: 302, body: undefined });
    expect(answer.headers).toMatchObject({
      location: world.federation.passes[0]?.signInUrl,
      "cache-control": "no-store",
    });
    expect(JSON.stringify(answer)).not.toContain("token");
  });

  it.each([
    [undefined, 200],
    ["*/*", 200],
    ["text/html;q=0.5, application/json", 200],
    ["application/json;q=0.5, text/html", 302],
    ["text/html;q=0, */*", 200],
  ])("and accepts %s gets %i", async (accept, status) => {
    expect(await world.ask(ana, { accept })).toMatchObject({ status });
  });
});

describe("the name", () => {
  it.each([
    ["of a token's claim", ana, {}, "ana"],
    [
      "of another claim, where one is set",
      tokenOf({ email: "eva@example.com" }),
      { claim: "email" },
      "eva@example.com",
    ],
    ["of a role's session", signatureOf("arn:aws:sts::111122223333:assumed-role/people/ana"), {}, "ana"],
    ["of an IAM user with a path", signatureOf("arn:aws:iam::111122223333:user/sales/west/ana"), {}, "ana"],
    ["in another partition", signatureOf("arn:aws-us-gov:iam::111122223333:user/ana"), {}, "ana"],
  ] as const)("is that %s", async (_, authorizer, asked, username) => {
    expect(await world.ask(authorizer, asked)).toMatchObject({ status: 200 });
    expect(world.federation.asked).toEqual([username]);
  });

  it.each([
    ["nothing", undefined],
    ["a token without the claim", tokenOf({ sub: "ana", email: "ana" })],
    ["a list of names", tokenOf({ preferred_username: "[ana eva@example.com]" })],
    ["a claim that is no text", tokenOf({ preferred_username: ["ana"] })],
    ["the root user", signatureOf("arn:aws:iam::111122223333:root")],
    ["a federated user of STS", signatureOf("arn:aws:sts::111122223333:federated-user/ana")],
    ["what is no ARN", signatureOf("ana")],
  ])("cannot be had of %s, and nobody is asked", async (_, authorizer) => {
    expect(await world.ask(authorizer)).toMatchObject({ status: 403, body: { title: "Nobody to sign in" } });
    expect(world.federation.asked).toEqual([]);
    expect(world.told).toEqual(["nobody"]);
  });

  it.each([
    "",
    "a",
    "a".repeat(65),
    "ana\n",
    "ana\r\nx-evil: 1",
    "../ana",
    "ana/../eva@example.com",
    "ana#",
    "ana?x=1",
    "ana%2f",
    "a na",
    "ana\u0000",
    "аna",
    "ana:",
    "*",
  ])("is none that a session cannot have: %j", async (name) => {
    const answers = [
      await world.ask(tokenOf({ preferred_username: name })),
      await world.ask(signatureOf(`arn:aws:iam::111122223333:user/${name}`)),
    ];
    // In an ARN a name begins after the last slash, which no name holds.
    const [byToken, bySignature] = answers.map(({ status }) => status);
    expect(byToken).toBe(403);
    if (!name.includes("/")) expect(bySignature).toBe(403);
    expect(JSON.stringify(answers)).not.toContain("evil");
  });

  it("that Connect is asked for is always the caller's own, whole", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.stringMatching(/^[\w+=,.@-]{2,64}$/)), async (name) => {
        world.federation.asked.length = 0;
        const { status } = await world.ask(tokenOf({ preferred_username: name }));
        expect(world.federation.asked).toEqual(status === 403 ? [] : [name]);
      }),
    );
  });
});

describe("who cannot be signed in", () => {
  it.each(federationRefusals)("is told what to do: %s", async (refusal, status) => {
    world.federation.fails = refusal;
    const answer = await world.ask(ana, { accept: "text/html" });
    expect(answer).toMatchObject({ status, body: { status, detail: expect.stringMatching(/\.$/) } });
    expect(answer.headers).toMatchObject({
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(refusal === "busy" && { "retry-after": "5" }),
    });
    expect(world.told).toEqual([refusal]);
    expect(JSON.stringify(answer.body)).not.toMatch(/\bana\b|arn:|assume/i);
  });

  it("has to wait while nobody can be reached, and is told nothing of why", async () => {
    world.federation.fails = new Error("ana: secret");
    const answer = await world.ask(ana);
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
    expect(JSON.stringify(answer)).not.toContain("secret");
  });

  it("is told that there is no federation, where there is no role for it", async () => {
    expect(await world.ask(ana, { isOff: true })).toMatchObject({
      status: 404,
      body: { title: "No federation" },
    });
    expect(world.told).toEqual(["off"]);
  });
});
