import { describe, expect, it } from "vitest";
import { snapshotMetrics } from "../../../lib/metrics/snapshot-metrics.ts";
import { aMetricsWorld, aPage, type MetricsWorld } from "../../support/metrics-world.ts";

const minute = 60_000;
const at = "2026-11-24T12:00:00.000Z";

const run = (world: MetricsWorld, forMs = 45_000) =>
  snapshotMetrics({ reading: "current" }, world.steps, world.now() + forMs);

const snapshots = async (world: MetricsWorld) => (await world.metrics.snapshots({ limit: 100 })).items;

describe("a snapshot of the present minute", () => {
  it("holds a row of every queue, under the minute, as of Connect's instant", async () => {
    const world = aMetricsWorld({ queues: 2, startAt: "2026-11-24T12:00:07Z" });
    world.answers.push(({ queueIds }) => aPage(queueIds, { snapshotAt: Date.parse("2026-11-24T12:00:05Z") }));

    expect(await run(world)).toMatchObject({ snapshotsWhole: 1, snapshotsPartial: 0, rows: 2 });

    expect(world.rows()).toEqual(
      ["queue-0", "queue-1"].map((queueId) => ({
        queueId,
        channel: "VOICE",
        resolution: "now",
        at,
        asOf: "2026-11-24T12:00:05.000Z",
        values: { N: 1 },
        partial: false,
      })),
    );
    expect(await snapshots(world)).toEqual([{ at, state: "whole", channels: ["VOICE"], lacking: 0 }]);
  });

  it("asks for a hundred queues at a time", async () => {
    const world = aMetricsWorld({ queues: 250 });
    await run(world);
    expect(world.asked.map(({ queueIds }) => queueIds.length).toSorted()).toEqual([100, 100, 50]);
    expect(world.rows()).toHaveLength(250);
  });

  it("is taken once, however many runs there are in one minute", async () => {
    const world = aMetricsWorld();
    const runs = await Promise.all([run(world), run(world), run(world)]);
    world.advance(10_000);
    runs.push(await run(world));
    expect(runs.map((one) => "snapshotsWhole" in one && one.snapshotsWhole)).toEqual([1, 0, 0, 0]);
    expect(world.asked).toHaveLength(1);
    world.advance(minute);
    await run(world);
    expect(await snapshots(world)).toHaveLength(2);
  });

  it("is not missed by a run that comes a little too early for its minute", async () => {
    const world = aMetricsWorld();
    await run(world);
    world.advance(minute - 1_000);
    expect(await run(world)).toMatchObject({ snapshotsWhole: 1, snapshotsTaken: 0 });
    world.advance(minute - 6_000);
    expect(await run(world)).toMatchObject({ snapshotsTaken: 1 });
    expect((await snapshots(world)).map(({ at }) => at)).toEqual(["2026-11-24T12:01:00.000Z", at]);
  });

  it("is made of whole sets of pages of one instant: what breaks off begins anew", async () => {
    const world = aMetricsWorld();
    const early = world.now() - 3_000;
    world.answers.push(
      ({ queueIds }) => aPage(queueIds, { snapshotAt: early, next: "page-2", value: 7 }),
      () => ({ kind: "token-gone" }),
      ({ queueIds }) => aPage(queueIds.slice(0, 1), { snapshotAt: early, next: "page-2", value: 8 }),
      ({ queueIds }) => aPage(queueIds.slice(1), { snapshotAt: early + 1_000, value: 8 }),
      ({ queueIds }) => aPage(queueIds.slice(0, 1), { snapshotAt: early + 2_000, next: "page-2", value: 9 }),
      ({ queueIds }) => aPage(queueIds.slice(1), { snapshotAt: early + 2_000, value: 9 }),
    );

    expect(await run(world)).toMatchObject({ snapshotsWhole: 1, rows: 3 });

    expect(world.asked.map(({ token }) => token)).toEqual([
      undefined,
      "page-2",
      undefined,
      "page-2",
      undefined,
      "page-2",
    ]);
    expect(world.rows().map(({ values }) => values["N"])).toEqual([9, 9, 9]);
  });

  it("slows everybody down when Connect says that it is too much, and asks for the same page again", async () => {
    const world = aMetricsWorld();
    world.answers.push(
      ({ queueIds }) => aPage(queueIds.slice(0, 1), { next: "page-2", snapshotAt: 1 }),
      () => ({ kind: "too-fast" }),
      ({ queueIds }) => aPage(queueIds.slice(1), { snapshotAt: 1 }),
    );
    expect(await run(world)).toMatchObject({ snapshotsWhole: 1, rows: 3 });
    expect(world.pushedBack).toBe(1);
    expect(world.asked.map(({ token }) => token)).toEqual([undefined, "page-2", "page-2"]);
  });

  it("waits for a moment that others have taken before it", async () => {
    const world = aMetricsWorld();
    const { take } = world.steps.rates.current;
    let refusals = 3;
    world.steps.rates.current.take = async (count, horizonMs) =>
      refusals-- > 0 ? [] : take(count, horizonMs);
    expect(await run(world)).toMatchObject({ snapshotsWhole: 1 });
    expect(world.now()).toBe(Date.parse(at) + 600);
  });

  it("is marked as partial, rows and all, when a hundred queues could not be read", async () => {
    const world = aMetricsWorld({ queues: 150 });
    const ofTheFirst = (queueIds: readonly string[]) => queueIds.includes("queue-0");
    for (let n = 0; n < 8; n += 1) {
      world.answers.push(({ queueIds }) =>
        ofTheFirst(queueIds) ? { kind: "unclear" } : aPage(queueIds, { snapshotAt: 1 }),
      );
    }

    expect(await run(world)).toMatchObject({ snapshotsWhole: 0, snapshotsPartial: 1, rows: 50 });

    expect(world.rows().every(({ partial }) => partial)).toBe(true);
    expect(await snapshots(world)).toMatchObject([{ state: "partial", lacking: 100 }]);
  });

  it("is partial when the time is up, and begins nothing after that", async () => {
    const world = aMetricsWorld({ queues: 600 });
    const until = world.now() + 5_000;
    world.answers.push(
      ...Array.from({ length: 6 }, () => ({ queueIds }: { queueIds: readonly string[] }) => {
        world.advance(700);
        return aPage(queueIds, { snapshotAt: 1 });
      }),
    );

    expect(await run(world, 5_000)).toMatchObject({ snapshotsWhole: 0, snapshotsPartial: 1 });

    expect(world.asked.length).toBeLessThan(6);
    expect(world.now()).toBeLessThan(until);
    const [snapshot] = await snapshots(world);
    expect(snapshot?.lacking).toBe(600 - world.rows().length);
  });

  it("stays open, and is nobody's whole snapshot, when the run dies before its end", async () => {
    const world = aMetricsWorld();
    world.metrics.closeSnapshot = () => Promise.reject(new Error("died"));
    await expect(run(world)).rejects.toThrow("died");
    expect(await snapshots(world)).toMatchObject([{ state: "open" }]);
  });

  it("does without a queue that is gone, and with one that is new", async () => {
    const world = aMetricsWorld({ queues: 3 });
    await run(world);
    world.advance(minute);
    world.queues = [...world.queues.slice(1), { queueId: "queue-new", name: "New" }];
    world.answers.push(() => ({ kind: "unknown-queue" }));

    expect(await run(world)).toMatchObject({ snapshotsWhole: 1, rows: 2 });
    world.advance(minute);
    expect(await run(world)).toMatchObject({ snapshotsWhole: 1, rows: 3 });

    expect(world.asked.at(-1)?.queueIds).toEqual(["queue-1", "queue-2", "queue-new"]);
    expect((await world.metrics.queues({ limit: 10 })).items).toEqual(
      world.queues.toSorted((a, b) => (a.queueId < b.queueId ? -1 : 1)),
    );
  });

  it("reports what asking again cannot help, and reads the other queues", async () => {
    const world = aMetricsWorld({ queues: 101 });
    const error = Object.assign(new Error("no"), { name: "AccessDeniedException" });
    world.answers.push(({ queueIds }) =>
      queueIds.length === 100 ? error : aPage(queueIds, { snapshotAt: 1 }),
    );
    expect(await run(world)).toMatchObject({ snapshotsPartial: 1, rows: 1, failures: [{ error }] });
  });
});

it("refuses a schedule that asks for nothing known", async () => {
  const world = aMetricsWorld();
  for (const event of [{}, { reading: "all" }, undefined, { source: "aws.events" }]) {
    expect(() => snapshotMetrics(event, world.steps, world.now())).toThrow("Expected");
  }
});
