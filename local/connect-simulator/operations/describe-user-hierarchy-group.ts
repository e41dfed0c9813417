import type { DescribeUserHierarchyGroupResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import { instanceId, resourceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { atLevels, pathTo } from "./hierarchy.ts";
import { summaryOf } from "./summaries.ts";
import { hierarchyGroup } from "./user-rules.ts";

export const describeUserHierarchyGroup = operation({
  name: "DescribeUserHierarchyGroup",
  method: "GET",
  path: "/user-hierarchy-groups/{InstanceId}/{HierarchyGroupId}",
  input: v.object({ HierarchyGroupId: resourceId, InstanceId: instanceId }),
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    const group = hierarchyGroup(request.HierarchyGroupId, instance, "HierarchyGroupId");
    const path = pathTo(group, instance).map((one) => summaryOf("agent-group", one, instance, world));
    return {
      HierarchyGroup: {
        ...summaryOf("agent-group", group, instance, world),
        LevelId: String(group.level),
        HierarchyPath: atLevels(path),
        Tags: group.tags,
      },
    } satisfies OnTheWire<DescribeUserHierarchyGroupResponse>;
  },
});
