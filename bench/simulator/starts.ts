import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { median } from "../statistics.ts";
import { largeCentre } from "./centres.ts";
import { startSimulator } from "./simulator-process.ts";

export interface Starts {
  users: number;
  /** Seconds, medians. */
  inMemory: number;
  newJournal: number;
  fromJournal: number;
}

const repetitions = 3;

export async function measureStarts(directory: string, users: number): Promise<Starts> {
  const inMemory: number[] = [];
  const newJournal: number[] = [];
  const fromJournal: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const data = ["--data", await mkdtemp(join(directory, "data-"))];
    for (const [seconds, flags] of [
      [inMemory, []],
      [newJournal, data],
      [fromJournal, data],
    ] as const) {
      const simulator = await startSimulator(directory, largeCentre(users), [...flags]);
      seconds.push(simulator.startSeconds);
      await simulator.stop();
    }
  }
  return {
    users,
    inMemory: median(inMemory),
    newJournal: median(newJournal),
    fromJournal: median(fromJournal),
  };
}
