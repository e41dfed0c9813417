import { parseArgs } from "node:util";

export const help = `npm run load -- [options]

Many calls through the whole service on this machine, and what release-due costs by the rows that are stored and that are due.

  --requests n  call requests (default 100000)
  --rows n      deferred rows in the largest table (default 1000000); the smaller ones have a tenth and a hundredth
  --only part   calls or rows alone
  --help

Only a run with the defaults writes bench/load/results.md; it takes hours, and 4 GB of memory. Linux, for it reads /proc.
To look at something: npm run load -- --requests 1000 --rows 20000`;

export interface Options {
  requests: number;
  rows: number;
  calls: boolean;
  table: boolean;
  help: boolean;
  /** The results are worth keeping. */
  isWhole: boolean;
}

export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      requests: { type: "string" },
      rows: { type: "string" },
      only: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const { requests, rows, only, help } = values;
  if (only !== undefined && only !== "calls" && only !== "rows")
    throw new Error('--only must be "calls" or "rows"');
  return {
    requests: numberOf("--requests", requests ?? "100000", 100, 100_000),
    rows: numberOf("--rows", rows ?? "1000000", 10_000, 10_000_000),
    calls: only !== "rows",
    table: only !== "calls",
    help,
    isWhole: requests === undefined && rows === undefined && only === undefined,
  };
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${least} to ${most}`);
}
