import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  delaySecondsUntil,
  endOf,
  nextTryAt,
  type RetrySchedule,
} from "../../../lib/subscribers/retry-schedule.ts";
import { days, minutes, seconds } from "../../support/builders.ts";

const schedule: RetrySchedule = { firstMs: seconds(5), longestMs: minutes(60), forMs: days(1) };
const now = Date.parse("2026-11-24T12:00:00Z");
const waitAfter = (tries: number, random = 1, retryAfterMs?: number) =>
  nextTryAt({ tries }, now, schedule, random, retryAfterMs) - now;

describe("retries", () => {
  it("double from the first wait up to an hour", () => {
    const waits = [1, 2, 3, 9, 10, 11, 12, 400].map((tries) => waitAfter(tries) / 1000);
    expect(waits).toEqual([5, 10, 20, 1280, 2560, 3600, 3600, 3600]);
  });

  it("come between half of the wait and all of it", () => {
    expect(waitAfter(3, 0)).toBe(seconds(10));
    expect(waitAfter(3, 0.5)).toBe(seconds(15));
  });

  it("are as many in a day as it takes to call a subscriber hopeless", () => {
    let tries = 0;
    for (let at = now; at <= now + days(1); at = nextTryAt({ tries }, at, schedule, 1)) tries += 1;
    expect(tries).toBe(33);
  });

  it("honour Retry-After, never sooner than the own wait and never later than an hour", () => {
    expect(waitAfter(1, 1, seconds(60))).toBe(seconds(60));
    expect(waitAfter(6, 1, seconds(60))).toBe(seconds(160));
    expect(waitAfter(1, 1, days(3))).toBe(minutes(60));
  });

  it("wait in the queue for a quarter of an hour at most at a time, and arrive all the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: days(1) }), (wait) => {
        const at = now + wait;
        let time = now;
        let hops = 0;
        while (time < at) {
          const delay = delaySecondsUntil(at, time);
          expect(delay).toBeLessThanOrEqual(900);
          expect(delay).toBeGreaterThan(0);
          time += seconds(delay);
          hops += 1;
        }
        expect(time - at).toBeLessThan(1000);
        expect(hops).toBe(Math.ceil(wait / minutes(15)));
      }),
    );
  });

  it("end a day after the delivery began", () => {
    expect(endOf({ firstAt: "2026-11-24T12:00:00Z" }, schedule)).toBe(now + days(1));
  });
});
