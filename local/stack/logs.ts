import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What each function has logged, of a stack that keeps its state in `dir`. */
export const logsIn = (dir: string): string[] =>
  readdirSync(join(dir, "logs")).map((name) => readFileSync(join(dir, "logs", name), "utf8"));
