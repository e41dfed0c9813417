import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginning, done, giveUp, nextTask, type Progress, unreadIn } from "../../../lib/metrics/progress.ts";
import { ofHistory } from "../../../lib/metrics/read-history.ts";
import { snapshotMetrics } from "../../../lib/metrics/snapshot-metrics.ts";
import { type Asked, aMetricsWorld, aPage, type MetricsWorld } from "../../support/metrics-world.ts";

const minute = 60_000;
const interval = 5 * minute;
const day = 24 * 3_600_000;

/** What happens to one run: nothing, or it ends before it has read as many intervals, in one of these ways. */
const fate = fc.record({
  pauseMinutes: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 12 }) },
    { weight: 2, arbitrary: fc.integer({ min: 13, max: 240 }) },
    { weight: 1, arbitrary: fc.integer({ min: 241, max: 3_000 }) },
  ),
  end: fc.constantFrom(
    "well",
    "well",
    "no time",
    "page fault",
    "dies asking",
    "dies writing",
    "dies keeping",
  ),
  after: fc.nat({ max: 30 }),
  overlaps: fc.boolean(),
});
type Fate = typeof fate extends fc.Arbitrary<infer Value> ? Value : never;

describe("any history of runs, outages and crashes", () => {
  it("reads each closed interval once, corrects it once, and leaves gaps only beyond Connect's reach", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 25 }), async (fates) => {
        const world = aMetricsWorld({ queues: 1, startAt: "2026-11-24T12:00:30Z" });
        const kept: Kept[] = [];
        const { keep } = world.book;
        world.book.keep = async (progress, owner) => {
          const held = await keep.call(world.book, progress, owner);
          if (held) kept.push({ progress, now: world.now() });
          return held;
        };
        for (const one of fates) await aRun(world, one);
        // The end: nothing goes wrong any more, until all has been read and corrected.
        for (let more = 0; more < 4; more += 1) {
          await aRun(world, { pauseMinutes: 10, end: "well", after: 0, overlaps: false });
        }
        checkRequests(world.asked);
        checkWhole(kept, world);
      }),
      { numRuns: 200, seed: 20 },
    );
  });
});

type Kept = { progress: Progress; now: number };

/** Nothing may be asked that Connect would refuse. */
function checkRequests(asked: readonly Asked[]): void {
  for (const { from = 0, to = 0, at = 0 } of asked as (Asked & { at?: number })[]) {
    expect(from % interval).toBe(0);
    expect(to).toBe(from + interval);
    expect(to).toBeLessThanOrEqual(at);
    expect(from).toBeGreaterThanOrEqual(at - day);
  }
}

function checkWhole(kept: readonly Kept[], world: MetricsWorld): void {
  const last = kept.at(-1)?.progress;
  if (!last) throw new Error("nothing was kept");
  const { since, readUntil, gaps, amendable } = last;
  const all = spansOf(since, readUntil);
  const given = gaps.flatMap(({ from, to }) => spansOf(from, to));
  const read = world.rows().map(({ at }) => at);

  // One row each, or a gap. Who dies between writing and keeping leaves rows that nobody answers for.
  expect([...read.filter((at) => !given.includes(at)), ...given].toSorted()).toEqual(all);
  expect(unreadIn(last, Date.parse(since), Date.parse(readUntil))).toBe(given.length);
  expect(Date.parse(readUntil)).toBeGreaterThan(world.now() - 2 * interval);
  expect(amendable.every((at) => Date.parse(at) > world.now() - 20 * minute - interval)).toBe(true);

  // The double amends every interval. One that still is as it was read early was out of reach when its time came.
  const readEarly = world.rows().filter(({ at, asOf }) => Date.parse(asOf) < Date.parse(at) + 4 * interval);
  for (const { at } of readEarly.filter((row) => !amendable.includes(row.at))) {
    const given = kept.find(({ progress }) => progress.readUntil > at && !progress.amendable.includes(at));
    expect(given?.now).toBeGreaterThan(Date.parse(at) + day - 3 * minute);
  }
}

const spansOf = (from: string, to: string): string[] =>
  Array.from({ length: (Date.parse(to) - Date.parse(from)) / interval }, (_, n) =>
    new Date(Date.parse(from) + n * interval).toISOString(),
  );

async function aRun(world: MetricsWorld, { pauseMinutes, end, after, overlaps }: Fate): Promise<void> {
  world.advance(pauseMinutes * minute);
  const { steps, metrics, book } = world;
  let left = end === "well" ? Number.POSITIVE_INFINITY : after;
  const dies = (when: Fate["end"]) => end === when && left <= 0;
  const fails = new Error("died");
  const asking: typeof steps.connect.historical = async (span, queueIds) => {
    if (dies("dies asking")) throw fails;
    world.asked.push({ queueIds, ...span, ...{ at: world.now() } });
    if (dies("page fault")) return { kind: "unclear" };
    world.advance(dies("no time") ? minute : 100);
    left -= 1;
    return aPage(queueIds, { value: world.now() });
  };
  const mine = {
    ...steps,
    connect: { ...steps.connect, historical: asking },
    metrics: Object.assign(Object.create(metrics), {
      putAll: async (rows: Parameters<typeof metrics.putAll>[0]) => {
        if (dies("dies writing")) throw fails;
        await metrics.putAll(rows);
      },
    }),
    progress: {
      look: () => book.look(),
      claim: (owner: string, until: number) => book.claim(owner, until),
      keep: (progress: Progress, owner: string) =>
        dies("dies keeping") ? Promise.reject(fails) : book.keep(progress, owner),
      // Who dies releases nothing.
      release: (owner: string) => (end.startsWith("dies") ? Promise.resolve() : book.release(owner)),
    },
  };
  const run = () => snapshotMetrics({ reading: "historical" }, mine, world.now() + 45_000).catch(() => {});
  await Promise.all(overlaps ? [run(), run()] : [run()]);
}

describe("the plan of history", () => {
  const now = Date.parse("2026-11-24T12:03:00Z");
  const progress: Progress = {
    since: "2026-11-24T10:00:00.000Z",
    readUntil: "2026-11-24T12:00:00.000Z",
    amendable: [],
    gaps: [],
  };

  it("has nothing to do until an interval is closed, by a clock that is behind as well", () => {
    expect(nextTask(progress, ofHistory, now)).toBeUndefined();
    expect(nextTask(progress, ofHistory, now + 2 * minute)).toBeUndefined();
    expect(nextTask(progress, ofHistory, now + 2 * minute + 5_000)).toEqual({
      kind: "read",
      at: Date.parse("2026-11-24T12:00:00Z"),
    });
  });

  it("takes an interval that is read a quarter of an hour after its end as final", () => {
    const task = { kind: "read" as const, at: Date.parse("2026-11-24T12:00:00Z") };
    expect(done(progress, task, ofHistory, task.at + 20 * minute - 1).amendable).toEqual([
      "2026-11-24T12:00:00.000Z",
    ]);
    expect(done(progress, task, ofHistory, task.at + 20 * minute).amendable).toEqual([]);
  });

  it("begins no further back than Connect tells, with time to spare", () => {
    const { since } = beginning(ofHistory, ofHistory.reachMs, now);
    expect(Date.parse(since)).toBeGreaterThanOrEqual(now - day + 2 * minute);
    expect(Date.parse(since)).toBeLessThan(now - day + 2 * minute + interval);
    expect(giveUp(beginning(ofHistory, ofHistory.reachMs, now), ofHistory, now)).toEqual(
      beginning(ofHistory, ofHistory.reachMs, now),
    );
  });

  it("tells how much of a span was never read: before the beginning, in gaps and since", () => {
    const known = {
      ...progress,
      gaps: [{ from: "2026-11-24T10:55:00.000Z", to: "2026-11-24T11:10:00.000Z" }],
    };
    const unread = (from: string, to: string) =>
      unreadIn(known, Date.parse(`2026-11-24T${from}:00Z`), Date.parse(`2026-11-24T${to}:00Z`));
    expect(unread("10:00", "10:55")).toBe(0);
    expect(unread("11:00", "12:00")).toBe(2);
    expect(unread("09:00", "12:30")).toBe(12 + 3 + 6);
    expect(unread("08:00", "09:00")).toBe(12);
    expect(unread("12:00", "13:00")).toBe(12);
  });
});
