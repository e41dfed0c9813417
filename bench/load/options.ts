import { parseArgs } from "node:util";

export const help = `npm run load -- [options]

Many calls through the whole service on this machine, and what release-due costs by the rows that are stored and that are due.

  --requests n  call requests (default 100000)
  --rows n      deferred rows in the largest table (default 1000000); the smaller ones have a tenth and a hundredth
  --only part   calls or rows alone
  --help

A part that is run with its default writes bench/load/calls-results.md or rows-results.md; that takes half an hour, and 10 GB of memory.
Linux, for it reads /proc.
To look at something: npm run load -- --requests 1000 --rows 20000`;

/** The defaults: results of fewer are not kept. */
const whole = { requests: 100_000, rows: 1_000_000 };

export interface Options {
  /** Undefined where only the other part is asked for. */
  calls: { requests: number; isWhole: boolean } | undefined;
  rows: { rows: number; isWhole: boolean } | undefined;
  help: boolean;
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
  const { only, help } = values;
  if (only !== undefined && only !== "calls" && only !== "rows")
    throw new Error('--only must be "calls" or "rows"');
  const requests = numberOf("--requests", values.requests ?? String(whole.requests), 100, whole.requests);
  const rows = numberOf("--rows", values.rows ?? String(whole.rows), 10_000, 10_000_000);
  return {
    calls: only === "rows" ? undefined : { requests, isWhole: requests === whole.requests },
    rows: only === "calls" ? undefined : { rows, isWhole: rows === whole.rows },
    help,
  };
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${least} to ${most}`);
}
