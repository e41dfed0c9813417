import { parseArgs } from "node:util";

export const help = `npm run bench:simulator -- [options]

Measures the local Amazon Connect simulator: requests, memory, starts, a day of calls; and moto where it is installed.

  --seconds n  how long each operation is measured at each size (default 3, at most 60)
  --users n    the larger of the two sizes (default 100000, at most 1000000); the smaller one has 100
  --help

Only a run with the defaults writes bench/simulator/results.md. Linux, for it reads /proc.`;

export interface Options {
  seconds: number;
  users: number;
  help: boolean;
  /** The results are worth keeping. */
  isWhole: boolean;
}

export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string" },
      users: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const { seconds, users, help } = values;
  return {
    seconds: numberOf("--seconds", seconds ?? "3", 0.1, 60),
    users: Math.round(numberOf("--users", users ?? "100000", 2000, 1_000_000)),
    help,
    isWhole: seconds === undefined && users === undefined,
  };
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!(value >= least && value <= most)) throw new Error(`${name} must be from ${least} to ${most}`);
  return value;
}
