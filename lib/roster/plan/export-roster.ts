import { askAgain } from "./ask-again.ts";
import type { Planned, PlanSteps } from "./plan-roster.ts";
import { readPresent } from "./present-users.ts";
import { userInNames } from "./user-in-names.ts";

/** The users of Connect as a file would describe them, by name. */
export async function exportRoster(
  steps: Pick<PlanSteps, "users" | "names" | "rate" | "now" | "until" | "progress">,
): Promise<{ users: Planned[]; undescribable: string[] }> {
  const { known } = await readPresent("one-by-one", () => true, steps);
  const users: Planned[] = [];
  const undescribable: string[] = [];
  for (const [username, facts] of [...known].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const user = await askAgain(() => userInNames(facts, steps.names, steps.users), steps);
    if (user) users.push({ username, user });
    else undescribable.push(username);
  }
  return { users, undescribable };
}
