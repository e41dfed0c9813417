import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { DynamoRateLimit } from "../../../lib/pacing/rate.dynamodb.ts";
import { leadOf, momentsAfter, type Rate } from "../../../lib/pacing/rate.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { rateContract } from "../../support/rate-contract.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

rateContract(
  (name, rate, now) => new DynamoRateLimit(dynamoDb(), String(emulators.env["PACER_TABLE"]), name, rate, now),
);

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
