import type { ListUsersResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import { instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { pageMembers, pageOf, pageQuery } from "../wire/pages.ts";
import { lastModified } from "./summaries.ts";

export const listUsers = operation({
  name: "ListUsers",
  method: "GET",
  path: "/users-summary/{InstanceId}",
  query: pageQuery,
  input: v.object({ InstanceId: instanceId, ...pageMembers() }),
  carryOut(request, world) {
    const { id, users, place } = findInstance(request.InstanceId, world);
    const { rows, nextToken } = pageOf(users, request, ["ListUsers", id]);
    return {
      UserSummaryList: rows.map((user) => ({
        Id: user.id,
        Arn: place.arn("agent", user.id),
        Username: user.username,
        ...lastModified(user.modifiedAt, world),
      })),
      NextToken: nextToken,
    } satisfies OnTheWire<ListUsersResponse>;
  },
});
