import { describe, expect, it } from "vitest";
import { inParallel } from "../../lib/portions.ts";

/** Work that ends when it is told to, one entry at a time. */
function someWork() {
  const begun: number[] = [];
  const ends = new Map<number, (error?: Error) => void>();
  const work = (entry: number) =>
    new Promise<void>((resolve, reject) => {
      begun.push(entry);
      ends.set(entry, (error) => (error ? reject(error) : resolve()));
    });
  const end = async (entry: number, error?: Error) => {
    ends.get(entry)?.(error);
    await new Promise(setImmediate);
  };
  return { begun, work, end };
}

describe("work in parallel", () => {
  it("has no more under way than it may, and ends with the last", async () => {
    const { begun, work, end } = someWork();
    const all = inParallel([1, 2, 3], 2, work);
    expect(begun).toEqual([1, 2]);
    await end(2);
    expect(begun).toEqual([1, 2, 3]);
    await end(1);
    await end(3);
    await all;
  });

  it("begins nothing after a failure, and has ended before it is told", async () => {
    const { begun, work, end } = someWork();
    let told: unknown;
    const all = inParallel([1, 2, 3, 4], 2, work).catch((error) => {
      told = error;
    });
    const failure = new Error("throttled");
    await end(1, failure);
    expect(told).toBeUndefined();
    await end(2);
    expect(told).toBe(failure);
    expect(begun).toEqual([1, 2]);
    await all;
  });
});
