import * as v from "valibot";
import type { Caller } from "../auth/caller.ts";
import type { World } from "../world.ts";
import type { OperationName } from "./operation-names.ts";
import { invalidParameter, invalidRequest, WireError } from "./wire-error.ts";

/** A reply of the SDK's type as JSON carries it: times are epoch seconds. */
export type OnTheWire<T> = T extends Date
  ? number
  : T extends string | number | boolean | null | undefined
    ? T
    : { [Key in keyof T]: OnTheWire<T[Key]> };

/** A member of the input that comes in the query: under which name, and as what. */
export type QueryMember = { readonly name: string; readonly as: "text" | "number" | "texts" };

type Wire = {
  readonly name: OperationName;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Segments in braces are labels, and members of the input. */
  readonly path: string;
  /** By member. */
  readonly query?: Readonly<Record<string, QueryMember>>;
};

export type Operation = Wire & {
  /** The reply, or nothing for the operations that answer without a body. Throws a WireError to refuse. */
  run(input: Record<string, unknown>, world: World, caller: Caller): object | undefined;
};

type Definition<Input> = Wire & {
  /** The one name that the model has for bad input; without it there are both. */
  readonly badInput?: "InvalidRequestException" | "InvalidParameterException";
  readonly input: v.GenericSchema<unknown, Input>;
  carryOut(input: Input, world: World, caller: Caller): object | undefined;
};

export function operation<Input>({ input, carryOut, badInput, ...wire }: Definition<Input>): Operation {
  return {
    ...wire,
    run(members, world, caller) {
      try {
        const parsed = v.safeParse(input, members);
        if (!parsed.success) throw refusalOf(parsed.issues);
        return carryOut(parsed.output, world, caller);
      } catch (error) {
        const renamed = badInput !== undefined && error instanceof WireError && invalid.has(error.type);
        throw renamed ? new WireError(badInput, error.status, error.message) : error;
      }
    },
  };
}

const invalid: ReadonlySet<string> = new Set(["InvalidRequestException", "InvalidParameterException"]);

// Missing members and wrong JSON types are invalid requests; values out of bounds are invalid parameters.
function refusalOf(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): WireError {
  const shown = issues.slice(0, 20).map((issue) => `${v.getDotPath(issue) ?? "input"}: ${issue.message}`);
  const message = shown.join("; ").slice(0, 4_000);
  const malformed = issues.some((issue) =>
    issue.kind === "schema" && issue.type !== "picklist"
      ? true
      : issue.kind !== "validation" && typeof issue.input !== "string",
  );
  return malformed ? invalidRequest(message) : invalidParameter(message);
}
