import * as v from "valibot";
import { operation } from "../wire/operation.ts";
import { changeUser, userMembers } from "./find-user.ts";
import { securityProfiles } from "./user-members.ts";
import { securityProfileIds } from "./user-rules.ts";

export const updateUserSecurityProfiles = operation({
  name: "UpdateUserSecurityProfiles",
  method: "POST",
  path: "/users/{InstanceId}/{UserId}/security-profiles",
  input: v.object({ ...userMembers, SecurityProfileIds: securityProfiles }),
  carryOut(request, world) {
    changeUser(request, world, (_, instance) => ({
      securityProfileIds: securityProfileIds(request.SecurityProfileIds, instance),
    }));
    return undefined;
  },
});
