import { beforeEach, describe, expect, it } from "vitest";
import { pauseOf, type Rate, type RateLimit } from "../../lib/pacing/rate.ts";

/** @param workerOf a worker of the limit of this name */
export function rateContract(workerOf: (name: string, rate: Rate, now: () => number) => RateLimit): void {
  describe("the limit of one operation", () => {
    const rate: Rate = { perSecond: 10, burst: 15 };
    let now: number;
    let limits = 0;
    const worker = () => workerOf(`limit-${limits}`, rate, () => now);
    beforeEach(() => {
      now = Date.parse("2026-11-24T12:00:00Z");
      limits += 1;
    });

    it("lets a part of the burst go at once, and the rest at the rate", async () => {
      const moments = await worker().take(14, 12_000);
      expect(moments.filter((at) => at === now)).toHaveLength(11);
      expect(moments.slice(11).map((at) => at - now)).toEqual([50, 150, 250]);
    });

    it("is shared by all workers", async () => {
      const taken = await Promise.all([1, 2, 3].map(() => worker().take(10, 12_000)));
      const all = taken.flat().toSorted((a, b) => a - b);
      expect(all).toHaveLength(30);
      // No window of a second holds more than a second's worth and the burst.
      for (const from of all) {
        expect(all.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(25);
      }
    });

    it("gives as many as an idle limit has within the horizon, and none to who has no time left", async () => {
      expect(await worker().take(200, 5_000)).toHaveLength(61);
      expect(await worker().take(1, 5_000)).toEqual([]);
      limits += 1;
      expect(await worker().take(5, -1)).toEqual([]);
      expect(await worker().take(1, 0)).toEqual([now]);
    });

    it("gives nobody a moment for a while after a rejection", async () => {
      const limit = worker();
      await limit.take(1, 12_000);
      await limit.pushBack();
      expect((await limit.take(1, 12_000))[0]).toBeGreaterThanOrEqual(now + pauseOf(rate));
    });
  });
}
