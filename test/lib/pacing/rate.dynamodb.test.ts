import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { DynamoRateLimit } from "../../../lib/pacing/rate.dynamodb.ts";
import { leadOf, momentsAfter, pauseOf, type Rate } from "../../../lib/pacing/rate.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

describe("the limit of one operation", () => {
  const rate: Rate = { perSecond: 10, burst: 15 };
  let now: number;
  let pacerId = 0;
  const worker = () =>
    new DynamoRateLimit(
      dynamoDb(),
      String(emulators.env["CONTACTS_TABLE"]).replace("contacts", "pacer"),
      `rate-${pacerId}`,
      rate,
      () => now,
    );
  beforeEach(() => {
    now = Date.parse("2026-11-24T12:00:00Z");
    pacerId += 1;
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
    pacerId += 1;
    expect(await worker().take(5, -1)).toEqual([]);
    expect(await worker().take(1, 0)).toEqual([now]);
  });

  it("gives nobody a moment for a while after a rejection", async () => {
    const limit = worker();
    await limit.take(1, 12_000);
    await limit.pushBack();
    expect((await limit.take(1, 12_000))[0]).toBeGreaterThanOrEqual(now + pauseOf(rate));
  });

  it("never goes beyond rate and burst, whoever takes how many when", () => {
    const takes = fc.array(fc.record({ wait: fc.nat(3_000), count: fc.integer({ min: 1, max: 10 }) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(
        takes,
        fc.constantFrom(1, 5, 10, 40),
        fc.integer({ min: 1, max: 20 }),
        (all, perSecond, burst) => {
          const given: Rate = { perSecond, burst };
          let at = 0;
          let tat = 0;
          const moments: number[] = [];
          for (const { wait, count } of all) {
            at += wait;
            moments.push(...momentsAfter(tat, count, given, at));
            tat = Math.max(tat, at) + (count * 1000) / perSecond;
          }
          // A token bucket with this rate and burst never runs empty.
          let tokens = burst;
          let last = 0;
          for (const moment of moments.toSorted((a, b) => a - b)) {
            tokens = Math.min(burst, tokens + ((moment - last) / 1000) * perSecond) - 1;
            last = moment;
            expect(tokens).toBeGreaterThanOrEqual(-1e-6);
          }
          expect(leadOf(given)).toBeLessThan((burst * 1000) / perSecond);
        },
      ),
    );
  });
});
