import { beforeEach, describe, expect, it } from "vitest";
import type { MetricRow } from "../../lib/metrics/metric-row.ts";
import type { Metrics, Page, PageRequest } from "../../lib/metrics/metrics.ts";
import { aMetricRow } from "./metric-builders.ts";

const noon = Date.parse("2026-11-24T12:00:00Z");
const minutes = (count: number) => count * 60_000;
const iso = (at: number) => new Date(at).toISOString();

/** What the stories rely on, of the table and of whatever stands in for it. Each `make` is another instance. */
export function metricsContract(make: () => Metrics): void {
  describe("keeps the promises of the table metrics", () => {
    let metrics: Metrics;
    beforeEach(() => {
      metrics = make();
    });

    it("gives back a row as it was put, nulls and parts included", async () => {
      const row = aMetricRow({
        values: { CONTACTS_QUEUED: 0, HANDLE_TIME: null, HOLD_TIME: 12.25 },
        parts: { HOLD_TIME: { sum: 24.5, weight: 2 } },
        partial: true,
      });
      expect(await metrics.put([row])).toBe(1);
      expect(await metrics.look([row])).toEqual([row]);
    });

    it("puts a later reading over an earlier one, and nothing over a later one", async () => {
      const row = aMetricRow({ asOf: iso(noon + minutes(5)), values: { CONTACTS_QUEUED: 1 } });
      const later = { ...row, asOf: iso(noon + minutes(20)), values: { CONTACTS_QUEUED: 2 } };
      expect(await metrics.put([later])).toBe(1);
      expect(await metrics.put([row])).toBe(0);
      expect(await metrics.put([later])).toBe(0);
      expect(await metrics.look([row])).toEqual([later]);
    });

    it("keeps what another source says beside it, right behind it", async () => {
      const row = aMetricRow({ resolution: "1h" });
      const other: MetricRow = { ...row, source: "GetMetricDataV2", values: { API_CONTACTS: 1 } };
      const chat: MetricRow = { ...other, channel: "CHAT" };
      await metrics.putAll([other, chat]);
      expect(await metrics.put([row])).toBe(1);
      const span = { queueId: row.queueId, resolution: "1h", from: noon, to: noon + 1 } as const;
      expect(await all((page) => metrics.range(span, page), 1)).toEqual([chat, row, other]);
      expect(await metrics.look([other])).toEqual([other]);
    });

    it("writes a hundred rows at once, those that are there already and doubles included", async () => {
      const rows = many(100, (n) => aMetricRow({ queueId: `queue-${n}` }));
      await metrics.putAll(rows);
      await metrics.putAll([...rows, ...rows]);
      expect(await metrics.look([...rows, ...rows, aMetricRow({ queueId: "another" })])).toHaveLength(100);
    });

    it("gives a queue's rows of one resolution from one instant up to another, oldest first", async () => {
      const rows = many(12, (n) => aMetricRow({ at: iso(noon + minutes(5 * n)), values: { N: n } }));
      await metrics.putAll([
        ...rows.toReversed(),
        aMetricRow({ queueId: "another" }),
        aMetricRow({ resolution: "1h" }),
      ]);
      const { queueId } = aMetricRow();
      const span = { queueId, resolution: "5m", from: noon + minutes(5), to: noon + minutes(50) } as const;

      const found = await all((page) => metrics.range(span, page), 4);

      expect(found).toEqual(rows.slice(1, 10));
    });

    it("gives rows up to any instant that a date can be", async () => {
      const row = aMetricRow();
      await metrics.putAll([row]);
      const { queueId } = row;
      const span = {
        queueId,
        resolution: "5m",
        from: noon,
        to: Date.parse("9999-12-31T23:59:59-14:00"),
      } as const;
      expect(await metrics.range(span, { limit: 10 })).toEqual({ items: [row] });
      const first = Date.parse("0000-01-01T00:00:00+14:00");
      expect(await metrics.range({ ...span, from: first }, { limit: 10 })).toEqual({ items: [row] });
      expect(await metrics.range({ ...span, from: span.to - 1 }, { limit: 10 })).toEqual({ items: [] });
    });

    it("gives all channels of an instant, or the one asked for", async () => {
      const chat = aMetricRow({ channel: "CHAT" });
      const voice = aMetricRow({ channel: "VOICE" });
      await metrics.putAll([voice, chat]);
      const span = { queueId: voice.queueId, resolution: "5m", from: noon, to: noon + 1 } as const;
      expect(await all((page) => metrics.range(span, page), 1)).toEqual([chat, voice]);
      expect(await all((page) => metrics.range({ ...span, channel: "VOICE" }, page), 1)).toEqual([voice]);
    });

    it("keeps the list of queues as it was last given", async () => {
      const queues = many(60, (n) => ({
        queueId: `queue-${String(n).padStart(2, "0")}`,
        name: `Queue ${n}`,
      }));
      await metrics.keepQueues(queues);
      expect(await all((page) => metrics.queues(page), 25)).toEqual(queues);

      const [first, , ...others] = queues.map((queue) => ({ ...queue }));
      const now = [{ queueId: "queue-00", name: "Renamed" }, ...others];
      expect(first?.name).toBe("Queue 0");
      await metrics.keepQueues(now);
      expect(await all((page) => metrics.queues(page), 25)).toEqual(now);
    });

    it("gives a minute to one run, and to that one again", async () => {
      const at = iso(noon);
      expect(await metrics.openSnapshot(at, "one")).toBe(true);
      expect(await metrics.openSnapshot(at, "other")).toBe(false);
      expect(await metrics.openSnapshot(at, "one")).toBe(true);
      await metrics.closeSnapshot({ at, state: "whole", channels: ["VOICE"], lacking: 0 });
      expect(await metrics.openSnapshot(at, "other")).toBe(false);
      expect(await metrics.openSnapshot(at, "one")).toBe(false);
    });

    it("lists snapshots, the most recent first", async () => {
      const snapshots = many(5, (n) => ({
        at: iso(noon + minutes(n)),
        state: n === 3 ? ("partial" as const) : ("whole" as const),
        channels: ["CHAT" as const, "VOICE" as const],
        lacking: n === 3 ? 100 : 0,
      }));
      for (const snapshot of snapshots) await metrics.closeSnapshot(snapshot);
      await metrics.openSnapshot(iso(noon + minutes(5)), "one");

      const [last, ...others] = await all((page) => metrics.snapshots(page), 2);

      expect(last).toEqual({ at: iso(noon + minutes(5)), state: "open", channels: [], lacking: 0 });
      expect(others).toEqual(snapshots.toReversed());
    });

    it("gives a snapshot queue by queue, also those of which it has nothing", async () => {
      const at = iso(noon);
      const queues = many(3, (n) => ({ queueId: `queue-${n}`, name: `Queue ${n}` }));
      await metrics.keepQueues(queues);
      const row = (queueId: string, channel: "VOICE" | "CHAT") =>
        aMetricRow({ queueId, channel, at, resolution: "now" });
      const rows = [row("queue-0", "CHAT"), row("queue-0", "VOICE"), row("queue-2", "VOICE")];
      await metrics.putAll([...rows, aMetricRow({ queueId: "queue-1", at: iso(noon - minutes(1)) })]);
      const snapshot = {
        at,
        state: "whole" as const,
        channels: ["CHAT" as const, "VOICE" as const],
        lacking: 0,
      };

      const found = await all((page) => metrics.rowsOf(snapshot, page), 2);

      expect(found).toEqual([
        { queueId: "queue-0", name: "Queue 0", rows: rows.slice(0, 2) },
        { queueId: "queue-1", name: "Queue 1", rows: [] },
        { queueId: "queue-2", name: "Queue 2", rows: rows.slice(2) },
      ]);
    });

    it("knows nothing of what another instance has", async () => {
      const other = make();
      const row: MetricRow = aMetricRow();
      await other.putAll([row]);
      await other.keepQueues([{ queueId: row.queueId, name: "Theirs" }]);
      await other.openSnapshot(row.at, "one");

      const span = { queueId: row.queueId, resolution: "5m", from: noon, to: noon + minutes(5) } as const;
      expect(await metrics.look([row])).toEqual([]);
      expect((await metrics.range(span, { limit: 10 })).items).toEqual([]);
      expect((await metrics.queues({ limit: 10 })).items).toEqual([]);
      expect(await metrics.openSnapshot(row.at, "other")).toBe(true);
      expect(await metrics.put([{ ...row, asOf: iso(0) }])).toBe(1);
    });
  });
}

const many = <Item>(count: number, make: (n: number) => Item): Item[] =>
  Array.from({ length: count }, (_, n) => make(n));

async function all<Item>(ask: (page: PageRequest) => Promise<Page<Item>>, limit: number): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask({ limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return items;
}
