import { afterAll, beforeAll } from "vitest";
import { type Lab, startLab } from "../support/faults/lab.ts";
import { oursIn } from "../support/faults/our-side.ts";
import { type RecipeFunctions, recipeFunctions } from "../support/faults/recipe-functions.ts";
import { recipeSide } from "../support/faults/recipe-side.ts";
import type { Outcome, Side } from "../support/faults/side.ts";
import { run } from "./run-scenario.ts";
import type { Scenario } from "./scenario.ts";

/** The laboratory for the tests of one file. */
export function aBench() {
  let lab: Lab;
  let ours: (name: string) => Promise<Side>;
  let functions: RecipeFunctions;
  let count = 0;

  beforeAll(async () => {
    lab = await startLab();
    ours = await oursIn(lab);
    functions = await recipeFunctions(lab);
  });
  afterAll(async () => {
    await functions?.end();
    await lab?.stop();
  });

  return {
    ours: async (scenario: Scenario): Promise<Outcome> => {
      count += 1;
      const name = `ours-${count}`;
      return run(scenario, name, { lab, side: await ours(name), connect: lab.connect.forgets });
    },
    recipe: async (scenario: Scenario, connect: keyof Lab["connect"] = "forgets"): Promise<Outcome> => {
      count += 1;
      const name = `recipe-${count}`;
      const { recipe: variant = "careful", timeoutSeconds = 30, listens } = scenario;
      const side = await recipeSide(lab, functions, { name, variant, timeoutSeconds, connect, listens });
      return run(scenario, name, { lab, side, connect: lab.connect[connect] });
    },
    lab: () => lab,
  };
}
