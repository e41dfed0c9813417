import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";

const pinner = "taskset";
const canPin = cpus().length > 1 && spawnSync(pinner, ["--version"]).status === 0;

export const pinning = canPin
  ? "what is measured on core 1 alone, the load generator on core 0 (taskset)"
  : "NOT pinned to cores: there is no taskset here, or but one core";

/** What is measured has one core to itself. */
export function spawnOnItsCore(command: string, args: string[], options: SpawnOptions): ChildProcess {
  return canPin ? spawn(pinner, ["-c", "1", command, ...args], options) : spawn(command, args, options);
}

/** This process, which generates the load, keeps off that core. */
export function keepToTheOtherCore(): void {
  if (canPin) spawnSync(pinner, ["-a", "-p", "-c", "0", String(process.pid)]);
}

/** Resident memory in MB (1,000,000 bytes). */
export async function residentMB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return (Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024) / 1e6;
}

/** Seconds of the processor that a process has had, to the hundredth. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await gone;
}
