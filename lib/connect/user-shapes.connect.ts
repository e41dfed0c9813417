import type { User, UserIdentityInfo, UserPhoneConfig } from "@aws-sdk/client-connect";
import { withoutUndefined } from "../contacts/without-undefined.ts";
import type { Named, UserFacts } from "./users.ts";

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

export function userFactsOf(user: User | undefined): UserFacts {
  const { FirstName, LastName, Email, SecondaryEmail, Mobile } = user?.IdentityInfo ?? {};
  const phone = user?.PhoneConfig;
  return {
    identity: withoutUndefined({
      firstName: FirstName,
      lastName: LastName,
      email: Email,
      secondaryEmail: SecondaryEmail,
      mobile: Mobile,
    }),
    phone: withoutUndefined({
      type: phone?.PhoneType,
      autoAccept: phone?.AutoAccept,
      afterContactWorkSeconds: phone?.AfterContactWorkTimeLimit,
      deskNumber: phone?.DeskPhoneNumber,
      persistentConnection: phone?.PersistentConnection,
    }),
    routingProfileId: user?.RoutingProfileId ?? "",
    securityProfileIds: user?.SecurityProfileIds ?? [],
    ...(user?.HierarchyGroupId !== undefined && { hierarchyGroupId: user.HierarchyGroupId }),
  };
}

export const namedIn = (summaries: { Id?: string | undefined; Name?: string | undefined }[] = []): Named[] =>
  summaries.flatMap(({ Id, Name }) => (Id && Name !== undefined ? [{ id: Id, name: Name }] : []));
