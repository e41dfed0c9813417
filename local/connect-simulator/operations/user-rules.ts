import type { Deviations } from "../config/deviations.ts";
import { findRow } from "../instance/find.ts";
import type { HierarchyGroup, Instance, User } from "../instance/instance.ts";
import { invalidParameter, invalidRequest } from "../wire/wire-error.ts";
import type { ChannelConfigs, GivenIdentity, GivenPhone } from "./user-members.ts";

/** What holds for users over and above the form of each member; how they sign in decides much of it. */

const emailForm = /^[^@]+@[^@]+\.[^@]+$/;

export function checkUsername(username: string, { identityManagementType }: Instance): void {
  const saml = identityManagementType === "SAML";
  const most = saml ? 64 : 20;
  if (username.length > most) {
    throw invalidParameter(
      `Username: must have at most ${most} characters in an instance of ${identityManagementType}`,
    );
  }
  if (saml && !/^[a-zA-Z0-9_.@-]+$/.test(username)) {
    throw invalidParameter("Username: may have only letters, digits and _-.@");
  }
  if (username.includes("@") && !emailForm.test(username)) {
    throw invalidParameter("Username: may have an @ only in the form of an e-mail address");
  }
}

/** Says nothing of the password itself. */
export function checkPassword(password: string | null, { identityManagementType }: Instance): void {
  if (identityManagementType === "CONNECT_MANAGED") {
    if (password === null) throw invalidRequest("Password: is required where Connect manages the users");
  } else if (password !== null) {
    throw invalidRequest(`Password: must not be given in an instance of ${identityManagementType}`);
  }
}

export function checkDirectoryUserId(id: string | null, { identityManagementType }: Instance): void {
  if (id !== null && identityManagementType !== "EXISTING_DIRECTORY") {
    throw invalidRequest(`DirectoryUserId: must not be given in an instance of ${identityManagementType}`);
  }
}

export function checkIdentity(
  identity: GivenIdentity | null,
  { identityManagementType }: Instance,
  { samlEmail }: Deviations,
): void {
  if (identityManagementType === "EXISTING_DIRECTORY") return;
  for (const name of ["FirstName", "LastName"] as const) {
    if (!identity?.[name]) throw invalidRequest(`IdentityInfo.${name}: is required`);
  }
  if (identityManagementType !== "SAML") return;
  if (samlEmail === "refused" && identity?.Email !== undefined) {
    throw invalidRequest("IdentityInfo.Email: must not be given in an instance of SAML");
  }
  if (samlEmail === "required" && !identity?.Email) {
    throw invalidRequest("IdentityInfo.Email: is required");
  }
}

export function checkPhone({ PhoneType, DeskPhoneNumber }: GivenPhone): void {
  if (PhoneType === "DESK_PHONE" && DeskPhoneNumber === undefined) {
    throw invalidRequest("PhoneConfig.DeskPhoneNumber: is required for a DESK_PHONE");
  }
}

type Matter = { list: keyof ChannelConfigs; members: readonly (keyof GivenPhone)[] };

/** Which list says the same as which members of PhoneConfig. */
const matters: readonly Matter[] = [
  { list: "AutoAcceptConfigs", members: ["AutoAccept"] },
  { list: "AfterContactWorkConfigs", members: ["AfterContactWorkTimeLimit"] },
  { list: "PhoneNumberConfigs", members: ["PhoneType", "DeskPhoneNumber"] },
  { list: "PersistentConnectionConfigs", members: ["PersistentConnection"] },
];

export function checkChannelConfigs(configs: ChannelConfigs, phone: GivenPhone | null): void {
  for (const { list, members } of matters) {
    const member = members.find((name) => phone?.[name] !== undefined);
    if (member !== undefined && configs[list]?.length) {
      throw invalidRequest(`${list}: cannot be given together with PhoneConfig.${member}`);
    }
  }
  for (const { PhoneType, PhoneNumber } of configs.PhoneNumberConfigs ?? []) {
    if (PhoneType === "DESK_PHONE" && PhoneNumber === undefined) {
      throw invalidRequest("PhoneNumberConfigs.PhoneNumber: is required for a DESK_PHONE");
    }
  }
}

/** Of a user's lists, those that say nothing else than this newer PhoneConfig. */
export function listsBeside(phone: GivenPhone, lists: User["channelConfigs"]): User["channelConfigs"] {
  const replaced = matters.filter(({ members }) => members.some((name) => phone[name] !== undefined));
  return Object.fromEntries(
    Object.entries(lists).filter(([name]) => !replaced.some(({ list }) => list === name)),
  );
}

export const routingProfileId = (given: string, instance: Instance): string =>
  findRow(instance.routingProfiles, given, "routing-profile", instance, "RoutingProfileId").id;

export const securityProfileIds = (given: readonly string[], instance: Instance): string[] => [
  ...new Set(
    given.map(
      (id) => findRow(instance.securityProfiles, id, "security-profile", instance, "SecurityProfileIds").id,
    ),
  ),
];

export const hierarchyGroup = (given: string, instance: Instance, member: string): HierarchyGroup =>
  findRow(instance.hierarchyGroups, given, "agent-group", instance, member);
