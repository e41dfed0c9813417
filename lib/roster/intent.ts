import { UserError, type UserFacts, type Users } from "../connect/users.ts";
import { updatesNeeded, type WantedUser } from "./desired-user.ts";
import type { Names } from "./names.ts";
import { partChanges } from "./part-changes.ts";
import { changesBetween, nobody, pictureOf } from "./picture.ts";
import type { Deed, PartChange, UserPart } from "./user-change.ts";

/** What is to be done to a user, as it goes on record, and how. */
export interface Intent {
  deed: Deed;
  changes: PartChange[];
  /** @param made is told of each part that was updated, as soon as it was */
  write(made: (part: UserPart) => void): Promise<void>;
}

export interface IntentSteps {
  names: Names;
  /** Fit for Connect, and different every time. */
  newPassword(): string;
}

interface Wanted {
  user: WantedUser;
  withPassword: boolean;
}

/**
 * find ▸ compare
 * @param wanted absent: there is to be no such user
 * @returns undefined when it is so already
 */
export async function intentOf(
  username: string,
  wanted: Wanted | undefined,
  users: Users,
  steps: IntentSteps,
): Promise<Intent | undefined> {
  const userId = await users.find(username);
  if (userId === undefined) return wanted && creation(username, wanted, users, steps);
  const is = await described(userId, users);
  return wanted ? updating(userId, is, wanted.user, users, steps) : deletion(userId, is, users, steps);
}

async function creation(
  username: string,
  { user, withPassword }: Wanted,
  users: Users,
  { names, newPassword }: IntentSteps,
): Promise<Intent> {
  return {
    deed: "created",
    changes: changesBetween(nobody, await pictureOf(user, names, users)),
    write: () => users.create({ username, ...user, ...(withPassword && { password: newPassword() }) }),
  };
}

async function updating(
  userId: string,
  is: UserFacts,
  wanted: WantedUser,
  users: Users,
  { names }: IntentSteps,
): Promise<Intent | undefined> {
  const needed = updatesNeeded(is, wanted);
  if (needed.length === 0) return undefined;
  return {
    deed: "updated",
    changes: await partChanges(is, wanted, needed, names, users),
    write: async (made) => {
      for (const update of needed) {
        await users.update(userId, update);
        made(update.part);
      }
    },
  };
}

async function deletion(
  userId: string,
  is: UserFacts,
  users: Users,
  { names }: IntentSteps,
): Promise<Intent> {
  return {
    deed: "deleted",
    changes: changesBetween(await pictureOf(is, names, users), nobody),
    write: () => users.delete(userId).catch(unlessGone),
  };
}

function unlessGone(error: unknown): void {
  if (!(error instanceof UserError && error.kind === "not-found")) throw error;
}

/** Of a user who was made a moment ago Connect may say either that there is none, or that the request is wrong. */
async function described(userId: string, users: Users): Promise<UserFacts> {
  try {
    return await users.describe(userId);
  } catch (error) {
    if (error instanceof UserError && error.kind === "refused")
      throw new UserError("not-found", error.operation, error.message);
    throw error;
  }
}
