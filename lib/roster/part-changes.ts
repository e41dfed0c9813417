import type { UserFacts, Users, UserUpdate } from "../connect/users.ts";
import { madeOf, type WantedUser } from "./desired-user.ts";
import type { Names } from "./names.ts";
import { changesBetween, pictureOf } from "./picture.ts";
import type { PartChange } from "./user-change.ts";

/** What the updates that are needed change of a user, as it goes on record; nothing of one who is as wanted. */
export async function partChanges(
  is: UserFacts,
  wanted: WantedUser,
  needed: UserUpdate[],
  names: Names,
  users: Users,
): Promise<PartChange[]> {
  if (needed.length === 0) return [];
  const before = await pictureOf(is, names, users);
  const after = await pictureOf(madeOf(is, wanted), names, users);
  return changesBetween(
    before,
    after,
    needed.map(({ part }) => part),
  );
}
