import type { Users } from "../connect/users.ts";
import { type WantedUser, wantedUser } from "./desired-user.ts";
import { hasOwnIdentity, problemOfUsername } from "./identity-rules.ts";
import type { Names } from "./names.ts";
import type { DesiredUser } from "./user-command.ts";

/** What takes the place of the profiles of a user who is not active. */
export interface Inactive {
  routingProfile: string | undefined;
  securityProfile: string | undefined;
}

export interface WishSteps {
  names: Names;
  inactive: Inactive;
}

/** A user as it is to be, in ids. */
export type Wish =
  | { kind: "wish"; user: WantedUser; withPassword: boolean }
  | { kind: "refused"; why: string };

/** Asks for names and for nothing of the user. */
export async function wishOf(
  { username, user }: { username: string; user: DesiredUser },
  users: Users,
  { names, inactive }: WishSteps,
): Promise<Wish> {
  const profiles = user.active ? user : inactiveOf(inactive);
  if (!profiles) {
    const why =
      "no INACTIVE_ROUTING_PROFILE and INACTIVE_SECURITY_PROFILE are set for users who are not active";
    return { kind: "refused", why };
  }
  const identityType = await names.identityType(users);
  const problem = problemOfUsername(username, identityType);
  if (problem !== undefined) return { kind: "refused", why: problem };
  const { routingProfile, securityProfiles } = profiles;
  const resolved = await names.resolve(
    { routingProfile, securityProfiles, hierarchy: user.hierarchy },
    users,
  );
  if (resolved.kind === "unknown") return { kind: "refused", why: resolved.problems.join("; ") };
  return {
    kind: "wish",
    user: wantedUser(user, resolved.ids, hasOwnIdentity(identityType)),
    withPassword: identityType === "CONNECT_MANAGED",
  };
}

function inactiveOf({
  routingProfile,
  securityProfile,
}: Inactive): Pick<DesiredUser, "routingProfile" | "securityProfiles"> | undefined {
  if (routingProfile === undefined || securityProfile === undefined) return undefined;
  return { routingProfile, securityProfiles: [securityProfile] };
}
