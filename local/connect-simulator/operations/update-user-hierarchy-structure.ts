import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import { setLevels } from "../instance/hierarchy.ts";
import type { Instance } from "../instance/instance.ts";
import { given, instanceId, structure, text } from "../wire/constraints.ts";
import { operation } from "../wire/operation.ts";
import { invalidRequest, resourceInUse } from "../wire/wire-error.ts";
import { levelNames } from "./hierarchy.ts";

const level = given(structure({ Name: text(1, 50) }));

const levels = structure({
  LevelOne: level,
  LevelTwo: level,
  LevelThree: level,
  LevelFour: level,
  LevelFive: level,
});

export const updateUserHierarchyStructure = operation({
  name: "UpdateUserHierarchyStructure",
  method: "POST",
  path: "/user-hierarchy-structure/{InstanceId}",
  input: v.object({ HierarchyStructure: levels, InstanceId: instanceId }),
  carryOut({ HierarchyStructure, InstanceId }, world) {
    const instance = findInstance(InstanceId, world);
    const names = namesOf(HierarchyStructure);
    checkUnused(names.length, instance);
    const wanted = names.map((name, index) => {
      const before = instance.levels[index];
      return before?.name === name ? before : { name, modifiedAt: world.clock.now() };
    });
    setLevels(instance, wanted, world.journal);
    return undefined;
  },
});

function namesOf(given: v.InferOutput<typeof levels>): string[] {
  const names = levelNames.map((name) => given[name]?.Name);
  const count = names.indexOf(undefined);
  const there = count < 0 ? names : names.slice(0, count);
  const beyond = levelNames.find((name, index) => index > there.length && given[name] !== undefined);
  if (beyond !== undefined) {
    throw invalidRequest(`HierarchyStructure.${beyond}: there is no level above it`);
  }
  return there.filter((name) => name !== undefined);
}

function checkUnused(levelCount: number, { hierarchyGroups }: Instance): void {
  for (const { level, name } of hierarchyGroups.all()) {
    if (level > levelCount) throw resourceInUse(`Level ${level} still has groups, such as ${name}.`);
  }
}
