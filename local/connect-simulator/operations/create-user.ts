import { randomUUID } from "node:crypto";
import type { CreateUserResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import type { Instance } from "../instance/instance.ts";
import { absentOr, instanceId, resourceId, resourceTags, text } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { duplicateResource, limitExceeded } from "../wire/wire-error.ts";
import type { World } from "../world.ts";
import { channelConfigs, givenLists, identityInfo, phoneConfig, securityProfiles } from "./user-members.ts";
import {
  checkChannelConfigs,
  checkDirectoryUserId,
  checkIdentity,
  checkPassword,
  checkPhone,
  checkUsername,
  hierarchyGroup,
  routingProfileId,
  securityProfileIds,
} from "./user-rules.ts";

// No message shows what was given.
const password = v.pipe(
  v.string("must be text"),
  v.regex(
    /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)\S{8,64}$/,
    "must have 8 to 64 characters, with a lower-case letter, an upper-case letter and a digit, and no spaces",
  ),
);

const input = v.object({
  Username: text(1, 100),
  Password: absentOr(password),
  IdentityInfo: absentOr(identityInfo),
  PhoneConfig: absentOr(phoneConfig),
  DirectoryUserId: absentOr(v.string()),
  SecurityProfileIds: securityProfiles,
  RoutingProfileId: resourceId,
  HierarchyGroupId: absentOr(resourceId),
  InstanceId: instanceId,
  ...channelConfigs,
  Tags: absentOr(resourceTags),
});

type Input = v.InferOutput<typeof input>;

export const createUser = operation({
  name: "CreateUser",
  method: "PUT",
  path: "/users/{InstanceId}",
  input,
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    checkRules(request, instance, world);
    const wanted = {
      securityProfileIds: securityProfileIds(request.SecurityProfileIds, instance),
      routingProfileId: routingProfileId(request.RoutingProfileId, instance),
      hierarchyGroupId:
        request.HierarchyGroupId === null
          ? null
          : hierarchyGroup(request.HierarchyGroupId, instance, "HierarchyGroupId").id,
    };
    checkRoom(request.Username, instance);

    const id = randomUUID();
    instance.users.put({
      id,
      ordinal: instance.users.nextOrdinal(),
      instanceId: instance.id,
      username: request.Username,
      identityInfo: request.IdentityInfo ?? {},
      phoneConfig: request.PhoneConfig ?? {},
      directoryUserId: request.DirectoryUserId,
      ...wanted,
      tags: request.Tags ?? {},
      channelConfigs: givenLists(request),
      modifiedAt: world.clock.now(),
      createdAtReal: world.realNow(),
    });
    return {
      UserId: id,
      UserArn: instance.place.arn("agent", id),
    } satisfies OnTheWire<CreateUserResponse>;
  },
});

function checkRules(request: Input, instance: Instance, { deviations }: World): void {
  checkUsername(request.Username, instance);
  checkPassword(request.Password, instance);
  checkDirectoryUserId(request.DirectoryUserId, instance);
  checkIdentity(request.IdentityInfo, instance, deviations);
  if (request.PhoneConfig !== null) checkPhone(request.PhoneConfig);
  checkChannelConfigs(request, request.PhoneConfig);
}

function checkRoom(username: string, { users, limits }: Instance): void {
  if (users.named(username) !== undefined) {
    throw duplicateResource(`Username: there is already a user ${username}`);
  }
  if (users.size >= limits.users) throw limitExceeded(`The instance has its ${limits.users} users.`);
}
