import { isDeepStrictEqual } from "node:util";
import type { NewUser, UserFacts, UserUpdate } from "../connect/users.ts";
import { withoutUndefined } from "../contacts/without-undefined.ts";
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
  return {
    ...(ownIdentity && { identity: withoutUndefined(identity) }),
    phone: withoutUndefined(phone),
    ...ids,
    ...(tags && { tags }),
  };
}

/**
 * What becomes of the user that there is. Both structures are replaced as a whole by Connect, so what no command speaks of is
 * handed on as it is.
 */
export function madeOf(is: UserFacts, { identity, phone, ...wanted }: WantedUser): UserFacts {
  const { secondaryEmail, mobile } = is.identity;
  const { persistentConnection } = is.phone;
  return {
    identity: identity ? { ...identity, ...withoutUndefined({ secondaryEmail, mobile }) } : is.identity,
    phone: { ...phone, ...withoutUndefined({ persistentConnection }) },
    routingProfileId: wanted.routingProfileId,
    securityProfileIds: wanted.securityProfileIds,
    ...(wanted.hierarchyGroupId !== undefined && { hierarchyGroupId: wanted.hierarchyGroupId }),
  };
}

/** The updates that make of the user that there is the one that is wanted; none where they agree. */
export function updatesNeeded(is: UserFacts, wanted: WantedUser): UserUpdate[] {
  const updates: UserUpdate[] = [];
  const { identity, phone, routingProfileId, securityProfileIds, hierarchyGroupId } = madeOf(is, wanted);
  if (!isDeepStrictEqual(is.identity, identity)) updates.push({ part: "identity", to: identity });
  if (!isDeepStrictEqual(is.phone, phone)) updates.push({ part: "phone", to: phone });
  if (is.routingProfileId !== routingProfileId)
    updates.push({ part: "routing-profile", to: routingProfileId });
  if (!isDeepStrictEqual(is.securityProfileIds.toSorted(), securityProfileIds.toSorted()))
    updates.push({ part: "security-profiles", to: securityProfileIds });
  if (is.hierarchyGroupId !== hierarchyGroupId) updates.push({ part: "hierarchy", to: hierarchyGroupId });
  return updates;
}
