import { randomUUID } from "node:crypto";
import type { CreateUserHierarchyGroupResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import { putGroup } from "../instance/hierarchy.ts";
import type { Instance } from "../instance/instance.ts";
import { absentOr, instanceId, resourceId, resourceTags, text } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { duplicateResource, limitExceeded, resourceNotFound } from "../wire/wire-error.ts";
import { hierarchyGroup } from "./user-rules.ts";

export const createUserHierarchyGroup = operation({
  name: "CreateUserHierarchyGroup",
  method: "PUT",
  path: "/user-hierarchy-groups/{InstanceId}",
  input: v.object({
    Name: text(1, 100),
    ParentGroupId: absentOr(resourceId),
    InstanceId: instanceId,
    Tags: absentOr(resourceTags),
  }),
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    const { hierarchyGroups, place } = instance;
    const parent =
      request.ParentGroupId === null
        ? null
        : hierarchyGroup(request.ParentGroupId, instance, "ParentGroupId");
    const level = (parent?.level ?? 0) + 1;
    checkRoom(request.Name, parent?.id ?? null, level, instance);

    const id = randomUUID();
    const group = {
      id,
      ordinal: hierarchyGroups.nextOrdinal(),
      name: request.Name,
      level,
      parentId: parent?.id ?? null,
      tags: request.Tags ?? {},
      modifiedAt: world.clock.now(),
    };
    putGroup(instance, group, world.journal);
    return {
      HierarchyGroupId: id,
      HierarchyGroupArn: place.arn("agent-group", id),
    } satisfies OnTheWire<CreateUserHierarchyGroupResponse>;
  },
});

function checkRoom(
  name: string,
  parentId: string | null,
  level: number,
  { levels, hierarchyGroups, limits }: Instance,
): void {
  if (!levels[level - 1]) throw resourceNotFound(`The hierarchy structure has no level ${level}.`);
  for (const group of hierarchyGroups.all()) {
    if (group.name === name && group.parentId === parentId) {
      throw duplicateResource(`Name: there is already a group ${name} there`);
    }
  }
  if (hierarchyGroups.size >= limits.hierarchyGroups) {
    throw limitExceeded(`The instance has its ${limits.hierarchyGroups} hierarchy groups.`);
  }
}
