import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface LabClock {
  /** For the processes of functions, so that they have the same time. */
  environment: Record<string, string>;
  advance(seconds: number): void;
  stop(): void;
}

/** Moves the clock of this process, in which the emulators are, and of every function at its next invocation. */
export function startClock(dir: string): LabClock {
  const file = join(dir, "clock");
  const realNow = Date.now;
  let aheadMs = 0;
  writeFileSync(file, "0");
  Date.now = () => realNow() + aheadMs;
  return {
    environment: {
      CLOCK_FILE: file,
      NODE_OPTIONS: `--import=${new URL("./process-clock.ts", import.meta.url).href}`,
    },
    advance: (seconds) => {
      aheadMs += seconds * 1000;
      writeFileSync(file, String(aheadMs));
    },
    stop: () => {
      Date.now = realNow;
    },
  };
}
