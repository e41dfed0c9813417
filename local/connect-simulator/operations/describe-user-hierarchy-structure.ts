import type { DescribeUserHierarchyStructureResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import { instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { atLevels } from "./hierarchy.ts";
import { lastModified } from "./summaries.ts";

export const describeUserHierarchyStructure = operation({
  name: "DescribeUserHierarchyStructure",
  method: "GET",
  path: "/user-hierarchy-structure/{InstanceId}",
  input: v.object({ InstanceId: instanceId }),
  carryOut(request, world) {
    const { levels, place } = findInstance(request.InstanceId, world);
    const shown = levels.map((level, index) =>
      level === null
        ? undefined
        : {
            Id: String(index + 1),
            Arn: place.arn("agent-group-level", String(index + 1)),
            Name: level.name,
            ...lastModified(level.modifiedAt, world),
          },
    );
    return {
      HierarchyStructure: atLevels(shown),
    } satisfies OnTheWire<DescribeUserHierarchyStructureResponse>;
  },
});
