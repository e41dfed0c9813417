import { beforeEach, describe, expect, it } from "vitest";
import type { ExportBook, ExportProgress } from "../../lib/metrics/export/export-progress.ts";

const progress: ExportProgress = {
  exportedUntil: "2026-11-24T12:00:00.000Z",
  queues: { "queue-1": null, "queue-2": "2026-11-24T11:20:00.000Z" },
};
const later: ExportProgress = { exportedUntil: "2026-11-24T13:00:00.000Z", queues: { "queue-1": null } };

/** What the story relies on. Each `make` is the book of another instance. */
export function exportBookContract(make: () => ExportBook): void {
  describe("keeps the promises of the bookkeeping of the export", () => {
    let book: ExportBook;
    beforeEach(() => {
      book = make();
    });

    it("gives back what was kept", async () => {
      expect(await book.look()).toBeUndefined();
      expect(await book.keep(progress, undefined)).toBe(true);
      expect(await book.look()).toEqual(progress);
      expect(await book.keep(later, progress)).toBe(true);
      expect(await book.look()).toEqual(later);
    });

    it("takes nothing from a run that another one has overtaken", async () => {
      expect(await book.keep(later, progress)).toBe(false);
      await book.keep(progress, undefined);
      expect(await book.keep(progress, undefined)).toBe(false);
      await book.keep(later, progress);
      expect(await book.keep({ ...later, queues: {} }, progress)).toBe(false);
      expect(await book.look()).toEqual(later);
    });

    it("takes other queues where it is as far as it was", async () => {
      await book.keep(progress, undefined);
      expect(await book.keep({ ...progress, queues: {} }, progress)).toBe(true);
      expect(await book.look()).toEqual({ ...progress, queues: {} });
    });
  });
}
