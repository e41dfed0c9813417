import type { ListUserHierarchyGroupsResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import { instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { pageMembers, pageOf, pageQuery } from "../wire/pages.ts";
import { summaryOf } from "./summaries.ts";

export const listUserHierarchyGroups = operation({
  name: "ListUserHierarchyGroups",
  method: "GET",
  path: "/user-hierarchy-groups-summary/{InstanceId}",
  query: pageQuery,
  input: v.object({ InstanceId: instanceId, ...pageMembers() }),
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    const { rows, nextToken } = pageOf(instance.hierarchyGroups, request, [
      "ListUserHierarchyGroups",
      instance.id,
    ]);
    return {
      UserHierarchyGroupSummaryList: rows.map((row) => summaryOf("agent-group", row, instance, world)),
      NextToken: nextToken,
    } satisfies OnTheWire<ListUserHierarchyGroupsResponse>;
  },
});
