import * as v from "valibot";
import type { OperationName } from "../defaults.ts";
import type { World } from "../world.ts";
import { invalidParameter, invalidRequest, type WireError } from "./wire-error.ts";

/** A reply of the SDK's type as JSON carries it: times are epoch seconds. */
export type OnTheWire<T> = T extends Date
  ? number
  : T extends string | number | boolean | null | undefined
    ? T
    : { [Key in keyof T]: OnTheWire<T[Key]> };

export type Operation = {
  name: OperationName;
  method: "GET" | "POST" | "PUT";
  /** Segments in braces are labels, and members of the input. */
  path: string;
  run(input: Record<string, unknown>, world: World): object;
};

type Definition<Input> = Omit<Operation, "run"> & {
  input: v.GenericSchema<unknown, Input>;
  carryOut(input: Input, world: World): object;
};

export function operation<Input>({ input: schema, carryOut, ...rest }: Definition<Input>): Operation {
  return {
    ...rest,
    run(input, world) {
      const parsed = v.safeParse(schema, input);
      if (!parsed.success) throw refusalOf(parsed.issues);
      return carryOut(parsed.output, world);
    },
  };
}

// Missing members and wrong JSON types are invalid requests; values out of bounds are invalid parameters.
function refusalOf(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): WireError {
  const message = issues.map((issue) => `${v.getDotPath(issue) ?? "input"}: ${issue.message}`).join("; ");
  const malformed = issues.some((issue) =>
    issue.kind === "schema" && issue.type !== "picklist"
      ? true
      : issue.kind !== "validation" && typeof issue.input !== "string",
  );
  return malformed ? invalidRequest(message) : invalidParameter(message);
}
