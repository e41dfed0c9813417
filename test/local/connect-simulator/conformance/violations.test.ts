import { describe, expect, it } from "vitest";
import { modelledOperations } from "./model.ts";
import { operationsThere, refusedHere } from "./overlays.ts";
import { constraintCount } from "./places.ts";
import { type Answer, ask } from "./requests.ts";
import { sampleInput } from "./sample.ts";
import { problemsOf } from "./shape-check.ts";
import { aSubject, pooled } from "./support.ts";
import { type Violation, violationsOf } from "./violations.ts";

const invalid: readonly (string | null)[] = ["InvalidRequestException", "InvalidParameterException"];

/** Violations that are rightly refused in another way, by operation and name. */
const otherwise: readonly { operation: string; name: RegExp; type: string; reason: string }[] = [];

const modelled = operationsThere.filter((name) => modelledOperations.includes(name));

describe("a valid sample is accepted, and answered in the shape of the model", () => {
  it.each(modelled)("%s", async (operation) => {
    const { port, overlayOf } = await aSubject();
    const answer = await ask(port, operation, sampleInput(operation, overlayOf(operation)));
    const { status, text, errorType, body } = answer;
    const refused = refusedHere[operation];
    if (refused !== undefined) return expect(errorType).toBe(refused.type);
    expect(status, text).toBe(200);
    expect(problemsOf(operation, text === "" ? undefined : body)).toEqual([]);
  });
});

describe("every broken constraint of the model is refused by name", () => {
  it.each(modelled.map((name) => [name, constraintCount(name)] as const))("%s (%i)", async (operation) => {
    const { port, warnings, overlayOf } = await aSubject();
    const violations = violationsOf(operation, sampleInput(operation, overlayOf(operation)));
    const problems = await pooled(violations, 16, async (violation) => {
      const problem = problemIn(await ask(port, operation, violation.input), operation, violation);
      return problem === null ? [] : [`${violation.name}: ${problem}`];
    });
    expect(problems.flat()).toEqual([]);
    expect(warnings).toEqual([]);
    expect(violations.length).toBeGreaterThan(0);
  });
});

function problemIn(answer: Answer, operation: string, { name, member }: Violation): string | null {
  const { status, errorType, text } = answer;
  const row = otherwise.find((row) => row.operation === operation && row.name.test(name));
  const typed = row === undefined ? invalid.includes(errorType) : errorType === row.type;
  if (status < 400 || status > 499 || !typed) return `got ${status} ${errorType} ${text.slice(0, 300)}`;
  // The wire's names of query members differ in the first letter's case.
  const named = text.toLowerCase().includes(member.toLowerCase());
  return named ? null : `not named in ${text.slice(0, 300)}`;
}
