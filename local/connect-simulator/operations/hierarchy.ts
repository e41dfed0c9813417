import type { HierarchyGroup, Instance } from "../instance/instance.ts";

export const levelNames = ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"] as const;

type AtLevels<Value> = Partial<Record<(typeof levelNames)[number], Value>>;

/** Values from the uppermost level on, each under the name of its level. */
export const atLevels = <Value>(values: readonly Value[]): AtLevels<Value> =>
  Object.fromEntries(
    levelNames.flatMap((name, index) => {
      const value = values[index];
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );

/** From the uppermost group down to the group itself. */
export function pathTo(
  group: HierarchyGroup,
  { hierarchyGroups }: Pick<Instance, "hierarchyGroups">,
): HierarchyGroup[] {
  const parent = group.parentId === null ? undefined : hierarchyGroups.get(group.parentId);
  return parent === undefined ? [group] : [...pathTo(parent, { hierarchyGroups }), group];
}
