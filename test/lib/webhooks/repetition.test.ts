import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../../lib/http/http.ts";
import { type AcceptSteps, acceptWebhook } from "../../../lib/webhooks/accept-webhook.ts";
import { aCall, aWebhook, aWorld } from "../../support/webhook-world.ts";

/** Five webhooks of three sources, which leave out all that may be left out. */
const webhooks: HttpRequest[] = [
  aWebhook("ours", { body: { ...aCall, requestId: "r-1" } }),
  aWebhook("ours", {
    body: {
      messages: [
        { type: "stop-request", requestId: "r-1" },
        { ...aCall, requestId: "r-2" },
      ],
    },
  }),
  aWebhook("standard", { id: "wh-1", body: { type: "stop-request", campaignId: "spring" } }),
  aWebhook("standard", { id: "wh-2", body: { type: "stop-request", campaignId: "spring" } }),
  aWebhook("timed", { body: { type: "attribute-update", requestId: "r-2", attributes: { tier: "gold" } } }),
];

/** What each of them puts into the queues when nothing goes wrong. */
const alone = await Promise.all(
  webhooks.map(async (webhook) => {
    const world = aWorld();
    expect(await world.accept(webhook)).toMatchObject({ kind: "accepted" });
    return world.intake.messages;
  }),
);
const bodies = (messages: { body: string }[]) => messages.map(({ body }) => body).toSorted();

/** The worker dies at its nth touch of the outside: before anything came of it, or after. */
function dyingAt(nth: number, when: "before" | "after", steps: AcceptSteps): AcceptSteps {
  let touched = 0;
  const mortal =
    <Args extends unknown[], Result>(touch: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      touched += 1;
      const dies = touched === nth;
      if (dies && when === "before") throw new Error("killed");
      const result = await touch(...args);
      if (dies) throw new Error("killed");
      return result;
    };
  const { secrets, webhooks, intake } = steps;
  return {
    ...steps,
    secrets: { of: mortal((source) => secrets.of(source)), again: mortal((source) => secrets.again(source)) },
    webhooks: {
      find: mortal((key, now) => webhooks.find(key, now)),
      remember: mortal((webhook, now) => webhooks.remember(webhook, now)),
    },
    intake: { put: mortal((messages) => intake.put(messages)) },
  };
}

describe("webhooks", () => {
  it("put their messages into the queues once, in whatever order and however often they come", async () => {
    const deliveries = fc.array(fc.nat(webhooks.length - 1), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(deliveries, async (order) => {
        const world = aWorld();
        for (const index of order) {
          const { status } = await world.post(webhooks[index] ?? aWebhook("nobody"));
          expect(status).toBe(202);
        }
        const came = [...new Set(order)].flatMap((index) => alone[index] ?? []);
        expect(bodies(world.intake.messages)).toEqual(bodies(came));
      }),
    );
  });

  it("lose nothing and invent nothing when the worker dies at any point and they come again", async () => {
    for (const [index, webhook] of webhooks.entries()) {
      for (const nth of [1, 2, 3, 4]) {
        for (const when of ["before", "after"] as const) {
          const world = aWorld();
          await expect(acceptWebhook(webhook, dyingAt(nth, when, world.steps))).rejects.toThrow();

          const repeated = await world.post(webhook);

          expect(repeated.status).toBe(202);
          // The queues may hold a message twice, but then it is the same to the letter.
          expect(new Set(bodies(world.intake.messages))).toEqual(new Set(bodies(alone[index] ?? [])));
          const isTwice = nth === 3 && when === "after" ? 2 : 1;
          const most = (alone[index]?.length ?? 0) * (nth === 4 && when === "before" ? 2 : isTwice);
          expect(world.intake.messages.length).toBeLessThanOrEqual(most);
        }
      }
    }
  });

  it("that come twice at once are answered alike, and make the same messages", async () => {
    for (const [index, webhook] of webhooks.entries()) {
      const world = aWorld();
      const [one, other] = await Promise.all([world.post(webhook), world.post(webhook)]);
      expect(one).toEqual(other);
      expect(new Set(bodies(world.intake.messages))).toEqual(new Set(bodies(alone[index] ?? [])));
    }
  });
});
