import * as v from "valibot";
import type { Instance } from "../instance/instance.ts";
import { given, structure } from "../wire/constraints.ts";
import {
  everyOf,
  hierarchyCondition,
  isInGroup,
  type StringCondition,
  someOf,
  stringCondition,
  stringIs,
  type Wanted,
} from "./search-conditions.ts";

/** How deeply conditions may be nested. */
const deepest = 10;

const listCondition = structure({
  TargetListType: given(v.picklist(["PROFICIENCIES"], "must be PROFICIENCIES")),
  Conditions: given(
    v.array(
      structure({
        StringCondition: given(stringCondition),
        NumberCondition: given(
          structure({
            FieldName: given(v.string()),
            MinValue: given(v.pipe(v.number(), v.integer("must be a whole number"))),
            MaxValue: given(v.pipe(v.number(), v.integer("must be a whole number"))),
            ComparisonType: given(
              v.picklist(
                ["GREATER_OR_EQUAL", "GREATER", "LESSER_OR_EQUAL", "LESSER", "EQUAL", "NOT_EQUAL", "RANGE"],
                "is not a comparison of numbers",
              ),
            ),
          }),
        ),
      }),
    ),
  ),
});

type Criteria = {
  OrConditions?: Criteria[] | undefined;
  AndConditions?: Criteria[] | undefined;
  StringCondition?: StringCondition | undefined;
  ListCondition?: v.InferOutput<typeof listCondition> | undefined;
  HierarchyGroupCondition?: v.InferOutput<typeof hierarchyCondition> | undefined;
};

const nothingBelow = v.pipe(
  v.array(v.custom<Criteria>(() => true)),
  v.maxLength(0, `conditions may be nested ${deepest} deep`),
);

function criteriaOf(depth: number): v.GenericSchema<unknown, Criteria> {
  const below = depth === 0 ? nothingBelow : v.array(criteriaOf(depth - 1));
  return structure({
    OrConditions: given(below),
    AndConditions: given(below),
    StringCondition: given(stringCondition),
    ListCondition: given(listCondition),
    HierarchyGroupCondition: given(hierarchyCondition),
  });
}

export const searchCriteria = criteriaOf(deepest);

/** Everything that is given holds; an empty list says nothing. */
export function meets(criteria: Criteria, instance: Instance): Wanted {
  const { OrConditions, AndConditions, StringCondition, ListCondition, HierarchyGroupCondition } = criteria;
  const all: Wanted[] = (AndConditions ?? []).map((one) => meets(one, instance));
  if (OrConditions?.length) all.push(someOf(OrConditions.map((one) => meets(one, instance))));
  if (StringCondition !== undefined) all.push(stringIs(StringCondition, instance));
  if (HierarchyGroupCondition !== undefined) all.push(isInGroup(HierarchyGroupCondition, instance));
  // Nobody has proficiencies here.
  if (ListCondition !== undefined) all.push(() => false);
  return everyOf(all);
}

/** The one username that can meet the criteria, where they name it. */
export function usernameIn({ AndConditions, StringCondition }: Criteria): string | undefined {
  const named = StringCondition?.FieldName === "Username" && StringCondition.ComparisonType === "EXACT";
  if (named) return StringCondition.Value;
  return AndConditions?.map(usernameIn).find((username) => username !== undefined);
}
