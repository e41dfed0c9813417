import * as v from "valibot";
import type { UserFacts, Users } from "../../connect/users.ts";
import type { Names } from "../names.ts";
import { type DesiredUser, userSchema } from "../user-command.ts";

/**
 * A user of Connect as a command would describe it. Who is not active is told as active, with the profiles that take the place of
 * their own: those are nowhere on record.
 * @returns undefined for one whom no command can describe, such as one without a setting for the phone
 */
export async function userInNames(
  { identity, phone, ...ids }: UserFacts,
  names: Names,
  users: Users,
): Promise<DesiredUser | undefined> {
  const { firstName, lastName, email } = identity;
  const { persistentConnection: _, ...settings } = phone;
  const described = {
    identity: { firstName, lastName, ...(email !== undefined && { email }) },
    phone: settings,
    ...(await names.namesOf(ids, users)),
    active: true,
  };
  const parsed = v.safeParse(userSchema, described);
  return parsed.success ? parsed.output : undefined;
}
