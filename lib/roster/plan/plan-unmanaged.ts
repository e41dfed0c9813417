import type { UserFacts } from "../../connect/users.ts";
import { updatesNeeded } from "../desired-user.ts";
import { wishOf } from "../wish.ts";
import { askAgain } from "./ask-again.ts";
import type { Planned, PlanSteps, RosterPlan, Unmanaged } from "./plan-roster.ts";
import { userInNames } from "./user-in-names.ts";

/** Those of whom the file says nothing; undefined who was not looked at. */
export type Strangers = Map<string, UserFacts | undefined>;

/** Something outside of the file keeps it from being planned. */
export class CannotPlan extends Error {
  override readonly name = "CannotPlan";
}

export async function planUnmanaged(
  strangers: Strangers,
  unmanaged: Unmanaged,
  steps: PlanSteps,
): Promise<Pick<RosterPlan, "deactivated" | "deleted" | "unmanaged" | "undescribable">> {
  const plan = { deactivated: [], deleted: [], unmanaged: [], undescribable: [] };
  const usernames = [...strangers.keys()].toSorted();
  if (unmanaged === "leave") return { ...plan, unmanaged: usernames };
  if (unmanaged === "delete") return { ...plan, deleted: usernames };
  return { ...plan, ...(await deactivated(usernames, strangers, steps)) };
}

async function deactivated(usernames: string[], strangers: Strangers, steps: PlanSteps) {
  const found: Planned[] = [];
  const left: string[] = [];
  const undescribable: string[] = [];
  for (const username of usernames) {
    const is = strangers.get(username);
    const active = is && (await askAgain(() => userInNames(is, steps.names, steps.users), steps));
    if (!active) undescribable.push(username);
    else {
      const one = { username, user: { ...active, active: false } };
      if (await isChanged(is, one, steps)) found.push(one);
      else left.push(username);
    }
  }
  return { deactivated: found, unmanaged: left, undescribable };
}

async function isChanged(is: UserFacts, one: Planned, steps: PlanSteps): Promise<boolean> {
  const wish = await askAgain(() => wishOf(one, steps.users, steps), steps);
  if (wish.kind === "refused") throw new CannotPlan(`${one.username} cannot be deactivated: ${wish.why}`);
  return updatesNeeded(is, wish.user).length > 0;
}
