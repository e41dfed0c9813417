import type { UserFacts } from "../../connect/users.ts";
import { updatesNeeded, type WantedUser } from "../desired-user.ts";
import { partChanges } from "../part-changes.ts";
import type { PartChange } from "../user-change.ts";
import type { DesiredUser } from "../user-command.ts";
import type { WishSteps } from "../wish.ts";
import { askAgain } from "./ask-again.ts";
import { planUnmanaged, type Strangers } from "./plan-unmanaged.ts";
import { type Present, type ReadingDepth, type ReadSteps, readPresent } from "./present-users.ts";
import type { Entry } from "./roster-file.ts";
import type { Wishes } from "./wishes.ts";

/** What becomes of users of Connect whom the file does not describe. */
export type Unmanaged = "leave" | "deactivate" | "delete";

export interface Planned {
  username: string;
  user: DesiredUser;
}

export interface RosterPlan {
  created: Planned[];
  changed: (Planned & { changes: PartChange[] })[];
  deactivated: Planned[];
  deleted: string[];
  /** How many are as described. */
  untouched: number;
  /** Names of those who are not in the file, and stay as they are. */
  unmanaged: string[];
  /** Those of them who should be deactivated, and whom no command can describe. */
  undescribable: string[];
}

export interface PlanSteps extends ReadSteps, WishSteps {}

export interface PlanOptions {
  depth: ReadingDepth;
  unmanaged: Unmanaged;
}

/** @returns what would make the users of Connect those of the file; @throws CannotPlan */
export async function planRoster(
  entries: Entry[],
  wishes: Wishes,
  { depth, unmanaged }: PlanOptions,
  steps: PlanSteps,
): Promise<RosterPlan> {
  const isWanted = (username: string) => wishes.has(username) || unmanaged === "deactivate";
  const present = await readPresent(depth, isWanted, steps);
  const created: Planned[] = [];
  const changed: RosterPlan["changed"] = [];
  for (const { username, user } of entries) {
    const wanted = wishes.get(username);
    const is = present.known.get(username);
    if (!wanted) continue;
    if (!is) {
      created.push({ username, user });
      continue;
    }
    const compared = comparable(is, wanted, depth);
    const needed = updatesNeeded(compared, wanted);
    const changes = await askAgain(
      () => partChanges(compared, wanted, needed, steps.names, steps.users),
      steps,
    );
    if (changes.length > 0) changed.push({ username, user, changes });
  }
  const untouched = wishes.size - created.length - changed.length;
  const others = await planUnmanaged(strangersIn(present, wishes), unmanaged, steps);
  return { created, changed, untouched, ...others };
}

export const isDifferent = ({ created, changed, deactivated, deleted }: RosterPlan): boolean =>
  created.length + changed.length + deactivated.length + deleted.length > 0;

/** What could not be read is taken to be as it is to be. */
function comparable(is: UserFacts, { identity }: WantedUser, depth: ReadingDepth): UserFacts {
  if (depth === "one-by-one" || identity?.email === undefined) return is;
  return { ...is, identity: { ...is.identity, email: identity.email } };
}

function strangersIn({ known, others }: Present, wishes: Wishes): Strangers {
  const all = [...known, ...others.map((username) => [username, undefined] as const)];
  return new Map(all.filter(([username]) => !wishes.has(username)));
}
