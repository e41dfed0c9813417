import { type Command, Option } from "commander";
import { DynamoRecordReader } from "../../lib/api/record-reader.dynamodb.ts";
import type { Shown } from "../../lib/api/record-view.ts";
import { type State, states } from "../../lib/contacts/contact-states.ts";
import { dynamoDb } from "../../lib/edge/clients.ts";
import { type CommonOptions, examples, positiveInteger } from "../options.ts";
import { aligned, print, progress } from "../print.ts";
import { Settings } from "../settings.ts";

interface Options extends CommonOptions {
  state: State;
  campaign?: string;
  limit: number;
}

/** Records; a read of DynamoDB ends at 1 MB, whatever is asked for. */
const readAtOnce = 1_000;

export function addList(program: Command): void {
  program
    .command("list")
    .description(
      "The call requests in one state, newest first; reads the whole table until the limit is reached",
    )
    .addOption(new Option("--state <state>", "the state that they are in").choices(states).default("parked"))
    .option("--campaign <id>", "only those of this campaign")
    .option("--limit <n>", "how many to find at most", positiveInteger, 100)
    .addHelpText(
      "after",
      examples(
        "list --state parked",
        "list --state unknown --campaign spring --limit 20 --stage prod --json",
      ),
    )
    .action(list);
}

async function list(_options: unknown, command: Command): Promise<void> {
  const { json, stage, state, campaign, limit } = command.optsWithGlobals<Options>();
  const table = new Settings(stage).contactsTable();
  const found: Shown[] = [];
  let read = 0;
  for await (const page of scan(table, state, campaign)) {
    found.push(...page.requests);
    read += page.read;
    progress(`${read} records read, ${found.length} ${state}`);
    if (found.length > limit) break;
  }
  progress("");
  const cut = found.length > limit;
  const requests = found.sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1)).slice(0, limit);
  print(json, { state, requests, cut, read }, [
    ...(requests.length > 0 ? aligned([header, ...requests.map(rowOf)]) : []),
    cut
      ? `Cut at ${limit} by --limit: there are more, and newer ones may be among them.`
      : `${requests.length} ${state}, of ${read} on record.`,
  ]);
}

const header = ["requestId", "attempt", "since", "campaign", "outcome", "reason"];

function rowOf({ requestId, attempt, updatedAt, campaignId, outcome, reason }: Shown): string[] {
  return [requestId, String(attempt), updatedAt, campaignId ?? "-", outcome ?? "-", reason ?? "-"];
}

async function* scan(
  table: string,
  state: State,
  campaign: string | undefined,
): AsyncIterable<{ requests: Shown[]; read: number }> {
  const records = new DynamoRecordReader(dynamoDb(), table);
  let after: string | undefined;
  do {
    const { found, read, end } = await records.stretch({ state }, after, readAtOnce);
    const isWanted = ({ campaignId }: Shown) => campaign === undefined || campaignId === campaign;
    yield { requests: found.filter(isWanted), read };
    after = end;
  } while (after !== undefined);
}
