import * as v from "valibot";
import { bareId } from "../instance/find.ts";
import type { Instance, User } from "../instance/instance.ts";
import { given, structure } from "../wire/constraints.ts";
import { invalidParameter, invalidRequest } from "../wire/wire-error.ts";
import { pathTo } from "./hierarchy.ts";

/** The leaves of a search: what each is on the wire, and which users it is true of. */

export type Wanted = (user: User) => boolean;

export const everyOf =
  (all: readonly Wanted[]): Wanted =>
  (user) =>
    all.every((wanted) => wanted(user));

export const someOf =
  (all: readonly Wanted[]): Wanted =>
  (user) =>
    all.some((wanted) => wanted(user));

export const stringCondition = structure({
  FieldName: given(v.string()),
  Value: given(v.string()),
  ComparisonType: given(
    v.picklist(["STARTS_WITH", "CONTAINS", "EXACT"], "must be STARTS_WITH, CONTAINS or EXACT"),
  ),
});

export type StringCondition = v.InferOutput<typeof stringCondition>;

type Field = {
  of(user: User): readonly string[];
  /** What a value means, for fields that are ids and may be given as ARNs. */
  meant?(value: string, instance: Instance): string;
};

const fields = new Map<string, Field>([
  ["Username", { of: ({ username }) => [username] }],
  ["FirstName", { of: ({ identityInfo }) => [identityInfo.FirstName ?? ""] }],
  ["LastName", { of: ({ identityInfo }) => [identityInfo.LastName ?? ""] }],
  [
    "RoutingProfileId",
    {
      of: ({ routingProfileId }) => [routingProfileId],
      meant: (value, instance) => bareId(value, "routing-profile", instance),
    },
  ],
  [
    "SecurityProfileId",
    {
      of: ({ securityProfileIds }) => securityProfileIds,
      meant: (value, instance) => bareId(value, "security-profile", instance),
    },
  ],
  ["resourceId", { of: ({ id }) => [id], meant: (value, instance) => bareId(value, "agent", instance) }],
]);

const comparisons = {
  EXACT: (text: string, value: string) => text === value,
  STARTS_WITH: (text: string, value: string) => text.startsWith(value),
  CONTAINS: (text: string, value: string) => text.includes(value),
};

export function stringIs(condition: StringCondition, instance: Instance): Wanted {
  const { FieldName, Value, ComparisonType } = condition;
  if (FieldName === undefined || Value === undefined || ComparisonType === undefined) {
    throw invalidRequest("StringCondition: needs FieldName, Value and ComparisonType");
  }
  const field = fields.get(FieldName);
  if (field === undefined) {
    throw invalidParameter(`StringCondition.FieldName: must be one of ${[...fields.keys()].join(", ")}`);
  }
  const value = field.meant?.(Value, instance) ?? Value;
  const compare = comparisons[ComparisonType];
  return (user) => field.of(user).some((text) => compare(text, value));
}

export const hierarchyCondition = structure({
  Value: given(v.string()),
  HierarchyGroupMatchType: given(
    v.picklist(["EXACT", "WITH_CHILD_GROUPS"], "must be EXACT or WITH_CHILD_GROUPS"),
  ),
});

export function isInGroup(
  { Value, HierarchyGroupMatchType }: v.InferOutput<typeof hierarchyCondition>,
  instance: Instance,
): Wanted {
  if (Value === undefined) throw invalidRequest("HierarchyGroupCondition.Value: is required");
  const wanted = bareId(Value, "agent-group", instance);
  if (HierarchyGroupMatchType !== "WITH_CHILD_GROUPS") return (user) => user.hierarchyGroupId === wanted;
  return ({ hierarchyGroupId }) => {
    const group = hierarchyGroupId === null ? undefined : instance.hierarchyGroups.get(hierarchyGroupId);
    return group !== undefined && pathTo(group, instance).some(({ id }) => id === wanted);
  };
}

export const tagCondition = structure({ TagKey: given(v.string()), TagValue: given(v.string()) });

/** Without a value: has the tag at all. */
export function hasTag({ TagKey, TagValue }: v.InferOutput<typeof tagCondition>): Wanted {
  if (TagKey === undefined) throw invalidRequest("TagCondition.TagKey: is required");
  return ({ tags }) => Object.hasOwn(tags, TagKey) && (TagValue === undefined || tags[TagKey] === TagValue);
}
