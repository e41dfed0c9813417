import type { UserFacts, Users } from "../../connect/users.ts";
import { madeOf, updatesNeeded, type WantedUser } from "../desired-user.ts";
import type { Names } from "../names.ts";
import { changesBetween, pictureOf } from "../picture.ts";
import type { PartChange } from "../user-change.ts";

/** What apply-user would change of a user, as it would put it on record; nothing of one who is as wanted. */
export async function partChanges(
  is: UserFacts,
  wanted: WantedUser,
  names: Names,
  users: Users,
): Promise<PartChange[]> {
  const parts = updatesNeeded(is, wanted).map(({ part }) => part);
  if (parts.length === 0) return [];
  const before = await pictureOf(is, names, users);
  return changesBetween(before, await pictureOf(madeOf(is, wanted), names, users), parts);
}
