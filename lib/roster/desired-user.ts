import type { NewUser, UserFacts, UserUpdate } from "../connect/users.ts";
import type { DesiredUser } from "./user-command.ts";

/** What names stand for. */
export interface Ids {
  routingProfileId: string;
  securityProfileIds: string[];
  hierarchyGroupId?: string;
}

/** A user as it should be, in Connect's own terms; without identity where a directory has it. */
export type WantedUser = Pick<NewUser, "identity" | "phone" | "tags" | keyof Ids>;

export function wantedUser(
  { identity, phone, tags }: Pick<DesiredUser, "identity" | "phone" | "tags">,
  ids: Ids,
  ownIdentity: boolean,
): WantedUser {
  const { email, ...names } = identity;
  const { deskNumber, ...others } = phone;
  return {
    ...(ownIdentity && { identity: { ...names, ...(email !== undefined && { email }) } }),
    phone: { ...others, ...(deskNumber !== undefined && { deskNumber }) },
    ...ids,
    ...(tags && { tags }),
  };
}

/**
 * The updates that make of the user that there is the one that is wanted; none where they agree.
 * Both structures are replaced as a whole by Connect, so what no command speaks of is handed on as it is.
 */
export function updatesNeeded(is: UserFacts, wanted: WantedUser): UserUpdate[] {
  const updates: UserUpdate[] = [];
  const { secondaryEmail, mobile } = is.identity;
  const identity = wanted.identity && {
    ...wanted.identity,
    ...(secondaryEmail !== undefined && { secondaryEmail }),
    ...(mobile !== undefined && { mobile }),
  };
  if (identity && !isSame(is.identity, identity)) updates.push({ part: "identity", to: identity });
  const { persistentConnection } = is.phone;
  const phone = { ...wanted.phone, ...(persistentConnection !== undefined && { persistentConnection }) };
  if (!isSame(is.phone, phone)) updates.push({ part: "phone", to: phone });
  if (is.routingProfileId !== wanted.routingProfileId)
    updates.push({ part: "routing-profile", to: wanted.routingProfileId });
  if (!isSame(is.securityProfileIds.toSorted(), wanted.securityProfileIds.toSorted()))
    updates.push({ part: "security-profiles", to: wanted.securityProfileIds });
  if (is.hierarchyGroupId !== wanted.hierarchyGroupId)
    updates.push({ part: "hierarchy", to: wanted.hierarchyGroupId });
  return updates;
}

const isSame = (one: object, other: object): boolean =>
  JSON.stringify(Object.entries(one).toSorted()) === JSON.stringify(Object.entries(other).toSorted());
