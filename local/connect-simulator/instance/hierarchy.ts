import type { GroupConfig, InstanceConfig } from "../config/centre-config.ts";
import type { Journal } from "../journal.ts";
import { idOf } from "./ids.ts";
import type { HierarchyGroup, HierarchyLevel, Instance } from "./instance.ts";

/** The levels and groups that the configuration describes, or those that the journal found. */
export function bringHierarchy(
  instance: Instance,
  config: InstanceConfig,
  journal: Journal,
  known: boolean,
): void {
  if (known) {
    const rows = journal.found<HierarchyGroup & { instanceId: string }>("group");
    for (const { instanceId, ...group } of rows)
      if (instanceId === instance.id) instance.hierarchyGroups.put(group);
    const kept = journal.found<{ id: string; levels: (HierarchyLevel | null)[] }>("levels");
    instance.levels = kept.find(({ id }) => id === instance.id)?.levels ?? [];
    return;
  }
  const levels = config.hierarchy?.levels ?? [];
  setLevels(
    instance,
    levels.map((name) => ({ name, modifiedAt: instance.createdAt })),
    journal,
  );
  function add(groups: readonly GroupConfig[], level: number, parentId: string | null): void {
    if (groups.length > 0 && level > levels.length) {
      throw new Error(
        `instance ${instance.alias}: the hierarchy has groups below its ${levels.length} levels`,
      );
    }
    for (const { name, id, groups: below } of groups) {
      const group: HierarchyGroup = {
        id: id ?? idOf(instance.id, "hierarchy group", parentId ?? "", name),
        ordinal: instance.hierarchyGroups.nextOrdinal(),
        name,
        level,
        parentId,
        tags: {},
        modifiedAt: instance.createdAt,
      };
      putGroup(instance, group, journal);
      add(below ?? [], level + 1, group.id);
    }
  }
  add(config.hierarchy?.groups ?? [], 1, null);
}

export function putGroup(instance: Instance, group: HierarchyGroup, journal: Journal): void {
  instance.hierarchyGroups.put(group);
  journal.put("group", `${instance.id} ${group.id}`, { ...group, instanceId: instance.id });
}

export function setLevels(
  instance: Instance,
  levels: readonly (HierarchyLevel | null)[],
  journal: Journal,
): void {
  instance.levels = levels;
  journal.put("levels", instance.id, { id: instance.id, levels });
}

/** The group at a path of names, such as ["EMEA", "Madrid"]. */
export function groupAt({ alias, hierarchyGroups }: Instance, path: readonly string[]): HierarchyGroup {
  let parentId: string | null = null;
  let found: HierarchyGroup | undefined;
  for (const name of path) {
    found = [...hierarchyGroups.all()].find((group) => group.name === name && group.parentId === parentId);
    if (found === undefined)
      throw new Error(`instance ${alias}: there is no hierarchy group ${path.join(" / ")}`);
    parentId = found.id;
  }
  if (found === undefined) throw new Error(`instance ${alias}: an empty hierarchy path`);
  return found;
}
