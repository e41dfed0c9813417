import { beforeEach, describe, expect, it } from "vitest";
import type { Subscriber } from "../../lib/subscribers/subscriber.ts";
import type { Subscribers } from "../../lib/subscribers/subscribers.ts";
import { aSubscriber, minutes } from "./builders.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
const iso = (at: number) => new Date(at).toISOString();
let ids = 0;

/** What the stories rely on, of the table and of whatever stands in for it. */
export function subscribersContract(make: () => Subscribers): void {
  describe("keeps the promises of the table subscribers", () => {
    let subscribers: Subscribers;
    let subscriberId: string;
    const found = async () => (await subscribers.look([subscriberId])).get(subscriberId);
    const present = async (): Promise<Subscriber> => {
      const subscriber = await found();
      if (!subscriber) throw new Error("there is no such subscriber");
      return subscriber;
    };

    beforeEach(async () => {
      subscribers = make();
      ids += 1;
      subscriberId = `contract-${ids}`;
      expect(await subscribers.add(aSubscriber({ subscriberId }))).toBe(true);
    });

    it("keeps what was added, and adds an id once", async () => {
      const filter = { state: ["ended", "parked"], outcome: ["busy"] };
      const other = aSubscriber({ subscriberId: `${subscriberId}-other`, filter });
      expect(await subscribers.add(other)).toBe(true);
      expect(await subscribers.add({ ...other, url: "https://elsewhere.example/" })).toBe(false);
      expect((await subscribers.look([other.subscriberId])).get(other.subscriberId)).toEqual(other);
      expect((await subscribers.all()).map((one) => one.subscriberId)).toEqual(
        expect.arrayContaining([subscriberId, other.subscriberId]),
      );
    });

    it("leaves out who is not there", async () => {
      const looked = await subscribers.look(["nobody", subscriberId, ...many(120)]);
      expect([...looked.keys()]).toEqual([subscriberId]);
    });

    it("removes once", async () => {
      expect(await subscribers.remove(subscriberId)).toBe(true);
      expect(await subscribers.remove(subscriberId)).toBe(false);
      expect(await found()).toBeUndefined();
    });

    it("counts failures from the first of a row, and forgets them with a success", async () => {
      await subscribers.failed(subscriberId, "it answered 500", now);
      const second = await subscribers.failed(subscriberId, "it answered 503", now + minutes(1));
      expect(second).toMatchObject({ failures: 2, failingSince: iso(now), lastFailure: "it answered 503" });
      await subscribers.hold(await present(), now + minutes(5));

      await subscribers.succeeded(subscriberId);

      const after = await present();
      expect(after.failures).toBe(0);
      expect(after).not.toHaveProperty("failingSince");
      expect(after).not.toHaveProperty("heldUntil");
      const third = await subscribers.failed(subscriberId, "again", now + minutes(9));
      expect(third).toMatchObject({ failures: 1, failingSince: iso(now + minutes(9)) });
    });

    it("counts each of twenty failures at once", async () => {
      await Promise.all(many(20).map(() => subscribers.failed(subscriberId, "it answered 500", now)));
      expect((await present()).failures).toBe(20);
    });

    it("gives the probe to one of those who have seen the same", async () => {
      const closed = await present();
      const opened = await Promise.all(
        many(5).map((_, index) => subscribers.hold(closed, now + minutes(index + 1))),
      );
      expect(opened.filter(Boolean)).toHaveLength(1);
      const open = await present();
      expect(await subscribers.hold(closed, now + minutes(7))).toBe(false);
      const probes = await Promise.all(
        many(5).map((_, index) => subscribers.hold(open, now + minutes(index + 11))),
      );
      expect(probes.filter(Boolean)).toHaveLength(1);
      await subscribers.succeeded(subscriberId);
      expect(await subscribers.hold(open, now)).toBe(false);
    });

    it("disables and enables once each, and begins anew when it is enabled", async () => {
      await subscribers.failed(subscriberId, "it answered 500", now);
      await subscribers.hold(await present(), now + minutes(5));
      expect(await subscribers.disable(subscriberId, "it answered 410 Gone", now)).toBe(true);
      expect(await subscribers.disable(subscriberId, "another", now)).toBe(false);
      expect(await found()).toMatchObject({
        status: "disabled",
        since: iso(now),
        reason: "it answered 410 Gone",
      });

      expect(await subscribers.enable(subscriberId, now + minutes(1))).toBe(true);
      expect(await subscribers.enable(subscriberId, now + minutes(2))).toBe(false);

      const { lastFailure, ...enabled } = await present();
      expect(enabled).toEqual(aSubscriber({ subscriberId, since: iso(now + minutes(1)) }));
      expect(lastFailure).toBe("it answered 500");
    });

    it("brings nobody back who was removed", async () => {
      const seen = await present();
      await subscribers.remove(subscriberId);
      expect(await subscribers.failed(subscriberId, "it answered 500", now)).toBeUndefined();
      await subscribers.succeeded(subscriberId);
      expect(await subscribers.hold(seen, now)).toBe(false);
      expect(await subscribers.hold({ ...seen, heldUntil: iso(now) }, now)).toBe(false);
      expect(await subscribers.disable(subscriberId, "gone", now)).toBe(false);
      expect(await subscribers.enable(subscriberId, now)).toBe(false);
      expect(await found()).toBeUndefined();
    });
  });
}

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `no-${index}`);
