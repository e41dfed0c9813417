import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { invalidValue, ScimFault } from "./fault.ts";
import { matcherOf, valuesAskedFor } from "./match.ts";
import { type Target, targetOf } from "./path.ts";
import { type Attribute, agentUrn } from "./schema.ts";
import { agentOf, checkedUser, type ScimUser } from "./user.ts";
import { hasRequired, isObject, isUnassigned, type Json, single, typedValue } from "./value.ts";

const patchUrn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const operation = v.object({
  op: v.pipe(v.string(), v.toLowerCase(), v.picklist(["add", "replace", "remove"])),
  path: v.optional(v.string()),
  value: v.optional(v.unknown()),
});
const patchSchema = v.object({
  schemas: v.pipe(v.array(v.unknown()), v.includes(patchUrn)),
  Operations: v.pipe(v.array(operation), v.minLength(1), v.maxLength(100)),
});

type Operation = v.InferOutput<typeof operation>;
type Change = Pick<Operation, "op" | "value">;
type AttributeTarget = Extract<Target, { kind: "attribute" }>;

/**
 * The user after all operations, in their order (RFC 7644, 3.5.2).
 * @throws ScimFault
 */
export function patched(user: ScimUser, input: unknown): ScimUser {
  const parsed = v.safeParse(patchSchema, input);
  if (!parsed.success)
    throw new ScimFault(
      400,
      "invalidSyntax",
      `schemas must have ${patchUrn}, and Operations 1 to 100 operations`,
    );
  return checkedUser(parsed.output.Operations.reduce(operated, { ...user }));
}

function operated(user: Json, { op, path, value }: Operation): Json {
  if (path !== undefined) return applied(user, targetOf(path), { op, value });
  if (op === "remove") throw new ScimFault(400, "noTarget", "remove needs a path");
  if (!isObject(value)) throw invalidValue("without a path, value must be an object");
  // Names with a dot or a URN in front come here too, and are paths. Copies of the whole have what is ours, which stays as it is.
  return Object.entries(value)
    .map(([name, part]) => ({ target: targetOf(name), part }))
    .filter(({ target }) => !isReadOnly(target))
    .reduce((all, { target, part }) => applied(all, target, { op, value: part }), user);
}

function applied(user: Json, target: Target, change: Change): Json {
  if (target.kind === "not-kept") return user;
  if (target.kind === "agent") return withValue(user, agentUrn, changedAgent(user[agentUrn], change));
  if (isReadOnly(target))
    throw new ScimFault(400, "mutability", `${target.attribute.name} cannot be changed`);
  return target.ofAgent
    ? withValue(user, agentUrn, withChange(objectOf(user[agentUrn]), target, change))
    : withChange(user, target, change);
}

const isReadOnly = (target: Target): boolean =>
  target.kind === "attribute" && target.attribute.mutability === "readOnly";

const changedAgent = (before: unknown, { op, value }: Change): unknown =>
  op === "remove" || isUnassigned(value) ? undefined : { ...objectOf(before), ...agentOf(value) };

/** @param within the user, or our extension's part of it */
function withChange(within: Json, target: Omit<AttributeTarget, "kind" | "ofAgent">, change: Change): Json {
  const { attribute, filter, sub } = target;
  const before = within[attribute.name];
  if (attribute.multiValued && (filter || sub)) {
    const some = attribute.subAttributes ? changedSome : changedTexts;
    return withValue(within, attribute.name, some(listOf(before), target, change));
  }
  const after = sub
    ? withChange(objectOf(before), { attribute: sub }, change)
    : changed(before, attribute, change);
  return withValue(within, attribute.name, after);
}

function changed(before: unknown, attribute: Attribute, { op, value }: Change): unknown {
  if (isUnassigned(value)) return op === "add" ? before : undefined;
  if (op === "remove" && !attribute.multiValued) return undefined;
  const given = typedValue(value, attribute);
  // What is not mentioned of a complex value stays, with replace too.
  if (isObject(given)) return { ...objectOf(before), ...given };
  if (op === "replace" || !attribute.multiValued) return given;
  if (op === "remove") return without(listOf(before), listOf(given));
  const added = without(listOf(given), listOf(before));
  return withOnePrimary([...listOf(before), ...added], added);
}

/** Some of several values, or a sub-attribute of them. */
function changedSome(
  before: unknown[],
  { attribute, filter, sub }: Pick<AttributeTarget, "attribute" | "filter" | "sub">,
  { op, value }: Change,
): unknown[] {
  const { subAttributes = [] } = attribute;
  const all = before.map(objectOf);
  const meant = new Set(all.filter(filter ? matcherOf(filter, subAttributes) : () => true));
  if (op === "add" && isUnassigned(value)) return all;
  if (op === "remove" || isUnassigned(value))
    return all
      .map((one) => (sub && meant.has(one) ? withValue(one, sub.name, undefined) : one))
      .filter((one) => !meant.has(one) && hasRequired(one, attribute));
  const change = sub ? { [sub.name]: typedValue(value, sub) } : objectOf(single(value, attribute));
  if (meant.size > 0) {
    const after = all.map((one) => (meant.has(one) ? { ...one, ...change } : one));
    return withOnePrimary(after, without(after, all));
  }
  // Identity providers name a value that they want to be there in the same way as one that is there.
  const asked = filter && valuesAskedFor(filter, subAttributes);
  if (!asked) throw new ScimFault(400, "noTarget", `no value of ${attribute.name} is like that`);
  const added = { ...asked, ...change };
  return withOnePrimary([...all, added], [added]);
}

/** To a filter each text of a list is the `value` of an object. */
const textValue: Attribute = {
  name: "value",
  type: "string",
  description: "One of several",
  required: true,
  caseExact: true,
};

function changedTexts(
  before: unknown[],
  { attribute, filter }: Pick<AttributeTarget, "attribute" | "filter">,
  change: Change,
): unknown[] {
  const target = { attribute: { ...attribute, subAttributes: [textValue] }, filter, sub: textValue };
  const objects = before.map((value) => ({ value }));
  return changedSome(objects, target, change).map((one) => objectOf(one)["value"]);
}

/** Where one that is new is primary, no other stays so. */
function withOnePrimary(all: unknown[], fresh: unknown[]): unknown[] {
  if (!fresh.some(isPrimary)) return all;
  return all.map((one) =>
    isPrimary(one) && !fresh.includes(one) ? { ...objectOf(one), primary: false } : one,
  );
}

const isPrimary = (value: unknown): boolean => objectOf(value)["primary"] === true;

const without = (values: unknown[], others: unknown[]): unknown[] =>
  values.filter((one) => !others.some((other) => isDeepStrictEqual(one, other)));

function withValue(within: Json, name: string, value: unknown): Json {
  const { [name]: _, ...others } = within;
  return isUnassigned(value) ? others : { ...others, [name]: value };
}

const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
