import { type Command, InvalidArgumentError, Option } from "commander";
import { rosterFormats } from "../../lib/roster/plan/roster-file.ts";
import { exitCodes } from "../failure.ts";
import { examples, positiveInteger } from "../options.ts";
import { apply } from "./roster-apply.ts";
import { exportUsers } from "./roster-export.ts";
import { showDrift, showPlan } from "./roster-plan.ts";

const codes = "\nExit codes: 0 no difference · 2 there are differences · 1 it failed, or wrong usage";

export function addRoster(program: Command): void {
  const roster = program
    .command("roster")
    .description("Makes the users of Connect those of a file, or says where they differ: docs/roster.md");
  ofFile(roster, "plan")
    .description("What `apply` would change: who would be created, what of whom would become what")
    .exitOverride(withoutTwo)
    .addHelpText(
      "after",
      codes + examples("roster plan roster.csv", "roster plan roster.yaml --prune --json"),
    )
    .action(showPlan);
  ofFile(roster, "apply")
    .description("Shows the plan, asks, and makes it so; may be stopped at any time, and run again")
    .option("-y, --yes", "do not ask")
    .option("--at-most <n>", "how many users may be deleted or deactivated", positiveInteger)
    .option("--reason <text>", "kept on record with each change", reason)
    .addHelpText(
      "after",
      examples(
        "roster apply roster.csv",
        "roster apply roster.yaml --yes --reason 'HR-4711: spring intake'",
        "roster apply roster.yaml --prune --yes --at-most 5",
      ),
    )
    .action(apply);
  ofFile(roster, "drift")
    .description("For a schedule: who differs from the file, and in which parts, without any values")
    .exitOverride(withoutTwo)
    .addHelpText("after", codes + examples("roster drift roster.yaml --json --stage prod"))
    .action(showDrift);
  roster
    .command("export")
    .description("Writes the users of Connect in the form of such a file")
    .addOption(new Option("--format <format>", "of the file").choices(rosterFormats).default("yaml"))
    .addHelpText("after", examples("roster export > roster.yaml", "roster export --format csv > roster.csv"))
    .action(exportUsers);
}

function ofFile(roster: Command, name: string): Command {
  return roster
    .command(name)
    .argument("<file>", "users as they should be: .yaml, .yml or .csv")
    .addOption(
      new Option(
        "--skip-emails",
        "compare no e-mail addresses: a request for 500 users and not for each one",
      ).conflicts("deactivateUnmanaged"),
    )
    .addOption(
      new Option("--prune", "delete the users of Connect who are not in the file").conflicts(
        "deactivateUnmanaged",
      ),
    )
    .option("--deactivate-unmanaged", "deactivate them instead");
}

function reason(text: string): string {
  if (text.length < 1 || text.length > 256)
    throw new InvalidArgumentError("It must have 1 to 256 characters.");
  return text;
}

/** Where 2 says that there are differences, it says nothing else. */
function withoutTwo(error: { exitCode: number }): void {
  process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.failed);
}
