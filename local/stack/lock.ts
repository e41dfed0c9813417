import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export class LockedError extends Error {
  readonly holder: number;

  constructor(file: string, holder: number) {
    super(`${file} is held by process ${holder}`);
    this.holder = holder;
  }
}

const held = new Set<string>();

/**
 * One holder at a time, in this process and among others. A holder that has died holds nothing.
 * @returns how to give it back @throws LockedError
 */
export function lock(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true });
  if (held.has(file)) throw new LockedError(file, process.pid);
  take(file);
  held.add(file);
  return () => {
    if (held.delete(file)) rmSync(file, { force: true });
  };
}

function take(file: string): void {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "EEXIST") throw error;
    const holder = holderOf(file);
    if (holder !== undefined && isAlive(holder)) throw new LockedError(file, holder);
    rmSync(file, { force: true });
    take(file);
  }
}

function holderOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    // Its own number, and yet not held: left by a process of that number before.
    return pid > 0 && pid !== process.pid ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
