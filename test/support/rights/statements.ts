import * as v from "valibot";

const oneOrMore = v.pipe(
  v.union([v.array(v.string()), v.string()]),
  v.transform((said) => [said].flat()),
);

/**
 * A statement of a role. What no role here has is not understood, and said so: Deny, NotAction, NotResource and Condition, each of
 * which would make a right less than it looks.
 */
const statement = v.strictObject({
  Sid: v.optional(v.string()),
  Effect: v.literal("Allow"),
  Action: oneOrMore,
  Resource: oneOrMore,
});

const role = v.object({
  Policies: v.array(v.object({ PolicyDocument: v.object({ Statement: v.array(statement) }) })),
});

export interface Right {
  action: string;
  resource: string;
}

/** Each action of each statement, on each of its resources. @param properties of an AWS::IAM::Role, every reference resolved */
export function rightsOf(properties: unknown): Right[] {
  return v
    .parse(role, properties)
    .Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => ({ action, resource }))),
    );
}

/** Whether a right is good for a call. Actions have no case; `*` and `?` stand for what they do in IAM. */
export function covers(right: Right, call: Right): boolean {
  return pattern(right.action, "i").test(call.action) && pattern(right.resource).test(call.resource);
}

function pattern(text: string, flags = ""): RegExp {
  const source = text
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, `s${flags}`);
}
