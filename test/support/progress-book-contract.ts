import { beforeEach, describe, expect, it } from "vitest";
import type { Progress, ProgressBook } from "../../lib/metrics/progress.ts";

const begun = Date.parse("2026-11-24T12:00:00Z");

const progress: Progress = {
  since: "2026-11-23T12:05:00.000Z",
  readUntil: "2026-11-24T12:00:00.000Z",
  amendable: ["2026-11-24T11:50:00.000Z", "2026-11-24T11:55:00.000Z"],
  gaps: [{ from: "2026-11-20T00:00:00.000Z", to: "2026-11-21T00:00:00.000Z" }],
};

/** What the story relies on. Each `make` is the book of another instance, with this clock. */
export function progressBookContract(make: (now: () => number) => ProgressBook): void {
  describe("keeps the promises of the bookkeeping of history", () => {
    let now: number;
    let book: ProgressBook;
    beforeEach(() => {
      now = begun;
      book = make(() => now);
    });

    it("gives back what was kept, to whoever looks", async () => {
      expect(await book.look()).toBeUndefined();
      await book.claim("one", now + 1000);
      expect(await book.look()).toBeUndefined();
      expect(await book.keep(progress, "one")).toBe(true);
      expect(await book.look()).toEqual(progress);
    });

    it("is one run's alone until it is released", async () => {
      expect(await book.claim("one", now + 1000)).toBe(true);
      expect(await book.claim("other", now + 1000)).toBe(false);
      expect(await book.claim("one", now + 1000)).toBe(true);
      await book.release("other");
      expect(await book.claim("other", now + 1000)).toBe(false);
      await book.release("one");
      expect(await book.claim("other", now + 1000)).toBe(true);
    });

    it("takes nothing from a run whose claim has gone to another", async () => {
      await book.claim("one", now + 1000);
      now += 1001;
      expect(await book.claim("other", now + 1000)).toBe(true);
      expect(await book.keep(progress, "one")).toBe(false);
      expect(await book.look()).toBeUndefined();
      expect(await book.keep(progress, "other")).toBe(true);
    });

    it("keeps what it knows when it is released", async () => {
      await book.claim("one", now + 1000);
      await book.keep(progress, "one");
      await book.release("one");
      expect(await book.look()).toEqual(progress);
      expect(await book.keep({ ...progress, gaps: [] }, "one")).toBe(false);
    });
  });
}
