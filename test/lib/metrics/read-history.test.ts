import { describe, expect, it } from "vitest";
import { snapshotMetrics } from "../../../lib/metrics/snapshot-metrics.ts";
import { aMetricsWorld, aPage, type MetricsWorld } from "../../support/metrics-world.ts";

const minutes = (count: number) => count * 60_000;
const hours = (count: number) => count * 3_600_000;

const run = (world: MetricsWorld, forMs = 45_000) =>
  snapshotMetrics({ reading: "historical" }, world.steps, world.now() + forMs);

const starts = (world: MetricsWorld, from = 0) =>
  world.asked.slice(from).map((asked) => new Date(asked.from ?? 0).toISOString().slice(11, 16));

/** A world in which everything has been read and corrected up to now. */
async function caughtUp(world = aMetricsWorld({ startAt: "2026-11-24T12:00:30Z" })): Promise<MetricsWorld> {
  await run(world);
  world.advance(minutes(20));
  await run(world);
  world.advance(minutes(20));
  await run(world);
  world.asked = [];
  return world;
}

describe("history", () => {
  it("begins with what Connect still tells of: the last 24 hours, oldest first", async () => {
    const world = aMetricsWorld({ startAt: "2026-11-24T12:00:30Z" });
    expect(await run(world)).toMatchObject({ intervalsRead: 287, intervalsLeft: 0 });
    expect(starts(world)[0]).toBe("12:05");
    expect(starts(world).at(-1)).toBe("11:55");
    expect(world.asked.map(({ from = 0 }) => from)).toEqual(
      world.asked.map(({ from = 0 }) => from).toSorted(),
    );
    expect(world.asked.every(({ from = 0, to }) => to === from + minutes(5))).toBe(true);
    expect(world.rows()).toHaveLength(287 * 3);
  });

  it("goes on where it stopped, and fills the gap that an outage left", async () => {
    const world = await caughtUp();
    world.advance(hours(3));
    expect(await run(world)).toMatchObject({ intervalsRead: 36 });
    expect((await world.book.look())?.gaps).toEqual([]);
  });

  it("reads an interval once more a quarter of an hour after its end, if it was read before that", async () => {
    const world = await caughtUp();
    expect(await world.book.look()).toMatchObject({
      readUntil: "2026-11-24T12:40:00.000Z",
      amendable: ["2026-11-24T12:25:00.000Z", "2026-11-24T12:30:00.000Z", "2026-11-24T12:35:00.000Z"],
    });
    world.advance(minutes(5));
    expect(await run(world)).toMatchObject({ intervalsReadAgain: 1, intervalsRead: 1 });
    expect(starts(world)).toEqual(["12:25", "12:40"]);
    world.advance(hours(1));
    expect(await run(world)).toMatchObject({ intervalsReadAgain: 3, intervalsRead: 12 });
  });

  it("corrects the rows that Connect has amended and writes no others", async () => {
    const world = await caughtUp();
    world.advance(minutes(5));
    world.answers.push(({ queueIds }) => {
      const page = aPage(queueIds);
      if (page.kind === "page" && page.rows[1]) page.rows[1] = { ...page.rows[1], values: { N: 2 } };
      return page;
    });

    expect(await run(world)).toMatchObject({ intervalsReadAgain: 1, rowsCorrected: 1 });

    const corrected = world.rows().filter(({ at }) => at === "2026-11-24T12:25:00.000Z");
    expect(corrected.map(({ values, asOf }) => [values["N"], asOf.slice(11, 16)])).toEqual([
      [1, "12:40"],
      [2, "12:45"],
      [1, "12:40"],
    ]);
  });

  it("records as a gap what is further back than Connect tells, and invents nothing for it", async () => {
    const world = await caughtUp();
    world.advance(hours(30));
    const before = world.rows().length;

    expect(await run(world)).toMatchObject({ intervalsGivenUp: 73, intervalsRead: 287 });

    const { gaps = [], amendable } = (await world.book.look()) ?? {};
    expect(gaps).toEqual([{ from: "2026-11-24T12:40:00.000Z", to: "2026-11-24T18:45:00.000Z" }]);
    expect(world.rows()).toHaveLength(before + 287 * 3);
    // What was read early and is out of reach now stays as it was read.
    expect(amendable?.every((at) => at > "2026-11-25T18:00")).toBe(true);
  });

  it("tells what it gave up, and what it had read, when it fails after that", async () => {
    const world = await caughtUp();
    world.advance(hours(30));
    const error = new Error("throttled");
    world.metrics.putAll = () => Promise.reject(error);
    world.book.release = () => Promise.reject(error);
    expect(await run(world)).toMatchObject({ intervalsGivenUp: 73, failures: [{ error }, { error }] });
  });

  it("has one gap for an outage of Connect's that goes on while runs try", async () => {
    const world = await caughtUp();
    world.advance(hours(30));
    for (let tries = 0; tries < 3; tries += 1) {
      world.answers.push(...Array.from({ length: 4 }, () => () => ({ kind: "unclear" as const })));
      await run(world);
      world.advance(minutes(30));
    }
    await run(world);
    expect((await world.book.look())?.gaps).toEqual([
      { from: "2026-11-24T12:40:00.000Z", to: "2026-11-24T20:15:00.000Z" },
    ]);
  });

  it("does not go past an interval that it could not read", async () => {
    const world = await caughtUp();
    world.advance(minutes(10));
    world.answers.push(
      (asked) => aPage(asked.queueIds),
      (asked) => aPage(asked.queueIds),
      ...Array.from({ length: 4 }, () => () => ({ kind: "unclear" as const })),
    );
    expect(await run(world)).toMatchObject({ intervalsReadAgain: 2, intervalsRead: 0, intervalsLeft: 1 });
    expect(await run(world)).toMatchObject({ intervalsRead: 2, intervalsLeft: 0 });
  });

  it("stops when the time is up and goes on at the next run", async () => {
    const world = aMetricsWorld();
    world.answers.push(
      ...Array.from({ length: 300 }, () => ({ queueIds }: { queueIds: readonly string[] }) => {
        world.advance(1_000);
        return aPage(queueIds);
      }),
    );
    expect(await run(world)).toMatchObject({ intervalsRead: 42, intervalsLeft: 1 });
    expect(await run(world)).toMatchObject({ intervalsRead: 42, intervalsLeft: 1 });
    expect(new Set(starts(world)).size).toBe(84);
  });

  it("is read by one run at a time", async () => {
    const world = await caughtUp();
    world.advance(minutes(10));
    const [one, other] = await Promise.all([run(world), run(world)]);
    expect(one).toMatchObject({ intervalsRead: 2, historyTaken: 0 });
    expect(other).toMatchObject({ intervalsRead: 0, historyTaken: 1 });
  });

  it("is read again by the next run from the interval on at which one died", async () => {
    const world = await caughtUp();
    world.advance(minutes(5));
    const { keep, release } = world.book;
    world.book.keep = async (progress, owner) => {
      if (world.asked.length > 0) throw new Error("died");
      return keep.call(world.book, progress, owner);
    };
    world.book.release = async () => {};
    expect(await run(world)).toMatchObject({ failures: [{ error: new Error("died") }] });
    Object.assign(world.book, { keep, release });

    expect(await run(world)).toMatchObject({ historyTaken: 1 });
    world.advance(minutes(2));
    expect(await run(world)).toMatchObject({ intervalsRead: 1, intervalsReadAgain: 1 });
    expect(starts(world)).toEqual(["12:25", "12:25", "12:40"]);
  });
});
