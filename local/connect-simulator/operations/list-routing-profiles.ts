import type { ListRoutingProfilesResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import { instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { pageMembers, pageOf, pageQuery } from "../wire/pages.ts";
import { summaryOf } from "./summaries.ts";

export const listRoutingProfiles = operation({
  name: "ListRoutingProfiles",
  method: "GET",
  path: "/routing-profiles-summary/{InstanceId}",
  query: pageQuery,
  input: v.object({ InstanceId: instanceId, ...pageMembers() }),
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    const { rows, nextToken } = pageOf(instance.routingProfiles, request, [
      "ListRoutingProfiles",
      instance.id,
    ]);
    return {
      RoutingProfileSummaryList: rows.map((row) => summaryOf("routing-profile", row, instance, world)),
      NextToken: nextToken,
    } satisfies OnTheWire<ListRoutingProfilesResponse>;
  },
});
