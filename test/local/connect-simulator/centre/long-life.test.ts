import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openJournal } from "../../../../local/connect-simulator/journal.ts";
import type { CentreConfigInput } from "../../../../local/connect-simulator/simulator.ts";
import { aCentre, minutes } from "../support.ts";
import { midnight } from "./any-day.ts";
import { historicalFigures } from "./figures.ts";

function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "connect-simulator-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

type Instance = NonNullable<CentreConfigInput["instances"]>[number];
const always = (seconds: number): [number, number] => [seconds, seconds];
const durations = { flow: always(1), accept: always(1), talk: always(600), afterContactWork: always(10) };
const hours = (count: number) => new Date(midnight.getTime() + count * 3_600_000);

const aCentreOf = (instance: Instance, options: Parameters<typeof aCentre>[0] = {}) =>
  aCentre({
    startAt: midnight,
    centre: { instances: [{ queues: ["Sales"], users: [{ username: "ana" }], ...instance }] },
    ...options,
  });

describe("over a long life", () => {
  it("a load of few contacts in few hours goes on for days", async () => {
    const perHour = Array.from({ length: 24 }, (_, hour) => (hour === 9 ? 1 : 0));
    const { simulator } = await aCentreOf({ load: [{ queue: "Sales", perHour }] });
    await simulator.clock({ advanceSeconds: 60 * 86_400 });
    expect(simulator.contacts().length).toBeGreaterThan(30);
  });

  it("a speed that the machine cannot keep up with leaves it answering", async () => {
    const { simulator, raw } = await aCentreOf(
      { users: [{ username: "ana", count: 60 }], load: [{ queue: "Sales", perHour: 3_000 }] },
      { speed: 1_000_000, activeCalls: 1_000 },
    );
    for (let request = 0; request < 20; request += 1) {
      expect((await raw("GET", "/_sim/clock")).status).toBe(200);
    }
    await simulator.clock({ speed: 0 });
  });

  it("what is counted is counted once, whatever is restarted in between", async () => {
    const dataDir = aDirectory();
    const instance: Instance = { behaviour: { durations, consults: 1 } };
    const before = await aCentreOf(instance, { dataDir });
    before.simulator.arrive({});
    await before.advance(400);
    await before.simulator.stop();
    const after = await aCentreOf(instance, { dataDir });
    await after.advance(minutes(20));
    expect(after.simulator.books().reduce((count, { consulted }) => count + consulted, 0)).toBe(1);
  });

  it("an agent in a talk of hours is occupied all the while", async () => {
    const centre = await aCentreOf({
      behaviour: { durations: { ...durations, talk: always(7200) } },
    });
    centre.simulator.arrive({});
    await centre.advance(5400);
    const spans = [
      { from: midnight, to: hours(1) },
      { from: hours(1), to: new Date(hours(1).getTime() + 25 * 60_000) },
    ];
    for (const span of spans) {
      expect((await historicalFigures(centre, span)).get("all")?.OCCUPANCY).toBeGreaterThan(99);
    }
  });

  it("a clock that stands still goes on where it was advanced to, also after a kill", async () => {
    const dataDir = aDirectory();
    const killed = await aCentreOf({}, { dataDir });
    await killed.advance(7200);
    const copy = aDirectory();
    cpSync(dataDir, copy, { recursive: true });
    const after = await aCentreOf({}, { dataDir: copy });
    expect(after.simulator.clockReading().now).toBe(hours(2).toISOString());
  });

  it("a reset is not undone by a receiver that answers late", async () => {
    const dataDir = aDirectory();
    const answers: (() => void)[] = [];
    const deliverRecord = () => new Promise<void>((resolve) => answers.push(resolve));
    const before = await aCentreOf({}, { dataDir, deliverRecord });
    await before.simulator.clock({ speed: 0 });
    before.simulator.arrive({ direction: "outbound" });
    void before.advance(minutes(30));
    await expect.poll(() => answers.length).toBe(1);

    before.simulator.reset();
    for (const answer of answers) answer();
    await before.simulator.stop();
    const after = await aCentreOf({}, { dataDir });
    expect(after.simulator.contacts()).toEqual([]);
  });

  it("contacts of an instance that the configuration no longer has are an error, not a loss", async () => {
    const dataDir = aDirectory();
    const before = await aCentreOf({ id: "one" }, { dataDir });
    before.simulator.arrive({});
    await before.simulator.stop();
    await expect(aCentreOf({ id: "other" }, { dataDir })).rejects.toThrow(/contacts of the instance one/);
  });

  it("idle weeks leave quarters of an hour behind, and five minutes of the last two days", async () => {
    const dataDir = aDirectory();
    const breaks = { every: always(600), last: always(60) };
    const centre = await aCentreOf({ behaviour: { breaks } }, { dataDir });
    await centre.advance(10 * 86_400);
    await centre.simulator.stop();
    const rows = openJournal(dataDir).found<{ start: number }>("agentTime");
    const fine = rows.filter(({ start }) => start % 900_000 !== 0);
    expect(rows.length).toBeLessThan(8 * 96 + 600);
    expect(Math.min(...fine.map(({ start }) => start))).toBeGreaterThanOrEqual(hours(8 * 24 - 2).getTime());
  });
});
