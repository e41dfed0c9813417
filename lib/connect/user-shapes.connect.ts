import type { User, UserIdentityInfo, UserPhoneConfig, UserSearchSummary } from "@aws-sdk/client-connect";
import { withoutUndefined } from "../contacts/without-undefined.ts";
import type { Member, Named, UserFacts } from "./users.ts";

/** Seconds, here and in every operation but SearchUsers. */
export const phoneConfigOf = (phone: UserFacts["phone"]): UserPhoneConfig => ({
  PhoneType: phone.type,
  AutoAccept: phone.autoAccept,
  AfterContactWorkTimeLimit: phone.afterContactWorkSeconds,
  DeskPhoneNumber: phone.deskNumber,
  PersistentConnection: phone.persistentConnection,
});

export const identityInfoOf = (identity: UserFacts["identity"]): UserIdentityInfo => ({
  FirstName: identity.firstName,
  LastName: identity.lastName,
  Email: identity.email,
  SecondaryEmail: identity.secondaryEmail,
  Mobile: identity.mobile,
});

/** Connect tells some of what is not set as an empty text: the number of a desk phone, of a user who has none. */
const setIn = (text: string | undefined): string | undefined => text || undefined;

export function userFactsOf(user: User | undefined): UserFacts {
  const identity = user?.IdentityInfo;
  const phone = user?.PhoneConfig;
  return {
    identity: withoutUndefined({
      firstName: setIn(identity?.FirstName),
      lastName: setIn(identity?.LastName),
      email: setIn(identity?.Email),
      secondaryEmail: setIn(identity?.SecondaryEmail),
      mobile: setIn(identity?.Mobile),
    }),
    phone: withoutUndefined({
      type: phone?.PhoneType,
      autoAccept: phone?.AutoAccept,
      afterContactWorkSeconds: phone?.AfterContactWorkTimeLimit,
      deskNumber: setIn(phone?.DeskPhoneNumber),
      persistentConnection: phone?.PersistentConnection,
    }),
    routingProfileId: user?.RoutingProfileId ?? "",
    securityProfileIds: user?.SecurityProfileIds ?? [],
    ...withoutUndefined({ hierarchyGroupId: setIn(user?.HierarchyGroupId) }),
  };
}

export function searchedFactsOf(found: UserSearchSummary): UserFacts {
  const facts = userFactsOf(found);
  const milliseconds = facts.phone.afterContactWorkSeconds;
  const seconds = milliseconds !== undefined && { afterContactWorkSeconds: milliseconds / 1000 };
  return { ...facts, phone: { ...facts.phone, ...seconds } };
}

export const membersIn = (
  summaries: { Id?: string | undefined; Username?: string | undefined }[] = [],
): Member[] =>
  summaries.flatMap(({ Id, Username }) =>
    Id && Username !== undefined ? [{ id: Id, username: Username }] : [],
  );

export const namedIn = (summaries: { Id?: string | undefined; Name?: string | undefined }[] = []): Named[] =>
  summaries.flatMap(({ Id, Name }) => (Id && Name !== undefined ? [{ id: Id, name: Name }] : []));
