import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attemptIdOfLease,
  emptyPacer,
  leaseOf,
  type Pace,
  type PacerState,
  plan,
} from "../../../lib/pacing/pacer.ts";

const pace: Pace = { ratePerSecond: 2, burst: 5, activeCalls: 10 };
const leases = (count: number, prefix = "l") =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const now = 1_000_000;

describe("the pacer's plan", () => {
  it("lets the burst go at once, but for what is kept back for jitter, and the rest at the steady rate", () => {
    const { grant } = plan(emptyPacer, leases(8), pace, now, 60_000);
    expect(grant.slots.map(({ at }) => at - now)).toEqual([0, 0, 0, 0, 250, 750, 1250, 1750]);
    expect(grant.later).toEqual([]);
  });

  it("gives no more slots than calls may be active, and tells the others when to come", () => {
    const { grant } = plan(emptyPacer, leases(12), pace, now, 60_000);
    expect(grant).toMatchObject({ boundBy: "active-calls" });
    expect(grant.slots).toHaveLength(10);
    expect(grant.later).toHaveLength(2);
  });

  it("gives no slot beyond the horizon", () => {
    const { grant, next } = plan(emptyPacer, leases(10), pace, now, 1_000);
    expect(grant.slots.at(-1)?.at).toBe(now + 750);
    expect(grant.slots).toHaveLength(6);
    expect(next.tat).toBe(now + 6 * 500);
  });

  it("lets those whom the rate keeps waiting come again at the steady rate, behind those who have slots", () => {
    const { grant, next } = plan(emptyPacer, leases(8), pace, now, 1_000);
    expect(grant.boundBy).toBe("rate");
    expect(grant.later.map((at) => at - now)).toEqual([1_750, 2_250]);
    const { grant: others } = plan(next, leases(2, "others"), pace, now, 1_000);
    expect(others.later.map((at) => at - now)).toEqual([2_750, 3_250]);
  });

  it("spaces those who must come again by how long calls last", () => {
    const full: PacerState = {
      ...emptyPacer,
      leases: Object.fromEntries(leases(10).map((lease) => [lease, now])),
      heldMs: 600_000,
      ended: 10,
    };
    const { grant } = plan(full, leases(3, "new"), pace, now, 60_000);
    expect(grant.later.map((at) => at - now)).toEqual([6_000, 12_000, 18_000]);
  });

  it("forgets calls of long ago, and never the few that it knows", () => {
    const waitAfter = (known: Pick<PacerState, "heldMs" | "ended">, lately: number, plans: number) => {
      const full = Object.fromEntries(leases(10).map((lease) => [lease, now]));
      let state: PacerState = { ...emptyPacer, ...known, leases: full };
      for (let planned = 0; planned < plans; planned += 1) {
        state = plan(state, leases(1, "new"), pace, now, 60_000).next;
        state = { ...state, line: 0, heldMs: state.heldMs + lately * 60_000, ended: state.ended + lately };
      }
      return (plan(state, leases(1, "new"), pace, now, 60_000).grant.later[0] ?? 0) - now;
    };
    const manyOfTenSeconds = { heldMs: 1_600 * 10_000, ended: 1_600 };
    expect(waitAfter(manyOfTenSeconds, 0, 20)).toBe(1_000);
    expect(waitAfter(manyOfTenSeconds, 20, 20)).toBeGreaterThan(5_500);
    expect(waitAfter({ heldMs: 60_000, ended: 1 }, 0, 20)).toBe(6_000);
  });

  it("never exceeds rate, burst and active calls, for any arrivals and departures (property)", () => {
    const arrival = fc.record({
      wait: fc.nat(4_000),
      count: fc.integer({ min: 1, max: 12 }),
      ended: fc.nat(6),
    });
    fc.assert(
      fc.property(
        fc.array(arrival, { maxLength: 40 }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(0.5, 2, 7, 50),
        (arrivals, burst, ratePerSecond) => {
          const allowed: Pace = { ratePerSecond, burst, activeCalls: 9 };
          let state = emptyPacer;
          let time = now;
          const slots: number[] = [];
          const comeAgain: number[] = [];
          arrivals.forEach(({ wait, count, ended }, index) => {
            time += wait;
            const left = Object.entries(state.leases).slice(ended);
            state = { ...state, leases: Object.fromEntries(left) };
            const { grant, next } = plan(state, leases(count, `a${index}`), allowed, time, 10_000);
            expect(grant.slots.length + grant.later.length).toBe(count);
            expect(Object.keys(next.leases).length).toBeLessThanOrEqual(allowed.activeCalls);
            slots.push(...grant.slots.map(({ at }) => at));
            comeAgain.push(...grant.later);
            state = next;
          });
          // A token bucket of that rate and burst, fed with these moments, never runs dry.
          let tokens = burst;
          let at = slots[0] ?? now;
          for (const slot of slots.sort((a, b) => a - b)) {
            tokens = Math.min(burst, tokens + ((slot - at) / 1000) * ratePerSecond) - 1;
            at = slot;
            expect(tokens).toBeGreaterThan(-0.01 * ratePerSecond - 1e-6);
          }
          expect(new Set(comeAgain).size).toBe(comeAgain.length);
        },
      ),
      { numRuns: 300, seed: 5 },
    );
  });
});

it("names a lease after its attempt", () => {
  expect(attemptIdOfLease(leaseOf("r:1#2", "x@y".replace("@", "-")))).toBe("r:1#2");
});
