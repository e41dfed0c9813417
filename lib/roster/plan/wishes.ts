import type { WantedUser } from "../desired-user.ts";
import { type Wish, type WishSteps, wishOf } from "../wish.ts";
import { askAgain } from "./ask-again.ts";
import type { ReadSteps } from "./present-users.ts";
import type { Entry, Problem } from "./roster-file.ts";

/** By username. */
export type Wishes = Map<string, WantedUser>;

/** What apply-user would make of each, told beforehand: names that nobody knows, and what Connect takes for no username. */
export async function wishesOf(
  entries: Entry[],
  steps: ReadSteps & WishSteps,
): Promise<{ wishes: Wishes; problems: Problem[] }> {
  const wishes: Wishes = new Map();
  const problems: Problem[] = [];
  for (const { line, username, user } of entries) {
    const wish: Wish = await askAgain(() => wishOf({ username, user }, steps.users, steps), steps);
    if (wish.kind === "wish") wishes.set(username, wish.user);
    else problems.push({ line, why: `${JSON.stringify(username)}: ${wish.why}` });
  }
  return { wishes, problems };
}
