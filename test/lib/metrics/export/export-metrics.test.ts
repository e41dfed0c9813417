import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  type Export,
  type ExportSteps,
  exportMetrics,
} from "../../../../lib/metrics/export/export-metrics.ts";
import { historyRows, outcomeRows } from "../../../../lib/metrics/export/hour-object.ts";
import type { MetricRow } from "../../../../lib/metrics/metric-row.ts";
import type { Progress } from "../../../../lib/metrics/progress.ts";
import { ExportBookInMemory } from "../../../support/export-book-in-memory.ts";
import { aMetricRow } from "../../../support/metric-builders.ts";
import { MetricsInMemory } from "../../../support/metrics-in-memory.ts";
import { ObjectsInMemory } from "../../../support/objects-in-memory.ts";
import { ProgressBookInMemory } from "../../../support/progress-book-in-memory.ts";

const nine = Date.parse("2026-11-24T09:00:00Z");
const minutes = (count: number) => count * 60_000;
const hours = (count: number) => minutes(60 * count);
const days = (count: number) => hours(24 * count);
const iso = (at: number) => new Date(at).toISOString();
const keyAt = (at: number) =>
  `metrics/instance=instance-1/dt=${iso(at).slice(0, 10)}/hour=${iso(at).slice(11, 13)}/metrics.ndjson.gz`;

let time: number;
let metrics: MetricsInMemory;
let history: ProgressBookInMemory;
let book: ExportBookInMemory;
let objects: ObjectsInMemory;
let exported: Export;
let steps: ExportSteps;

/** History that began at nine. */
const readUntil = (at: number, more: Partial<Progress> = {}): Progress => ({
  since: iso(nine),
  readUntil: iso(at),
  amendable: [],
  gaps: [],
  ...more,
});
const queued = (at: number, count: number, more: Partial<MetricRow> = {}) =>
  aMetricRow({ at: iso(at), asOf: iso(at + minutes(5)), values: { CONTACTS_QUEUED: count }, ...more });
const list = (...queueIds: string[]) =>
  metrics.keepQueues(queueIds.map((queueId) => ({ queueId, name: queueId })));
const run = (mustEndBy = Number.POSITIVE_INFINITY) => exportMetrics(steps, mustEndBy);
const counts = (key: string) =>
  gunzipSync(objects.objects.get(key)?.body ?? "")
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line)["contacts_queued"]);

beforeEach(async () => {
  time = nine + hours(3);
  metrics = new MetricsInMemory();
  history = new ProgressBookInMemory(() => time);
  book = new ExportBookInMemory();
  objects = new ObjectsInMemory();
  exported = { what: historyRows, history, book, keepMs: days(35) };
  steps = { instanceId: "instance-1", metrics, exports: [exported], objects, now: () => time };
  await list("queue-1", "queue-2");
});

describe("exporting the hours", () => {
  it("puts each hour that is over as one object, with the rows of all queues, once", async () => {
    history.progress = readUntil(nine + hours(2));
    await metrics.putAll([
      queued(nine, 1),
      queued(nine + minutes(55), 2, { queueId: "queue-2" }),
      queued(nine + hours(1), 4),
      queued(nine + hours(2), 8),
    ]);
    expect(await run()).toEqual({
      hoursExported: 2,
      hoursPartial: 0,
      rowsExported: 3,
      hoursGivenUp: 0,
      failures: [],
    });
    expect([...objects.objects.keys()]).toEqual([keyAt(nine), keyAt(nine + hours(1))]);
    expect(counts(keyAt(nine))).toEqual([1, 2]);
    expect(counts(keyAt(nine + hours(1)))).toEqual([4]);
    expect(await run()).toMatchObject({ hoursExported: 0, failures: [] });
  });

  it("waits with an hour for its last interval, and for the second reading of any", async () => {
    await metrics.putAll([queued(nine + minutes(40), 1)]);
    history.progress = readUntil(nine + minutes(55));
    expect(await run()).toMatchObject({ hoursExported: 0 });
    const amendable = [iso(nine + minutes(40)), iso(nine + minutes(55)), iso(nine + hours(1))];
    history.progress = readUntil(nine + minutes(65), { amendable });
    expect(await run()).toMatchObject({ hoursExported: 0 });

    await metrics.put([queued(nine + minutes(40), 3, { asOf: iso(nine + hours(1)) })]);
    history.progress = readUntil(nine + minutes(75), { amendable: amendable.slice(2) });
    expect(await run()).toMatchObject({ hoursExported: 1 });
    expect(counts(keyAt(nine))).toEqual([3]);
  });

  it("says of how many intervals an hour is that history has begun in, or that has a gap", async () => {
    history.progress = readUntil(nine + hours(3), {
      since: iso(nine + minutes(20)),
      gaps: [{ from: iso(nine + minutes(110)), to: iso(nine + hours(3)) }],
    });
    await metrics.putAll([queued(nine + minutes(20), 1), queued(nine + minutes(70), 1)]);
    expect(await run()).toMatchObject({ hoursExported: 3, hoursPartial: 3 });
    expect([...objects.objects.values()].map(({ intervals, rows }) => [intervals, rows])).toEqual([
      [8, 1],
      [10, 1],
      [0, 0],
    ]);
  });

  it("exports nothing of history that has not been begun", async () => {
    await metrics.putAll([queued(nine, 1)]);
    expect(await run()).toMatchObject({ hoursExported: 0, failures: [] });
  });

  it("ends when its time is up, and the next run goes on there", async () => {
    history.progress = readUntil(nine + hours(2));
    const { put } = objects;
    objects.put = async (object) => {
      time += minutes(4);
      await put.call(objects, object);
    };
    expect(await run(time + minutes(3))).toMatchObject({ hoursExported: 1, failures: [] });
    expect(await run(time + minutes(3))).toMatchObject({ hoursExported: 1, failures: [] });
    expect(objects.objects.size).toBe(2);
  });
});

describe("an outage of S3", () => {
  it("delays the hours, and loses none", async () => {
    history.progress = readUntil(nine + hours(1));
    await metrics.putAll(Array.from({ length: 30 }, (_, hour) => queued(nine + hours(hour), hour)));
    const refused = new Error("SlowDown");
    steps.objects = { put: () => Promise.reject(refused) };
    for (let hour = 1; hour <= 30; hour += 1) {
      time = nine + hours(hour);
      history.progress = readUntil(time);
      expect(await run()).toMatchObject({
        hoursExported: 0,
        hoursGivenUp: 0,
        failures: [{ error: refused }],
      });
    }
    steps.objects = objects;
    expect(await run()).toMatchObject({ hoursExported: 30, failures: [] });
    const all = [...objects.objects.keys()].flatMap(counts);
    expect(all).toEqual(Array.from({ length: 30 }, (_, hour) => hour));
  });

  it("gives up, and counts, the hours whose rows expire meanwhile, and never passes what is left of them for whole", async () => {
    history.progress = readUntil(nine);
    await run();
    time = nine + days(35) + hours(2);
    history.progress = readUntil(time);
    await metrics.putAll([queued(nine + minutes(55), 1), queued(nine + hours(4), 2)]);
    expect(await run()).toMatchObject({ hoursGivenUp: 4, failures: [] });
    expect([...objects.objects.keys()][0]).toBe(keyAt(nine + hours(4)));
    expect(await run()).toMatchObject({ hoursGivenUp: 0 });
  });

  it("begins with what is kept still, and counts nothing of before as given up", async () => {
    time = nine + days(36);
    history.progress = readUntil(time);
    expect(await run()).toMatchObject({ hoursExported: 35 * 24 - 2, hoursGivenUp: 0 });
  });
});

describe("a queue that is gone", () => {
  it("is in the hours in which it was there, whenever they are exported", async () => {
    history.progress = readUntil(nine + minutes(30));
    await run();
    await metrics.putAll([
      queued(nine, 1, { queueId: "queue-2" }),
      queued(nine + hours(1), 2, { queueId: "queue-2" }),
    ]);
    await list("queue-1");
    time = nine + minutes(70);
    history.progress = readUntil(nine + hours(2));
    expect(await run()).toMatchObject({ hoursExported: 2, rowsExported: 2 });
    expect(book.progress?.queues).toEqual({ "queue-1": null });
  });

  it("is there again when it is listed again", async () => {
    history.progress = readUntil(nine);
    await run();
    await list("queue-1");
    await run();
    await list("queue-1", "queue-2");
    await run();
    expect(book.progress?.queues).toEqual({ "queue-1": null, "queue-2": null });
  });
});

describe("a run that dies", () => {
  it("leads to the same objects, at whatever step it does, and with whatever other runs meanwhile", async () => {
    const fate = fc.record({ after: fc.nat(40), done: fc.boolean(), overlaps: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 12 }), async (fates) => {
        book = new ExportBookInMemory();
        const bodies = new Map<string, Set<string>>();
        const store = new ObjectsInMemory();
        const { put } = store;
        store.put = async (object) => {
          const known = bodies.get(object.key) ?? new Set();
          bodies.set(object.key, known.add(Buffer.from(object.body).toString("base64")));
          await put.call(store, object);
        };
        metrics = new MetricsInMemory();
        await list("queue-1", "queue-2");
        await metrics.putAll(
          Array.from({ length: 48 }, (_, n) =>
            queued(nine + n * minutes(5), n, { queueId: `queue-${1 + (n % 2)}` }),
          ),
        );
        history.progress = readUntil(nine + hours(4));
        const sound: ExportSteps = { ...steps, metrics, exports: [{ ...exported, book }], objects: store };
        for (const { after, done, overlaps } of fates) {
          const mortal = dying(sound, after, done);
          await Promise.all([exportMetrics(mortal, time), overlaps && exportMetrics(sound, time)]);
        }
        expect(await exportMetrics(sound, time)).toMatchObject({ failures: [] });

        expect([...bodies.keys()].toSorted()).toEqual([0, 1, 2, 3].map((hour) => keyAt(nine + hours(hour))));
        expect([...bodies.values()].every(({ size }) => size === 1)).toBe(true);
        expect(book.progress?.exportedUntil).toBe(iso(nine + hours(4)));
        expect([...store.objects.values()].map(({ rows }) => rows)).toEqual([12, 12, 12, 12]);
      }),
      { numRuns: 200, seed: 20 },
    );
  });
});

describe("exporting what the second source has", () => {
  const second = (values: MetricRow["values"]) =>
    aMetricRow({ at: iso(nine), resolution: "1h", source: "GetMetricDataV2", values });

  it("puts its hours beside those of history, each with its own rows and by its own progress", async () => {
    const books = { outcomes: new ExportBookInMemory(), history: new ProgressBookInMemory(() => time) };
    const one: Export = {
      what: outcomeRows,
      history: books.history,
      book: books.outcomes,
      keepMs: days(400),
    };
    steps.exports = [exported, one];
    history.progress = readUntil(nine + hours(1));
    await metrics.putAll([
      queued(nine, 1),
      aMetricRow({ at: iso(nine), resolution: "1h", values: { CONTACTS_QUEUED: 1 } }),
      second({ API_CONTACTS: 4, CONTACTS_QUEUED: 9 }),
    ]);
    expect(await run()).toMatchObject({ hoursExported: 1, rowsExported: 1 });

    books.history.progress = readUntil(nine + hours(2), { amendable: [iso(nine + hours(1))] });
    expect(await run()).toMatchObject({ hoursExported: 1, rowsExported: 1, failures: [] });

    const key = keyAt(nine).replaceAll("metrics", "outcomes");
    const [line] = gunzipSync(objects.objects.get(key)?.body ?? "")
      .toString()
      .split("\n");
    expect(JSON.parse(line ?? "")).toMatchObject({
      api_contacts: 4,
      contacts_created: null,
      hour_intervals: 12,
    });
    // What it has of history's gaps is not in the files, for an hour may get it when it has been exported.
    expect(line).not.toContain("contacts_queued");
    expect(counts(keyAt(nine))).toEqual([1]);
  });

  it("goes on where history's hours cannot be exported", async () => {
    const broken = { look: () => Promise.reject(new Error("refused")) };
    const book = new ExportBookInMemory();
    const ofSecond = new ProgressBookInMemory(() => time);
    ofSecond.progress = readUntil(nine + hours(1));
    steps.exports = [
      { ...exported, history: broken },
      { what: outcomeRows, history: ofSecond, book, keepMs: days(400) },
    ];
    expect(await run()).toMatchObject({ hoursExported: 1, failures: [{ error: new Error("refused") }] });
  });
});

/** All steps fail from the one after so many on; that one is `done` nevertheless, or not. */
function dying(
  { metrics, exports, objects, ...rest }: ExportSteps,
  after: number,
  done: boolean,
): ExportSteps {
  let left = after;
  const step =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      left -= 1;
      if (left >= 0) return work(...args);
      if (left === -1 && done) await work(...args);
      throw new Error("died");
    };
  return {
    ...rest,
    metrics: {
      queues: step((page) => metrics.queues(page)),
      range: step((range, page) => metrics.range(range, page)),
    },
    exports: exports.map(({ history, book, ...one }) => ({
      ...one,
      history: { look: step(() => history.look()) },
      book: { look: step(() => book.look()), keep: step((progress, before) => book.keep(progress, before)) },
    })),
    objects: { put: step((object) => objects.put(object)) },
  };
}
