import { Command, CommanderError } from "commander";
import { addList } from "./commands/list.ts";
import { addMetrics } from "./commands/metrics.ts";
import { addRedrive } from "./commands/redrive.ts";
import { addResolve } from "./commands/resolve.ts";
import { addRoster } from "./commands/roster.ts";
import { addStatus } from "./commands/status.ts";
import { addStop } from "./commands/stop.ts";
import { addSubscribers } from "./commands/subscribers.ts";
import { addUpdate } from "./commands/update.ts";
import { addUsers } from "./commands/users.ts";
import { exitCodes, failureOf } from "./failure.ts";
import type { CommonOptions } from "./options.ts";
import { note, print } from "./print.ts";

const program = new Command("contact-automation")
  .description("Looks after the call requests of a running service, on this machine or on AWS.")
  .option("--stage <stage>", "the deployed stage to work on; what the environment says wins over it")
  .option("--json", "one JSON document on stdout, for machines")
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError("(add --help for how it is used)")
  .addHelpText(
    "after",
    `
Where it looks: CONTACTS_TABLE and the like in the environment, else --stage, else .local/stack.env of this folder.
Exit codes: 0 done · 1 not found, or failed · 2 wrong usage · 3 the request's present state does not allow it`,
  )
  .exitOverride();

for (const add of [
  addStatus,
  addList,
  addStop,
  addUpdate,
  addResolve,
  addRedrive,
  addSubscribers,
  addMetrics,
  addRoster,
  addUsers,
])
  add(program);

// Whoever reads the output may have seen enough, as `head` has.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** @returns the exit code */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const { kind, message, exitCode } = failureOf(error);
  if (program.opts<CommonOptions>().json) print(true, { error: { kind, message } }, []);
  else note(message);
  return exitCode;
}
