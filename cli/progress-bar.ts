import { SingleBar } from "cli-progress";
import { saidOf } from "../lib/roster/plan/estimate.ts";

const plainEveryMs = 10_000;

export interface ProgressBar {
  /** May be called as often as one likes. */
  show(done: number, of: number): void;
  end(): void;
}

/** Beside the output: a bar on a terminal, and elsewhere a line now and then. Without anything to be done it shows nothing. */
export function progressBar(what: string): ProgressBar {
  const place = process.stderr.isTTY ? `${what} {bar}` : `${what}:`;
  const bar = new SingleBar({
    stream: process.stderr,
    format: `${place} {value} of {total}{eta_formatted}`,
    formatTime: left,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    // Whoever presses Ctrl-C gets the terminal back as it was.
    linewrap: true,
    etaBuffer: 200,
    noTTYOutput: true,
    notTTYSchedule: plainEveryMs,
  });
  return {
    show: (done, of) => {
      if (bar.isActive) bar.update(done);
      else if (of > 0) bar.start(of, done);
    },
    end: () => bar.stop(),
  };
}

/** Not a number as long as nothing gets on, and 0 when nothing is left. */
const left = (seconds: unknown): string =>
  typeof seconds === "number" && seconds > 0 ? `, ${saidOf(seconds * 1_000)} left` : "";
