import type { Command } from "commander";
import { dynamoDb } from "../../lib/edge/clients.ts";
import { DynamoChangeReader } from "../../lib/roster/change-reader.dynamodb.ts";
import type { PartChange, UserChange } from "../../lib/roster/user-change.ts";
import { Failure } from "../failure.ts";
import { type CommonOptions, examples, positiveInteger } from "../options.ts";
import { aligned, print } from "../print.ts";
import { Settings } from "../settings.ts";

interface Options extends CommonOptions {
  limit: number;
}

export function addUsers(program: Command): void {
  const users = program
    .command("users")
    .description("What is on record of the users of Connect: docs/users.md");
  users
    .command("changes")
    .description("Who changed what of a user, and why, the newest command first, with all values")
    .argument("<username>", "upper and lower case minded")
    .option("--limit <n>", "how many commands at most", positiveInteger, 20)
    .addHelpText("after", examples("users changes ana", "users changes ana --limit 1 --stage prod --json"))
    .action(changes);
}

async function changes(username: string, _options: unknown, command: Command): Promise<void> {
  const { json, stage, limit } = command.optsWithGlobals<Options>();
  const table = new Settings(stage).userChangesTable();
  const found = await new DynamoChangeReader(dynamoDb(), table).list(username, limit);
  if (found.length === 0)
    throw new Failure("not-found", `There is no command for ${username} on record in ${table}.`);
  print(json, { username, changes: found }, found.flatMap(linesOf));
}

function linesOf({ at, state, commandId, source, reason, why, changes }: UserChange): string[] {
  const asked = [source && `by ${source}`, reason].filter(Boolean).join(": ");
  const rows = changes
    .flatMap(rowsOf)
    .map(([what = "", before = "", after = ""]) => [what, `${before} → ${after}`]);
  return [
    [at, state, commandId, asked].filter(Boolean).join("  "),
    ...(why === undefined ? [] : [`  ${why}`]),
    ...aligned(rows).map((row) => `  ${row}`),
  ];
}

/** Of a part that has fields, those that differ. */
function rowsOf({ part, before, after }: PartChange): string[][] {
  if (!isFields(before ?? after)) return [[part, textOf(before), textOf(after)]];
  const [was, is] = [before, after].map((value) => (isFields(value) ? value : {}));
  return [...new Set(Object.keys({ ...was, ...is }))]
    .map((field) => [`${part}.${field}`, textOf(was?.[field]), textOf(is?.[field])])
    .filter(([, one, other]) => one !== other);
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string =>
  value === undefined ? "none" : Array.isArray(value) ? value.join(", ") : String(value);
