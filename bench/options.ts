import { parseArgs } from "node:util";
import { type MeasureName, measureNames } from "./measure/all.ts";

export const help = `npm run bench -- [options]

Measures start-contact against the usual recipe (bench/recipe), side by side, and writes bench/results.md.

  --only a,b        only these of: ${measureNames.join(", ")}
  --quick           a tenth of the work: to see that it runs, not for figures
  --against-itself  the recipe in both columns: shows what differences this machine makes up
  --help

Only a whole run, with none of the first three, writes bench/results.md.`;

export interface Options {
  only: readonly MeasureName[];
  quick: boolean;
  againstItself: boolean;
  help: boolean;
  /** Everything is measured in full, so the results are worth keeping. */
  isWhole: boolean;
}

export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      "against-itself": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { only, quick, "against-itself": againstItself, help } = values;
  return {
    only: only === undefined ? measureNames : only.split(",").map(measureName),
    quick,
    againstItself,
    help,
    isWhole: only === undefined && !quick && !againstItself,
  };
}

function measureName(text: string): MeasureName {
  const name = measureNames.find((known) => known === text.trim());
  if (!name) throw new Error(`"${text}" is not one of ${measureNames.join(", ")}`);
  return name;
}
