import * as v from "valibot";
import { resourceId } from "../wire/constraints.ts";
import { operation } from "../wire/operation.ts";
import { changeUser, userMembers } from "./find-user.ts";
import { routingProfileId } from "./user-rules.ts";

export const updateUserRoutingProfile = operation({
  name: "UpdateUserRoutingProfile",
  method: "POST",
  path: "/users/{InstanceId}/{UserId}/routing-profile",
  input: v.object({ ...userMembers, RoutingProfileId: resourceId }),
  carryOut(request, world) {
    const user = changeUser(request, world, (_, instance) => ({
      routingProfileId: routingProfileId(request.RoutingProfileId, instance),
    }));
    world.agents.userChanged(user);
    return undefined;
  },
});
