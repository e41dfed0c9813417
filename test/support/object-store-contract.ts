import { describe, expect, it } from "vitest";
import {
  type HourObject,
  historyRows,
  hourObject,
  type ObjectStore,
} from "../../lib/metrics/export/hour-object.ts";
import { aMetricRow } from "./metric-builders.ts";

const hour = Date.parse("2026-11-24T12:00:00Z");

/** What the story relies on. `all` says what is there. */
export function objectStoreContract(store: () => ObjectStore, all: () => Promise<HourObject[]>): void {
  describe("keeps the promises of a store of objects", () => {
    it("holds an object byte by byte, one for each key, the last one put", async () => {
      const first = hourObject(historyRows, "instance-1", hour, [aMetricRow()], 11);
      const other = hourObject(historyRows, "instance-1", hour + 3_600_000, [], 0);
      const corrected = hourObject(historyRows, "instance-1", hour, [aMetricRow({ values: {} })], 12);
      for (const object of [first, other, first]) await store().put(object);
      expect(await all()).toEqual([first, other].map(comparable));
      await store().put(corrected);
      expect(await all()).toEqual([corrected, other].map(comparable));
    });
  });
}

const comparable = (object: HourObject): HourObject => ({ ...object, body: new Uint8Array(object.body) });
