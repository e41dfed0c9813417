import * as v from "valibot";
import { operation } from "../wire/operation.ts";
import { changeUser, userMembers } from "./find-user.ts";
import { identityInfo } from "./user-members.ts";
import { checkIdentity } from "./user-rules.ts";

export const updateUserIdentityInfo = operation({
  name: "UpdateUserIdentityInfo",
  method: "POST",
  path: "/users/{InstanceId}/{UserId}/identity-info",
  input: v.object({ ...userMembers, IdentityInfo: identityInfo }),
  carryOut(request, world) {
    changeUser(request, world, (_, instance) => {
      checkIdentity(request.IdentityInfo, instance, world.deviations);
      return { identityInfo: request.IdentityInfo };
    });
    return undefined;
  },
});
