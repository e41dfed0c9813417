import * as v from "valibot";
import type { Instance } from "../instance/instance.ts";
import { given, structure } from "../wire/constraints.ts";
import { accessDenied, invalidRequest } from "../wire/wire-error.ts";
import {
  everyOf,
  hasTag,
  hierarchyCondition,
  isInGroup,
  someOf,
  tagCondition,
  type Wanted,
} from "./search-conditions.ts";

const tagConditions = v.array(tagCondition);

const tagFilter = structure({
  OrConditions: given(v.array(tagConditions)),
  AndConditions: given(tagConditions),
  TagCondition: given(tagCondition),
});

const attributeCondition = structure({
  TagConditions: given(tagConditions),
  HierarchyGroupCondition: given(hierarchyCondition),
});

const attributeFilter = structure({
  OrConditions: given(v.array(attributeCondition)),
  AndCondition: given(attributeCondition),
  TagCondition: given(tagCondition),
  HierarchyGroupCondition: given(hierarchyCondition),
});

export const searchFilter = structure({
  TagFilter: given(tagFilter),
  UserAttributeFilter: given(attributeFilter),
});

export function passes(filter: v.InferOutput<typeof searchFilter>, instance: Instance): Wanted {
  const { TagFilter, UserAttributeFilter } = filter;
  if (TagFilter !== undefined && UserAttributeFilter !== undefined) {
    throw accessDenied("SearchFilter: TagFilter and UserAttributeFilter cannot be given together");
  }
  if (TagFilter !== undefined) return passesTags(TagFilter);
  return UserAttributeFilter === undefined ? () => true : passesAttributes(UserAttributeFilter, instance);
}

function passesTags({ OrConditions, AndConditions, TagCondition }: v.InferOutput<typeof tagFilter>): Wanted {
  const all = (AndConditions ?? []).map(hasTag);
  if (OrConditions?.length) all.push(someOf(OrConditions.map((ands) => everyOf(ands.map(hasTag)))));
  if (TagCondition !== undefined) all.push(hasTag(TagCondition));
  return everyOf(all);
}

function passesAttributes(filter: v.InferOutput<typeof attributeFilter>, instance: Instance): Wanted {
  if (Object.values(filter).filter((part) => part !== undefined).length > 1) {
    throw invalidRequest("UserAttributeFilter: only one of its members can be given");
  }
  const { OrConditions, AndCondition, TagCondition, HierarchyGroupCondition } = filter;
  if (TagCondition !== undefined) return hasTag(TagCondition);
  if (HierarchyGroupCondition !== undefined) return isInGroup(HierarchyGroupCondition, instance);
  if (AndCondition !== undefined) return allOf(AndCondition, instance);
  return OrConditions?.length ? someOf(OrConditions.map((one) => allOf(one, instance))) : () => true;
}

function allOf(
  { TagConditions, HierarchyGroupCondition }: v.InferOutput<typeof attributeCondition>,
  instance: Instance,
): Wanted {
  const all = (TagConditions ?? []).map(hasTag);
  if (HierarchyGroupCondition !== undefined) all.push(isInGroup(HierarchyGroupCondition, instance));
  return everyOf(all);
}
