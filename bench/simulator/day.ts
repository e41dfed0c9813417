import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { median } from "../statistics.ts";
import { ended, spawnOnItsCore } from "./cores.ts";

export interface Day {
  queues: number;
  seconds: number;
  contacts: number;
  inbound: number;
  events: number;
  records: number;
  rssMB: number;
}

const repetitions = 3;
const script = fileURLToPath(new URL("./day-process.ts", import.meta.url));

/** The day that took the median time of several, each in a new process. */
export async function measureDay(queues: number): Promise<Day> {
  const days: Day[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const child = spawnOnItsCore(process.execPath, [script, String(queues)], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const failed = once(child, "exit").then(() => {
      throw new Error("the day did not end");
    });
    const [day] = await Promise.race([once(child, "message"), failed]);
    failed.catch(() => undefined);
    days.push(day as Day);
    await ended(child, "SIGKILL");
  }
  const middle = median(days.map(({ seconds }) => seconds));
  const found = days.find(({ seconds }) => seconds === middle);
  if (found === undefined) throw new Error("there is no median of an even number of days");
  return found;
}
