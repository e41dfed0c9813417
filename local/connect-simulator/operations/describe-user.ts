import type { DescribeUserResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { findVisibleUser, userMembers } from "./find-user.ts";
import { lastModified } from "./summaries.ts";
import { channelConfigsOf } from "./user-members.ts";

export const describeUser = operation({
  name: "DescribeUser",
  method: "GET",
  path: "/users/{InstanceId}/{UserId}",
  input: v.object(userMembers),
  carryOut(request, world) {
    const { user, instance } = findVisibleUser(request, world);
    return {
      User: {
        Id: user.id,
        Arn: instance.place.arn("agent", user.id),
        Username: user.username,
        IdentityInfo: user.identityInfo,
        PhoneConfig: user.phoneConfig,
        DirectoryUserId: user.directoryUserId ?? undefined,
        SecurityProfileIds: [...user.securityProfileIds],
        RoutingProfileId: user.routingProfileId,
        HierarchyGroupId: user.hierarchyGroupId ?? undefined,
        Tags: user.tags,
        ...channelConfigsOf(user),
        ...lastModified(user.modifiedAt, world),
      },
    } satisfies OnTheWire<DescribeUserResponse>;
  },
});
