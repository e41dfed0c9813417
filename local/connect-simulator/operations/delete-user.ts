import * as v from "valibot";
import { operation } from "../wire/operation.ts";
import { findUser, userMembers } from "./find-user.ts";

export const deleteUser = operation({
  name: "DeleteUser",
  method: "DELETE",
  path: "/users/{InstanceId}/{UserId}",
  input: v.object(userMembers),
  carryOut(request, world) {
    const { user, instance } = findUser(request, world);
    instance.users.delete(user.id);
    world.agents.userGone(user);
    return undefined;
  },
});
