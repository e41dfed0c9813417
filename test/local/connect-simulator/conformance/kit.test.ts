import { describe, expect, it } from "vitest";
import { inputMembers, modelledErrors, modelledOperations } from "./model.ts";
import { constraintsOf, inputShapeOf } from "./places.ts";
import { requestOf } from "./requests.ts";
import { sampleInput } from "./sample.ts";
import { problemsAt } from "./shape-check.ts";
import { violationsOf } from "./violations.ts";

const breaks = {
  required: /: missing$/,
  min: /: (shorter|fewer|below)/,
  max: /: (longer|more|above)/,
  pattern: /: against the pattern$/,
  enum: /: not in the enum$/,
};

const problemsIn = (operation: string, input: unknown): string[] =>
  problemsAt("input", JSON.parse(JSON.stringify(input)), inputShapeOf(operation), []);

describe("the samples and the checker agree on", () => {
  it.each(modelledOperations)("%s", (operation) => {
    const least = sampleInput(operation, {});
    expect(problemsIn(operation, least)).toEqual([]);
    expect(problemsIn(operation, sampleInput(operation, {}, "all"))).toEqual([]);

    const unnoticed = violationsOf(operation, least).filter(
      ({ input }) => problemsIn(operation, input).length === 0,
    );
    expect(unnoticed.map(({ name }) => name)).toEqual([]);
  });

  it.each(modelledOperations)("%s, of which every constraint is broken once", (operation) => {
    const names = violationsOf(operation, sampleInput(operation, {})).map(({ name }) => name);
    const unbroken = constraintsOf(operation).filter(
      ({ path, kind }) => !names.some((name) => name.startsWith(`${path}: `) && breaks[kind].test(name)),
    );
    // A least size of 0 cannot be undercut, and a path without a label is another path.
    const labels = inputMembers(operation).filter(({ location }) => location === "uri");
    const possible = unbroken.filter(
      ({ path, kind }) =>
        kind !== "min" && !(kind === "required" && labels.some(({ name }) => name === path)),
    );
    expect(possible).toEqual([]);
  });
});

it("labels, lists in the query and the body stand where the model has them", () => {
  const input = { InstanceId: "a/b", QueueTypes: ["STANDARD", "AGENT"], MaxResults: 5 };
  expect(requestOf("ListQueues", input)).toEqual({
    method: "GET",
    target: "/queues-summary/a%2Fb?queueTypes=STANDARD&queueTypes=AGENT&maxResults=5",
    headers: {},
  });
  expect(requestOf("UpdateUserHierarchy", { InstanceId: "i", UserId: "u", HierarchyGroupId: "h" })).toEqual({
    method: "POST",
    target: "/users/i/u/hierarchy",
    headers: { "content-type": "application/json" },
    body: '{"HierarchyGroupId":"h"}',
  });
  expect(modelledErrors("StopContact").get("ContactNotFoundException")).toBe(410);
});
