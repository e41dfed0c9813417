import type { ListSecurityProfilesResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import { instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { pageMembers, pageOf, pageQuery } from "../wire/pages.ts";
import { summaryOf } from "./summaries.ts";

export const listSecurityProfiles = operation({
  name: "ListSecurityProfiles",
  method: "GET",
  path: "/security-profiles-summary/{InstanceId}",
  query: pageQuery,
  input: v.object({ InstanceId: instanceId, ...pageMembers() }),
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    const { rows, nextToken } = pageOf(instance.securityProfiles, request, [
      "ListSecurityProfiles",
      instance.id,
    ]);
    return {
      SecurityProfileSummaryList: rows.map((row) => summaryOf("security-profile", row, instance, world)),
      NextToken: nextToken,
    } satisfies OnTheWire<ListSecurityProfilesResponse>;
  },
});
