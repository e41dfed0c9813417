import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CentreConfigInput } from "../../local/connect-simulator/simulator.ts";
import { ended, residentMB, spawnOnItsCore } from "./cores.ts";

export interface Memory {
  rssMB: number;
  /** After a collection. */
  heapMB: number;
}

export interface Simulator {
  pid: number;
  port: number;
  /** From the command to its announcement. */
  startSeconds: number;
  memory(): Promise<Memory>;
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL("../../local/connect-simulator/main.ts", import.meta.url));
const reporter = new URL("./heap-reporter.ts", import.meta.url).href;
let configs = 0;

/** The command `npm run simulator`, on a core of its own, with a clock that stands still. */
export async function startSimulator(
  directory: string,
  centre: CentreConfigInput,
  flags: string[],
): Promise<Simulator> {
  configs += 1;
  const config = join(directory, `centre-${configs}.json`);
  await writeFile(config, JSON.stringify(centre));
  const node = ["--expose-gc", "--import", reporter, main];
  const settings = ["--port", "0", "--speed", "0", "--config", config, ...flags];
  const begun = performance.now();
  const child = spawnOnItsCore(process.execPath, [...node, ...settings], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });

  const port = await new Promise<number>((resolve, reject) => {
    let text = "";
    child.once("exit", () => reject(new Error("the simulator did not start")));
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const announced = /\(simulated\) at http:\S+:(\d+)/.exec(text);
      if (announced) resolve(Number(announced[1]));
    });
  });
  const startSeconds = (performance.now() - begun) / 1000;
  const { pid } = child;
  if (pid === undefined) throw new Error("the simulator has no process");

  return {
    pid,
    port,
    startSeconds,
    async memory() {
      const rssMB = await residentMB(pid);
      child.send("heap");
      const [heapUsed] = await once(child, "message");
      return { rssMB, heapMB: Number(heapUsed) / 1e6 };
    },
    stop: () => ended(child, "SIGTERM"),
  };
}
