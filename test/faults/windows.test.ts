import { describe, expect, it } from "vitest";
import { ofStartContact } from "../../lib/edge/settings/contacts.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { aBench } from "./bench.ts";
import { cellOf, expectTable, rowOf, tableOf, verdictOn } from "./fault-table.ts";
import { windows } from "./windows.ts";

const bench = aBench();
const notAPart = "– not a part of the recipe";
const rows = new Map<string, string>();

describe("ours is clean, when", () => {
  const measured = windows.flatMap((window) => ("as" in window ? [] : [window]));
  it.each(measured.map((scenario) => [scenario.fault, scenario] as const))("%s", async (fault, scenario) => {
    const outcome = await bench.ours(scenario);
    const recipe = scenario.onlyOurs ? notAPart : cellOf(scenario, await bench.recipe(scenario));
    rows.set(
      fault,
      rowOf([scenario.id, fault, cellOf(scenario, outcome), recipe, scenario.avoidable ?? "–"]),
    );
    expect(verdictOn(scenario, outcome), JSON.stringify(outcome)).toBe("clean");
  });

  it("a setting is missing: it does not start, and names what is missing", () => {
    expect(() => settingsOf("start-contact", ofStartContact, {})).toThrow(
      /CONTACTS_TABLE.*CALL_REQUESTS_DLQ_URL/s,
    );
    const fault = "a setting is missing";
    rows.set(fault, rowOf(["22", fault, "does not start: clean", "as faults 9, 12 and 13", "–"]));
  });

  it("a schedule fires twice: the minute is read once", async () => {
    const { stack, connect } = bench.lab();
    const reading = () =>
      connect.forgets.requests().filter(({ operation }) => operation === "GetCurrentMetricData").length;
    const snapshot = () => stack.invoke("snapshot-metrics", { reading: "current" });
    await Promise.all([snapshot(), snapshot()]);
    expect(reading()).toBe(1);
    const fault = "a schedule fires twice";
    rows.set(fault, rowOf(["26", fault, "1 snapshot: clean", notAPart, "–"]));
  });

  it("and docs/reliability.md tells what this run has shown", () => {
    for (const window of windows) {
      if ("as" in window)
        rows.set(
          window.fault,
          rowOf([window.id, window.fault, `as fault ${window.as}`, `as fault ${window.as}`, "–"]),
        );
    }
    expect(rows.size, "Not every window has been met in this run.").toBe(windows.length + 2);
    const byNumber = [...rows.values()].toSorted((a, b) => Number(a.split(" ")[1]) - Number(b.split(" ")[1]));
    expectTable("windows", tableOf(["#", "window", "ours", "recipe", "kept from it by"], byNumber));
  });
});
