import { beforeEach, describe, expect, it } from "vitest";
import type { Pace, Pacer } from "../../lib/pacing/pacer.ts";

/**
 * What the stories rely on, of the pacer and of whatever stands in for it.
 * @param make a fresh pacer, and workers that share it
 */
export function pacerContract(make: (pace: Pace, now: () => number) => () => Pacer): void {
  describe("keeps the promises of the pacer", () => {
    const pace: Pace = { ratePerSecond: 50, burst: 5, activeCalls: 1_000 };
    let now: number;
    let worker: () => Pacer;
    const names = (count: number, prefix: string) =>
      Array.from({ length: count }, (_, index) => `${prefix}-${index}#1@x`);

    beforeEach(() => {
      now = Date.parse("2026-11-24T12:00:00Z");
      worker = make(pace, () => now);
    });

    it("never leases more calls than may be active, however many workers ask at once", async () => {
      const few = make({ ...pace, activeCalls: 7 }, () => now);
      const grants = await Promise.all(
        Array.from({ length: 6 }, (_, index) => few().take(names(3, `w${index}`), 60_000)),
      );
      expect(grants.flatMap(({ slots }) => slots)).toHaveLength(7);
      await few().release(
        grants.flatMap(({ slots }) => slots.map(({ lease }) => ({ lease, heldMs: 1_000 }))),
      );
      expect((await few().take(names(9, "after"), 60_000)).slots).toHaveLength(7);
    });

    it("takes a lease back once, however often it is given back, and none that is not there", async () => {
      await worker().release([{ lease: "nobody's" }]);
      const { slots } = await worker().take(names(2, "a"), 60_000);
      for (let time = 0; time < 3; time += 1) await worker().release([{ lease: slots[0]?.lease ?? "" }]);
      expect(await worker().leasesTakenBefore(now)).toEqual([]);
      now += 1;
      await worker().take(names(1, "b"), 60_000);
      expect(await worker().leasesTakenBefore(now)).toEqual([slots[1]?.lease]);
    });

    it("takes back none, or any number of leases at once", async () => {
      await worker().release([]);
      const leases = names(350, "a");
      for (let from = 0; from < leases.length; from += 10)
        await worker().take(leases.slice(from, from + 10), 600_000);
      await worker().release(leases.map((lease) => ({ lease })));
      now += 1;
      expect(await worker().leasesTakenBefore(now)).toEqual([]);
    });

    it("goes on where the last batch ended, be it of another worker or after a pause", async () => {
      const offsets = async (one: Pacer, count: number, prefix: string) =>
        (await one.take(names(count, prefix), 60_000)).slots.map(({ at }) => at - now);
      const first = worker();
      await offsets(first, 1, "a");
      now += 10_000;
      // Of a burst of five, a fifth is kept back.
      expect(await offsets(first, 6, "b")).toEqual([0, 0, 0, 0, 20, 40]);
      expect(await offsets(worker(), 2, "c")).toEqual([60, 80]);
      expect(await offsets(first, 2, "d")).toEqual([100, 120]);
    });

    it.each([["idle"], ["busy"]])(
      "gives an %s worker slots up to the horizon, and tells the others when to come",
      async (how) => {
        const one = worker();
        await one.take(names(1, "a"), 60_000);
        if (how === "idle") now += 10_000;
        const before = how === "idle" ? 0 : 1;
        const fit = await one.take(names(8 - before, "b"), 80);
        expect(fit).toMatchObject({ later: [], boundBy: "rate" });
        expect(fit.slots.at(-1)?.at).toBe(now + 80);

        const { slots, later, boundBy } = await one.take(names(5, "c"), 120);
        expect(slots.map(({ at }) => at - now)).toEqual([100, 120]);
        expect(later.map((at) => at - now)).toEqual([160, 180, 200]);
        expect(boundBy).toBe("rate");

        now += 10_000;
        const large = await one.take(names(8, "d"), 40);
        expect(large.slots.map(({ at }) => at - now)).toEqual([0, 0, 0, 0, 20, 40]);
        expect(large.later).toHaveLength(2);
      },
    );

    it("learns from calls how long they last, and nothing from leases on which nobody was called", async () => {
      const two = make({ ...pace, activeCalls: 2 }, () => now)();
      const firstLater = async (prefix: string) => {
        const { slots, later } = await two.take(names(4, prefix), 60_000);
        return { leases: slots.map(({ lease }) => lease), wait: (later[0] ?? 0) - now };
      };
      const { leases } = await firstLater("a");
      expect(leases).toHaveLength(2);
      now += 60_000;
      await two.release([
        { lease: leases[0] ?? "", heldMs: 4_000 },
        { lease: leases[1] ?? "", heldMs: 8_000 },
      ]);
      const next = await firstLater("b");
      now += 60_000;
      await two.release(next.leases.map((lease) => ({ lease })));
      // Two calls of six seconds each: every three seconds one of them ends.
      expect((await firstLater("c")).wait).toBe(3_000);
    });

    it.each([
      ["three calls' worth of a slow rate", 2, 1_500],
      ["a tenth of a second at least", 50, 100],
    ])("pushes everybody back by %s where the rate was too high", async (_, ratePerSecond, ms) => {
      const one = make({ ...pace, ratePerSecond }, () => now)();
      await one.take(names(1, "a"), 60_000);
      await one.pushBack("rate");
      expect((await one.take(names(1, "b"), 60_000)).slots.map(({ at }) => at - now)).toEqual([ms]);
    });

    it("pushes everybody back, and recovers", async () => {
      await worker().take(names(1, "a"), 60_000);
      await worker().pushBack("active-calls");
      await worker().pushBack("rate");
      expect((await worker().take(names(2, "b"), 60_000)).slots.map(({ at }) => at - now)).toEqual([
        3_000, 3_020,
      ]);
      now += 10_000;
      expect((await worker().take(names(2, "c"), 60_000)).slots.map(({ at }) => at - now)).toEqual([0, 0]);
    });
  });
}
