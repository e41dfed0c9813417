import { type Member, UserError, type UserFacts, type Users } from "../../connect/users.ts";
import { inParallel } from "../../portions.ts";
import { askAgain, type PaceSteps } from "./ask-again.ts";

export interface ReadSteps extends PaceSteps {
  users: Users;
  /** How many users have been looked at one by one, of how many. */
  progress(done: number, of: number): void;
}

export interface Present {
  /** Those who were looked at, by name. */
  known: Map<string, UserFacts>;
  /** Names of all others. */
  others: string[];
}

/**
 * `one-by-one` is all that there is to know, a request for each user who is looked at. `searched` takes a request for 500 users, and
 * knows no e-mail address.
 */
export type ReadingDepth = "one-by-one" | "searched";

/** Enough for the rate to be what binds. */
const atOnce = 16;

export async function readPresent(
  depth: ReadingDepth,
  isWanted: (username: string) => boolean,
  steps: ReadSteps,
): Promise<Present> {
  const { users, progress } = steps;
  if (depth === "searched") {
    const found = await askAgain(() => users.search(), steps);
    const facts = found.map(({ id: _, username, ...facts }) => [username, facts] as const);
    return { known: new Map(facts), others: [] };
  }
  const members = await askAgain(() => users.list(), steps);
  const wanted = members.filter(({ username }) => isWanted(username));
  const known = new Map<string, UserFacts>();
  let done = 0;
  progress(done, wanted.length);
  await inParallel(wanted, atOnce, async (member) => {
    const facts = await describedOf(member, steps);
    if (facts) known.set(member.username, facts);
    done += 1;
    progress(done, wanted.length);
  });
  const others = members.map(({ username }) => username).filter((username) => !isWanted(username));
  return { known, others };
}

/** @returns undefined for one who was deleted since the list was read */
async function describedOf({ id }: Member, steps: ReadSteps): Promise<UserFacts | undefined> {
  try {
    return await askAgain(() => steps.users.describe(id), steps);
  } catch (error) {
    if (error instanceof UserError && error.kind === "not-found") return undefined;
    throw error;
  }
}
