import type { Command } from "commander";
import { hasOwnIdentity } from "../../lib/roster/identity-rules.ts";
import { askAgain } from "../../lib/roster/plan/ask-again.ts";
import {
  isDifferent,
  type PlanSteps,
  planRoster,
  type RosterPlan,
  type Unmanaged,
} from "../../lib/roster/plan/plan-roster.ts";
import type { ReadingDepth } from "../../lib/roster/plan/present-users.ts";
import type { Problem } from "../../lib/roster/plan/roster-file.ts";
import { wishesOf } from "../../lib/roster/plan/wishes.ts";
import { Failure } from "../failure.ts";
import type { CommonOptions } from "../options.ts";
import { note, print } from "../print.ts";
import { type Places, placesOf, rosterIn } from "./roster-place.ts";
import { documentOf, driftDocumentOf, driftLinesOf, linesOf } from "./roster-print.ts";
import { withReadingBar } from "./roster-reading.ts";

/** As `terraform plan -detailed-exitcode` has it. */
const different = 2;

export interface PlanChoices extends CommonOptions {
  skipEmails?: true;
  prune?: true;
  deactivateUnmanaged?: true;
}

export async function showPlan(file: string, _options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<PlanChoices>();
  const places = placesOf(options.stage);
  const plan = await planOf(file, options, places);
  print(options.json, documentOf(plan, places.rate), linesOf(plan, places.rate));
  if (isDifferent(plan)) process.exitCode = different;
}

export async function showDrift(file: string, _options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<PlanChoices>();
  const plan = await planOf(file, options, placesOf(options.stage));
  print(options.json, driftDocumentOf(plan), driftLinesOf(plan));
  if (isDifferent(plan)) process.exitCode = different;
}

/** @throws Failure when there is anything in the file that could not be applied; every problem has been told then */
export async function planOf(
  file: string,
  options: PlanChoices,
  { plan, rate }: Pick<Places, "plan" | "rate">,
): Promise<RosterPlan> {
  const { entries, problems } = rosterIn(file);
  return withReadingBar(rate, async (progress) => {
    const steps = { ...plan, progress };
    const wished = await wishesOf(entries, steps);
    refuse(file, [...problems, ...wished.problems]);
    const chosen = { depth: await depthOf(options, steps), unmanaged: unmanagedIn(options) };
    return planRoster(entries, wished.wishes, chosen, steps);
  });
}

export const unmanagedIn = ({ prune, deactivateUnmanaged }: PlanChoices): Unmanaged =>
  prune ? "delete" : deactivateUnmanaged ? "deactivate" : "leave";

/** A directory has the e-mail addresses, so no request is needed that would tell them. */
async function depthOf({ skipEmails }: PlanChoices, steps: PlanSteps): Promise<ReadingDepth> {
  if (skipEmails) return "searched";
  const identityType = await askAgain(() => steps.names.identityType(steps.users), steps);
  return hasOwnIdentity(identityType) ? "one-by-one" : "searched";
}

function refuse(file: string, problems: Problem[]): void {
  if (problems.length === 0) return;
  const inOrder = problems.toSorted((one, other) => one.line - other.line);
  for (const { line, why } of inOrder) note(`${file}:${line}: ${why}`);
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  throw new Failure("invalid", `${file} has ${count}: nothing was done.`);
}
