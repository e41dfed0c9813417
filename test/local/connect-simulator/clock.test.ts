import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { simulatedClock } from "../../../local/connect-simulator/centre/clock.ts";

function aClock(speed = 0) {
  const clock = simulatedClock(1_000, speed);
  onTestFinished(() => clock.stop());
  return clock;
}

describe("the simulated clock", () => {
  it("runs what is due in the order of its time, then of its scheduling, and stands at that time meanwhile", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 }), (delays) => {
        const clock = aClock();
        const ran: [delay: number, index: number][] = [];
        for (const [index, delay] of delays.entries()) {
          clock.schedule(1_000 + delay, () => {
            expect(clock.now()).toBe(1_000 + delay);
            ran.push([delay, index]);
          });
        }
        clock.advance(20);
        const sorted = delays.map((delay, index) => [delay, index]).toSorted(([a = 0], [b = 0]) => a - b);
        expect(ran).toEqual(sorted);
      }),
    );
  });

  it("runs within one advance what is scheduled on the way, but nothing beyond it", () => {
    const clock = aClock();
    const ran: number[] = [];
    const again = () => {
      ran.push(clock.now());
      clock.schedule(clock.now() + 10, again);
    };
    clock.schedule(1_010, again);
    clock.advance(35);
    expect(ran).toEqual([1_010, 1_020, 1_030]);
    expect(clock.now()).toBe(1_035);
  });

  it("stands still at speed 0, and goes on from there at any other", async () => {
    const clock = aClock();
    let ran = false;
    clock.schedule(1_000 + 3_600_000, () => {
      ran = true;
    });
    expect(clock.now()).toBe(1_000);
    clock.setSpeed(1_000_000);
    await expect.poll(() => ran).toBe(true);
    clock.setSpeed(0);
    const stood = clock.now();
    expect(stood).toBeGreaterThanOrEqual(3_601_000);
    expect(clock.now()).toBe(stood);
  });

  it("runs nothing that was cancelled", () => {
    const clock = aClock();
    const ran: string[] = [];
    const cancel = clock.schedule(1_010, () => ran.push("cancelled"));
    clock.schedule(1_010, () => ran.push("kept"));
    cancel();
    clock.advance(10);
    expect(ran).toEqual(["kept"]);
  });
});
