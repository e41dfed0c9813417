import * as v from "valibot";
import { absentOr, resourceId } from "../wire/constraints.ts";
import { operation } from "../wire/operation.ts";
import { invalidRequest } from "../wire/wire-error.ts";
import { changeUser, userMembers } from "./find-user.ts";
import { hierarchyGroup } from "./user-rules.ts";

export const updateUserHierarchy = operation({
  name: "UpdateUserHierarchy",
  method: "POST",
  path: "/users/{InstanceId}/{UserId}/hierarchy",
  input: v.object({ ...userMembers, HierarchyGroupId: absentOr(resourceId) }),
  carryOut(request, world) {
    const given = request.HierarchyGroupId;
    if (given === null && world.deviations.hierarchyWithoutGroup === "refused") {
      throw invalidRequest("HierarchyGroupId: is required");
    }
    changeUser(request, world, (_, instance) => ({
      hierarchyGroupId: given === null ? null : hierarchyGroup(given, instance, "HierarchyGroupId").id,
    }));
    return undefined;
  },
});
