import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenBucket } from "../../../../local/stack/http-api/throttle.ts";
import { startApi, stopApi } from "./small-api.ts";

describe("a token bucket", () => {
  it("lets a burst through, and then as many as the rate allows", () => {
    let now = 0;
    const mayPass = tokenBucket({ ratePerSecond: 2, burst: 3 }, () => now);
    const passed = (times: number) => Array.from({ length: times }, mayPass).filter(Boolean).length;
    expect(passed(5)).toBe(3);
    now = 499;
    expect(passed(1)).toBe(0);
    now = 500;
    expect(passed(2)).toBe(1);
    now = 60_000;
    expect(passed(10)).toBe(3);
  });

  it("never lets more through than burst and rate together", () => {
    const waits = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 200 });
    const limits = fc.record({
      ratePerSecond: fc.integer({ min: 0, max: 20 }),
      burst: fc.integer({ max: 10, min: 0 }),
    });
    fc.assert(
      fc.property(limits, waits, (limit, steps) => {
        let now = 0;
        let passed = 0;
        const mayPass = tokenBucket(limit, () => now);
        for (const step of steps) {
          now += step;
          if (mayPass()) passed += 1;
        }
        expect(passed).toBeLessThanOrEqual(limit.burst + (now / 1000) * limit.ratePerSecond + 1e-6);
      }),
      { seed: 6 },
    );
  });
});

it("each route has its own bucket, and a route's own settings go before the stage's", async () => {
  const api = await startApi({
    routes: { "GET /a": {}, "GET /b": {}, "GET /open": {} },
    stage: {
      DefaultRouteSettings: {
        ThrottlingBurstLimit: 2,
        ThrottlingRateLimit: 0.0001,
        DetailedMetricsEnabled: false,
      },
      RouteSettings: { "GET /open": { ThrottlingBurstLimit: 100, ThrottlingRateLimit: 100 } },
    },
  });
  const statusOf = async (path: string) => (await fetch(`${api.url}${path}`)).status;
  const statuses = [];
  for (const path of ["/a", "/a", "/a", "/b", "/open", "/open", "/open"]) statuses.push(await statusOf(path));
  expect(statuses).toEqual([200, 200, 429, 200, 200, 200, 200]);
  expect(await (await fetch(`${api.url}/a`)).json()).toEqual({ message: "Too Many Requests" });
  await stopApi(api);
});
