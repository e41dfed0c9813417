import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One stack for each directory of state. @returns how to give it back @throws Error that says who holds it */
export function lock(dir: string): () => void {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, "stack.pid");
  const holder = existsSync(file) ? Number(readFileSync(file, "utf8")) : undefined;
  if (holder !== undefined && holder !== process.pid && isAlive(holder)) {
    throw new Error(
      `A stack is running on ${dir} already (process ${holder}). Stop it, or use another directory.`,
    );
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
