import { describe, expect, it } from "vitest";
import { aBench } from "./bench.ts";
import { cellOf, expectTable, rowOf, tableOf, verdictOn } from "./fault-table.ts";
import { fifteen } from "./fifteen.ts";

const bench = aBench();
const rows: string[] = [];

describe("ours is clean, when", () => {
  it.each(fifteen.map((scenario) => [scenario.fault, scenario] as const))("%s", async (fault, scenario) => {
    const outcome = await bench.ours(scenario);
    const recipe = await bench.recipe(scenario);
    // Nothing can come of a token where no call was repeated.
    const withTokens = recipe.calls > 1 && cellOf(scenario, await bench.recipe(scenario, "remembers"));
    const cells = [cellOf(scenario, outcome), cellOf(scenario, recipe), withTokens || "the same"];
    rows.push(rowOf([scenario.id, fault, ...cells, scenario.avoidable ?? "–"]));
    expect(verdictOn(scenario, outcome), JSON.stringify(outcome)).toBe("clean");
  });

  it("and docs/reliability.md tells what this run has shown", () => {
    expect(rows, "Not every fault has happened in this run.").toHaveLength(fifteen.length);
    const heading = ["#", "fault", "ours", "recipe", "recipe, with tokens that last", "kept from it by"];
    expectTable("faults", tableOf(heading, rows));
  });
});
