import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf } from "../../../lib/metrics/historical-metrics.ts";
import { rollUpMetrics } from "../../../lib/metrics/roll-up-metrics.ts";
import { outcomeNames } from "../../../lib/metrics/second-source.ts";
import { snapshotMetrics } from "../../../lib/metrics/snapshot-metrics.ts";
import { aMetricsWorld, aPage, type MetricsWorld } from "../../support/metrics-world.ts";

const minutes = (count: number) => count * 60_000;
const hours = (count: number) => count * 3_600_000;
const days = (count: number) => count * 86_400_000;

const run = (world: MetricsWorld, reading: "outcomes" | "historical" = "outcomes", forMs = 45_000) =>
  snapshotMetrics({ reading }, world.steps, world.now() + forMs);

const asked = (world: MetricsWorld, length: "1h" | "1d") =>
  world.asked
    .filter((one) => one.length === length)
    .map(({ from = 0 }) => new Date(from).toISOString().slice(5, 16));

const columns = columnsOf([20]);
const allNames = [...columns.map(({ column }) => column), ...outcomeNames];

/** History has been read up to now for long, and the second source since yesterday. */
async function caughtUp({ startAt = "2026-11-24T12:30:30Z" } = {}): Promise<MetricsWorld> {
  const world = aMetricsWorld({ startAt, queues: 1 });
  world.steps.columns = columns;
  await run(world, "historical");
  world.book.progress = {
    since: "2026-01-01T00:00:00.000Z",
    readUntil: new Date(world.now() - (world.now() % minutes(5))).toISOString(),
    amendable: [],
    gaps: [],
  };
  await run(world);
  world.asked = [];
  return world;
}

/** History stands still for so long, and goes on. */
async function outage(world: MetricsWorld, ms: number): Promise<void> {
  world.advance(ms);
  await run(world, "historical");
  world.asked = [];
}

describe("the second source", () => {
  it("is not read before history has begun, for nothing tells what that has lost", async () => {
    const world = aMetricsWorld();
    expect(await run(world)).toMatchObject({ outcomesRead: 0, failures: [] });
    expect(world.asked).toEqual([]);
    expect(await world.outcomeBooks["1h"].look()).toBeUndefined();
  });

  it("begins with the hours of the last day that are over, oldest first, or as far back as is asked for", async () => {
    const world = aMetricsWorld({ startAt: "2026-11-24T12:30:30Z", queues: 1 });
    await run(world, "historical");
    await run(world);
    expect(asked(world, "1h")).toEqual([
      ...Array.from({ length: 11 }, (_, n) => `11-23T${n + 13}:00`),
      ...Array.from({ length: 12 }, (_, n) => `11-24T${String(n).padStart(2, "0")}:00`),
    ]);
    expect(asked(world, "1d")).toEqual([]);

    const far = aMetricsWorld({ startAt: "2026-11-24T12:30:30Z", queues: 1 });
    far.steps.backfillMs = days(400);
    await run(far, "historical");
    expect(await run(far)).toMatchObject({ outcomesRead: 87 + 87 * 24 + 23, outcomesGivenUp: 0 });
    expect(asked(far, "1d")[0]).toBe("08-29T00:00");
    expect(asked(far, "1h")[0]).toBe("08-28T13:00");
  });

  it("gives what it alone has of an hour that history has, and everything of what lay before history", async () => {
    const world = aMetricsWorld({ startAt: "2026-11-24T12:30:30Z", queues: 1 });
    world.steps.columns = columns;
    world.steps.backfillMs = days(3);
    await run(world, "historical");
    await run(world);
    const namesOf = (at: string) =>
      Object.keys(
        world.rows().find((row) => row.resolution === "1h" && row.at === at && row.source)?.values ?? {},
      );
    expect(namesOf("2026-11-24T10:00:00.000Z")).toEqual(outcomeNames);
    // History begins at 12:35.
    expect(namesOf("2026-11-23T13:00:00.000Z")).toEqual(outcomeNames);
    expect(namesOf("2026-11-23T12:00:00.000Z")).toEqual(allNames);
    expect(namesOf("2026-11-22T10:00:00.000Z")).toEqual(allNames);
  });

  it("is read for an hour once it is over, and once more an hour later, and so for days", async () => {
    const world = await caughtUp({ startAt: "2026-11-24T22:59:00Z" });
    await run(world);
    world.advance(minutes(1) + 4_000);
    await run(world);
    // That was read as early as it could be, an hour ago.
    expect(asked(world, "1h")).toEqual(["11-24T21:00"]);
    world.advance(1_000);
    expect(await run(world)).toMatchObject({ outcomesRead: 1 });
    expect(asked(world, "1h").slice(1)).toEqual(["11-24T22:00"]);
    world.advance(hours(1));
    expect(await run(world)).toMatchObject({
      outcomesRead: 2,
      outcomesReadAgain: 1,
      outcomeRowsCorrected: 0,
    });
    expect(asked(world, "1h").slice(2)).toEqual(["11-24T22:00", "11-24T23:00"]);
    expect(asked(world, "1d")).toEqual(["11-24T00:00"]);
    world.advance(hours(1));
    await run(world);
    expect(asked(world, "1d")).toEqual(["11-24T00:00", "11-24T00:00"]);
  });

  it("corrects what Connect has amended", async () => {
    const world = await caughtUp();
    world.advance(hours(1));
    await run(world);
    world.advance(hours(1));
    world.answers.push((request) => aPage(request.queueIds, { columns: request.columns, value: 2 }));
    expect(await run(world)).toMatchObject({ outcomesReadAgain: 1, outcomeRowsCorrected: 1 });
    const row = world.rows().find(({ source, at }) => source && at === "2026-11-24T12:00:00.000Z");
    expect(row?.values["API_CONTACTS"]).toBe(2);
  });

  it("fills the hours and days of a gap that history had after they were read, with all that it has, and no five minutes", async () => {
    const world = await caughtUp();
    // The second source goes on while the first one is out for two days.
    for (let hour = 0; hour < 51; hour += 1) {
      world.advance(hours(1));
      await run(world);
    }
    const fiveMinutes = world.rows().filter(({ resolution }) => resolution === "5m").length;
    await outage(world, 0);
    expect(world.book.progress?.gaps).toEqual([
      { from: "2026-11-24T12:30:00.000Z", to: "2026-11-25T15:35:00.000Z" },
    ]);

    expect(await run(world)).toMatchObject({ outcomesReadAgain: 30, outcomeRowsCorrected: 30 });

    expect(asked(world, "1h")[0]).toBe("11-24T12:00");
    expect(asked(world, "1h").at(-1)).toBe("11-25T15:00");
    expect(asked(world, "1d")).toEqual(["11-24T00:00", "11-25T00:00"]);
    const filled = world.rows().filter(({ values, source }) => source && "CONTACTS_QUEUED" in values);
    expect(filled).toHaveLength(30);
    expect(world.rows().filter((row) => row.resolution === "5m" && row.source)).toEqual([]);
    expect(world.rows().filter(({ resolution }) => resolution === "5m").length).toBe(fiveMinutes + 287);
    world.asked = [];
    await run(world);
    expect(world.asked).toEqual([]);
  });

  it("fills a gap in one reading where it was out as well", async () => {
    const world = await caughtUp();
    await outage(world, days(3));
    expect(await run(world)).toMatchObject({ outcomesReadAgain: 1, outcomesRead: 72 + 3 });
    const filled = world.rows().filter(({ values, source }) => source && "CONTACTS_QUEUED" in values);
    // From 12:00, in which the gap begins, up to the hour of three days later from which on history goes on.
    expect(filled.filter(({ resolution }) => resolution === "1h")).toHaveLength(49);
    expect(filled.filter(({ resolution }) => resolution === "1d")).toHaveLength(3);
  });

  it("fills gaps that are older than itself", async () => {
    const world = await caughtUp();
    if (!world.book.progress) throw new Error("history had begun");
    world.book.progress.gaps = [{ from: "2026-10-01T09:55:00.000Z", to: "2026-10-01T11:05:00.000Z" }];
    expect(await run(world)).toMatchObject({ outcomesReadAgain: 4 });
    expect(asked(world, "1h")).toEqual(["10-01T09:00", "10-01T10:00", "10-01T11:00"]);
    expect(asked(world, "1d")).toEqual(["10-01T00:00"]);
  });

  it("gives up what lies three months back, and tells so", async () => {
    const world = await caughtUp();
    if (!world.book.progress) throw new Error("history had begun");
    world.advance(days(100));
    expect(await run(world)).toMatchObject({ outcomesGivenUp: 12 * 24 + 1 + 13, failures: [] });
    expect(world.outcomeBooks["1h"].progress?.gaps).toHaveLength(1);
    // Gaps of history that are out of reach are not asked for.
    world.book.progress.gaps = [{ from: "2026-11-25T00:00:00.000Z", to: "2026-11-25T11:00:00.000Z" }];
    world.asked = [];
    await run(world);
    expect(world.asked).toEqual([]);
  });

  it("stands beside the hours and days that are made of five minutes, and neither writes over the other", async () => {
    const world = await caughtUp();
    await outage(world, days(2));
    await run(world);
    const second = () => world.rows().filter(({ source }) => source);
    const before = structuredClone(second());
    await world.metrics.keepQueues(world.queues);
    await rollUpMetrics(
      { metrics: world.metrics, progress: world.book, now: world.now },
      world.now() + 45_000,
    );
    expect(second()).toEqual(before);
    const ofHour = world
      .rows()
      .filter(({ resolution, at }) => resolution === "1h" && at === "2026-11-25T12:00:00.000Z");
    expect(new Map(ofHour.map(({ source, partial }) => [source, partial]))).toEqual(
      new Map([
        [undefined, true],
        ["GetMetricDataV2", false],
      ]),
    );
  });

  it("is read by one run at a time, and again by the next from the hour on at which one died", async () => {
    const world = await caughtUp();
    world.advance(hours(3));
    const book = world.outcomeBooks["1h"];
    const { keep, release } = book;
    book.keep = async (progress, owner) => {
      if (world.asked.length > 1) throw new Error("died");
      return keep.call(book, progress, owner);
    };
    book.release = async () => {};
    expect(await run(world)).toMatchObject({ failures: [{ error: new Error("died") }] });
    Object.assign(book, { keep, release });
    expect(await run(world)).toMatchObject({ outcomesTaken: 1 });
    world.advance(minutes(2));
    expect(await run(world)).toMatchObject({ outcomesTaken: 0, outcomesRead: 3 });
    expect(asked(world, "1h")).toEqual([
      "11-24T11:00",
      "11-24T12:00",
      "11-24T12:00",
      "11-24T13:00",
      "11-24T14:00",
    ]);
  });

  it("has all that history has lost and nothing twice, whatever is out when", async () => {
    const pause = fc.record({
      ms: fc.integer({ min: 5, max: 60 * 70 }).map(minutes),
      first: fc.boolean(),
      second: fc.constantFrom("well", "well", "no time", "page fault"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(pause, { minLength: 1, maxLength: 12 }), async (pauses) => {
        const world = await caughtUp();
        const begun = world.now();
        for (const { ms, first, second } of pauses) {
          world.advance(ms);
          if (first) await run(world, "historical");
          world.answers = second === "page fault" ? Array(3).fill(() => ({ kind: "unclear" as const })) : [];
          await run(world, "outcomes", second === "no time" ? 1_000 : 45_000);
          world.answers = [];
        }
        world.advance(hours(2));
        await run(world, "historical");
        await run(world);
        world.advance(hours(26));
        await run(world, "historical");
        await run(world);
        const { gaps = [] } = world.book.progress ?? {};
        const lost = (from: number, to: number) =>
          gaps.some((gap) => Date.parse(gap.from) < to && from < Date.parse(gap.to));
        for (const [resolution, step] of [
          ["1h", hours(1)],
          ["1d", days(1)],
        ] as const) {
          const rows = world.rows().filter((row) => row.source && row.resolution === resolution);
          const from = Math.ceil(begun / step) * step;
          for (let at = from; at + step <= world.now() - minutes(5); at += step) {
            const own = rows.filter((row) => Date.parse(row.at) === at);
            expect(own.map(({ values }) => "CONTACTS_QUEUED" in values)).toEqual([lost(at, at + step)]);
          }
        }
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});
