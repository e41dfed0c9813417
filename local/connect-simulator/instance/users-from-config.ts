import type { UserConfig } from "../config/centre-config.ts";
import { groupAt } from "./hierarchy.ts";
import { idOf, named } from "./ids.ts";
import type { Instance, User } from "./instance.ts";

/** Usernames of an entry with `count`: the given one, with -0001 and so on behind it. */
export function usernamesOf({ username, count }: UserConfig): string[] {
  if (count === undefined) return [username];
  return Array.from({ length: count }, (_, index) => `${username}-${String(index + 1).padStart(4, "0")}`);
}

/** The users that the configuration describes. */
export function bringUsers(instance: Instance, configs: readonly UserConfig[]): void {
  const { alias, routingProfiles, securityProfiles } = instance;
  const [firstProfile] = routingProfiles.all();
  const [firstSecurity] = securityProfiles.all();
  for (const config of configs) {
    const profile =
      config.routingProfile === undefined
        ? firstProfile
        : named(
            routingProfiles,
            config.routingProfile,
            `instance ${alias}: there is no routing profile ${config.routingProfile}`,
          );
    const security = config.securityProfiles?.map(
      (name) => named(securityProfiles, name, `instance ${alias}: there is no security profile ${name}`).id,
    );
    for (const [index, username] of usernamesOf(config).entries()) {
      if (instance.users.named(username))
        throw new Error(`instance ${alias}: there are two users ${username}`);
      const user: User = {
        id: (config.count === undefined ? config.id : undefined) ?? idOf(instance.id, "user", username),
        ordinal: instance.users.nextOrdinal(),
        instanceId: instance.id,
        username,
        identityInfo: {
          FirstName: config.firstName,
          LastName: config.lastName ?? (config.count === undefined ? username : String(index + 1)),
          Email: config.email,
        },
        phoneConfig: { PhoneType: "SOFT_PHONE", AutoAccept: false, AfterContactWorkTimeLimit: 0 },
        directoryUserId: null,
        securityProfileIds: security ?? (firstSecurity ? [firstSecurity.id] : []),
        routingProfileId: profile?.id ?? "",
        hierarchyGroupId: config.hierarchy ? groupAt(instance, config.hierarchy).id : null,
        tags: {},
        channelConfigs: {},
        modifiedAt: instance.createdAt,
        createdAtReal: 0,
      };
      if (instance.users.get(user.id))
        throw new Error(`instance ${alias}: there are two users with the id ${user.id}`);
      instance.users.put(user);
    }
  }
}
