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
      now += 1;
      expect(await worker().leasesTakenBefore(now)).toEqual([slots[1]?.lease]);
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
