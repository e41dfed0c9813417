import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parametersOf } from "../../../lib/edge/parameters.ts";
import { secretsFrom } from "../../../lib/webhooks/secrets.ts";
import { seconds } from "../../support/builders.ts";
import { type ParameterStore, startParameterStore } from "../../support/parameter-store.ts";
import { aWebhook, aWorld } from "../../support/webhook-world.ts";

let store: ParameterStore;
let now: number;
beforeEach(async () => {
  store = await startParameterStore();
  now = Date.parse("2026-11-25T12:00:00Z");
});
afterEach(() => store.stop());

describe("the secrets of a source", () => {
  const worldOf = () => {
    const world = aWorld();
    world.steps.secrets = secretsFrom(
      parametersOf(store.client, () => now),
      "/test",
    );
    return world;
  };

  it("may be exchanged: a webhook with the new one is taken when the old one was read ten seconds ago", async () => {
    const world = worldOf();
    const send = (secret: string, at: number) => world.accept(aWebhook("ours", { secret, at }));
    store.parameters.set("/test/ours", "the-former-secret");
    expect(await send("the-former-secret", now - 1000)).toMatchObject({ kind: "accepted" });
    store.parameters.set("/test/ours", "the-present-secret");
    now += seconds(10);
    expect(await send("the-present-secret", now - 2000)).toMatchObject({ kind: "accepted" });
    expect(await send("the-former-secret", now - 3000)).toEqual({ kind: "refused", why: "no-match" });
  });

  it("are not read for each forged webhook", async () => {
    const world = worldOf();
    store.parameters.set("/test/ours", "the-present-secret");
    for (let forged = 0; forged < 200; forged += 1) {
      await world.accept(aWebhook("ours", { secret: "not the secret at all" }));
      now += 100;
    }
    expect(store.reads()).toBeLessThanOrEqual(3);
  });

  it("are none where there is no parameter, and that is not asked for each webhook either", async () => {
    const world = worldOf();
    for (let asked = 0; asked < 50; asked += 1)
      expect(await world.accept(aWebhook("ours"))).toEqual({ kind: "not-ready" });
    expect(store.reads()).toBe(1);
  });
});
