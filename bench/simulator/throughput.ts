import { sum } from "../statistics.ts";
import { largeCentre } from "./centres.ts";
import { cpuSeconds } from "./cores.ts";
import { type Load, load } from "./load.ts";
import { type Plan, plans } from "./plans.ts";
import { signerFor } from "./signing.ts";
import { type Memory, type Simulator, startSimulator } from "./simulator-process.ts";
import { survey } from "./survey.ts";

export interface Figures {
  users: number;
  requests: number;
  seconds: number;
  latencies: number[];
  cpuSeconds: number;
}

export interface Row {
  name: string;
  checked: boolean;
  few: Figures;
  many: Figures;
}

export interface MemoryRow {
  users: number;
  checked: boolean;
  started: Memory;
  after: Memory;
}

type Settings = { directory: string; users: number; seconds: number; say(text: string): void };
type Subject = { users: number; simulator: Simulator; sender: Awaited<ReturnType<typeof senderFor>> };

const rounds = 3;
const warmUpSeconds = 1;
const readsPrepared = 2000;

/** Every operation at both sizes, with signatures checked and not. */
export async function measureThroughput(settings: Settings): Promise<{ rows: Row[]; memory: MemoryRow[] }> {
  const rows: Row[] = [];
  const memory: MemoryRow[] = [];
  for (const checked of [true, false]) {
    const sizes = [...new Set([...plans.map(({ fewUsers }) => fewUsers), settings.users])];
    const subjects: Subject[] = [];
    try {
      for (const users of sizes) {
        const flags = checked ? [] : ["--no-auth"];
        const simulator = await startSimulator(settings.directory, largeCentre(users), flags);
        const started = await simulator.memory();
        memory.push({ users, checked, started, after: started });
        subjects.push({ users, simulator, sender: await senderFor(simulator) });
      }
      for (const plan of plans) {
        settings.say(`${plan.name}, signatures ${checked ? "checked" : "not checked"}`);
        const those = [plan.fewUsers, settings.users].map((size) =>
          subjects.find(({ users }) => users === size),
        );
        rows.push(await compare(plan, checked, those, settings.seconds));
      }
      for (const row of memory.filter((one) => one.checked === checked)) {
        const subject = subjects.find(({ users }) => users === row.users);
        if (subject) row.after = await subject.simulator.memory();
      }
    } finally {
      for (const { simulator } of subjects) await simulator.stop();
    }
  }
  return { rows, memory };
}

/** Both sizes in turns, so that a busy moment of the machine does not fall upon the one alone. */
async function compare(
  plan: Plan,
  checked: boolean,
  [few, many]: (Subject | undefined)[],
  seconds: number,
): Promise<Row> {
  if (few === undefined || many === undefined) throw new Error("a size is missing");
  for (const { sender } of [few, many]) await sender.warmUp(plan, seconds);
  const totals = [few, many].map(({ users }) => noFigures(users));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { sender }] of [few, many].entries()) {
      const before = totals[index];
      if (before) totals[index] = added(before, await sender.send(seconds / rounds));
    }
  }
  const [ofFew = noFigures(0), ofMany = noFigures(0)] = totals;
  return { name: plan.name, checked, few: ofFew, many: ofMany };
}

const noFigures = (users: number): Figures => ({
  users,
  requests: 0,
  seconds: 0,
  latencies: [],
  cpuSeconds: 0,
});

function added(before: Figures, { loaded, cpu }: { loaded: Load; cpu: number }): Figures {
  return {
    users: before.users,
    requests: sum([before.requests, loaded.requests]),
    seconds: before.seconds + loaded.seconds,
    latencies: before.latencies.concat(loaded.latencies),
    cpuSeconds: before.cpuSeconds + cpu,
  };
}

/** Prepares and signs requests for one simulator, and sends them. */
async function senderFor({ pid, port }: Simulator) {
  const sign = signerFor(port);
  const found = await survey(port, sign);
  let made = 0;
  let next: () => Buffer | undefined = () => undefined;

  async function prepared(plan: Plan, count: number): Promise<() => Buffer | undefined> {
    const requests: Buffer[] = [];
    for (let index = 0; index < count; index += 1) {
      requests.push((await sign(plan.request(found, plan.once ? made : index))).bytes);
      made += 1;
    }
    let sent = 0;
    return () => {
      sent += 1;
      return plan.once ? requests[sent - 1] : requests[(sent - 1) % requests.length];
    };
  }

  return {
    /** For as long as the code takes to get fast; what is sent once only is prepared by the pace that this shows. */
    async warmUp(plan: Plan, seconds: number): Promise<void> {
      next = await prepared(plan, plan.once ? 5 * readsPrepared : readsPrepared);
      const warm = await load(port, next, warmUpSeconds);
      if (plan.once) next = await prepared(plan, Math.ceil((warm.requests / warm.seconds) * seconds * 1.5));
    },
    async send(seconds: number): Promise<{ loaded: Load; cpu: number }> {
      const before = await cpuSeconds(pid);
      const loaded = await load(port, next, seconds);
      return { loaded, cpu: (await cpuSeconds(pid)) - before };
    },
  };
}
