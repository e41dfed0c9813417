import type { Users } from "../connect/users.ts";
import type { WantedUser } from "./desired-user.ts";
import type { Names } from "./names.ts";
import { type PartChange, type UserPart, userParts } from "./user-change.ts";

/** A user in names, as the audit record shows one; none of its parts where there is no user. */
export type Picture = Partial<Record<UserPart, unknown>>;

export const nobody: Picture = {};

export async function pictureOf(
  { identity, phone, tags, ...ids }: WantedUser,
  names: Names,
  users: Users,
): Promise<Picture> {
  const { routingProfile, securityProfiles, hierarchy } = await names.namesOf(ids, users);
  return {
    identity,
    phone,
    "routing-profile": routingProfile,
    "security-profiles": securityProfiles.toSorted(),
    hierarchy,
    tags,
  };
}

/** @param parts all that are in either picture where it is not told */
export function changesBetween(
  before: Picture,
  after: Picture,
  parts: readonly UserPart[] = userParts.filter((part) => before[part] ?? after[part]),
): PartChange[] {
  return parts.map((part) => ({
    part,
    ...(before[part] !== undefined && { before: before[part] }),
    ...(after[part] !== undefined && { after: after[part] }),
  }));
}
