import * as v from "valibot";
import { problemsOf } from "../contacts/message-fields.ts";
import { invalidValue, ScimFault } from "./fault.ts";
import { agent, agentUrn, coreUrn, userAttributes } from "./schema.ts";
import { isObject, isUnassigned, type Json, valuesIn } from "./value.ts";

const text = (most: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(most, `must have at most ${most} characters`),
    v.check((said) => said.isWellFormed() && !/[\p{Cc}\uFFFE\uFFFF]/u.test(said), "must be plain text"),
  );

export const externalId = text(256);

/** Bounds of what goes on to Connect are those of user commands; these are so that a record stays small. */
export const userSchema = v.object({
  userName: text(100),
  externalId: v.optional(externalId),
  displayName: v.optional(text(512)),
  name: v.optional(
    v.object({
      formatted: v.optional(text(700)),
      familyName: v.optional(text(300)),
      givenName: v.optional(text(255)),
    }),
  ),
  active: v.optional(v.boolean(), true),
  emails: v.optional(
    v.pipe(
      v.array(v.object({ value: text(265), type: v.optional(text(64)), primary: v.optional(v.boolean()) })),
      v.maxLength(20, "must have at most 20 entries"),
      v.check((all) => all.filter(({ primary }) => primary).length < 2, "must have one primary at the most"),
    ),
  ),
  [agentUrn]: v.optional(
    v.object({
      routingProfile: v.optional(text(127)),
      securityProfiles: v.optional(
        v.pipe(v.array(text(127)), v.maxLength(10, "must have at most 10 entries")),
      ),
      hierarchy: v.optional(text(600)),
      phoneType: v.optional(v.picklist(["SOFT_PHONE", "DESK_PHONE"])),
      deskNumber: v.optional(text(16)),
      autoAccept: v.optional(v.boolean()),
      afterContactWorkSeconds: v.optional(v.number()),
    }),
  ),
});

/** A user as the identity provider wants it, but for what is ours: id, schemas and meta. */
export type ScimUser = v.InferOutput<typeof userSchema>;

const writable = userAttributes.filter(({ mutability }) => mutability !== "readOnly");

/**
 * @param input a whole user, as POST and PUT have it
 * @throws ScimFault
 */
export function readUser(input: unknown): ScimUser {
  if (!isObject(input)) throw new ScimFault(400, "invalidSyntax", "the body must be an object");
  const schemas = memberOf(input, "schemas");
  if (!Array.isArray(schemas) || !schemas.includes(coreUrn))
    throw new ScimFault(400, "invalidSyntax", `schemas must have ${coreUrn}`);
  const ofAgent = memberOf(input, agentUrn);
  return checkedUser({
    ...valuesIn(input, writable),
    ...(!isUnassigned(ofAgent) && { [agentUrn]: agentOf(ofAgent) }),
  });
}

const memberOf = (input: Json, name: string): unknown =>
  Object.entries(input).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];

/** A mistyped name in our own extension would go unnoticed for long. */
export function agentOf(input: unknown): Json {
  if (!isObject(input)) throw invalidValue(`${agentUrn} must be an object`);
  const known = new Set(agent.attributes.map(({ name }) => name.toLowerCase()));
  if (Object.keys(input).some((name) => !known.has(name.toLowerCase())))
    throw invalidValue(
      `${agentUrn} has no attributes but ${agent.attributes.map(({ name }) => name).join(", ")}`,
    );
  return valuesIn(input, agent.attributes);
}

/** @throws ScimFault */
export function checkedUser(values: Json): ScimUser {
  const parsed = v.safeParse(userSchema, values);
  if (parsed.success) return parsed.output;
  throw invalidValue(problemsOf(parsed.issues).join("; "));
}
