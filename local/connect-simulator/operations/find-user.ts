import { findInstance, findRow } from "../instance/find.ts";
import type { Instance, User } from "../instance/instance.ts";
import { instanceId, resourceId } from "../wire/constraints.ts";
import { resourceNotFound } from "../wire/wire-error.ts";
import type { World } from "../world.ts";

/** The members of every operation on one user. */
export const userMembers = { InstanceId: instanceId, UserId: resourceId };

type UserRequest = { InstanceId: string; UserId: string };

export function findUser(request: UserRequest, world: World): { user: User; instance: Instance } {
  const instance = findInstance(request.InstanceId, world);
  return { user: findRow(instance.users, request.UserId, "agent", instance, "UserId"), instance };
}

/** A user who has been there for long enough to be seen, where that is configured to take its time. */
export function findVisibleUser(request: UserRequest, world: World): { user: User; instance: Instance } {
  const found = findUser(request, world);
  const age = world.realNow() - found.user.createdAtReal;
  if (age < world.deviations.userVisibleAfterSeconds * 1000) {
    throw resourceNotFound(`UserId: there is no agent ${request.UserId}`);
  }
  return found;
}

/** Puts the user with what `changes` gives, and answers it. */
export function changeUser(
  request: UserRequest,
  world: World,
  changes: (user: User, instance: Instance) => Partial<User>,
): User {
  const { user, instance } = findVisibleUser(request, world);
  const changed = { ...user, ...changes(user, instance), modifiedAt: world.clock.now() };
  instance.users.put(changed);
  return changed;
}
