import { paginateScan } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Command, Option } from "commander";
import * as v from "valibot";
import { type State, states } from "../../lib/contacts/contact-states.ts";
import { isCampaignKey } from "../../lib/contacts/stop-request.ts";
import { dynamoDb } from "../../lib/edge/clients.ts";
import { type CommonOptions, examples, positiveInteger } from "../options.ts";
import { aligned, print, progress } from "../print.ts";
import { type Shown, shownFields, shownSchema } from "../record-view.ts";
import { Settings } from "../settings.ts";

interface Options extends CommonOptions {
  state: State;
  campaign?: string;
  limit: number;
}

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
  const pages = paginateScan(
    { client: dynamoDb() },
    {
      TableName: table,
      FilterExpression: campaign ? "#state = :state AND #campaignId = :campaign" : "#state = :state",
      ProjectionExpression: shownFields.map((field) => `#${field}`).join(", "),
      ExpressionAttributeNames: Object.fromEntries(shownFields.map((field) => [`#${field}`, field])),
      ExpressionAttributeValues: marshall({ ":state": state, ...(campaign && { ":campaign": campaign }) }),
    },
  );
  for await (const { Items = [], ScannedCount = 0 } of pages) {
    const requests = Items.map((item) => v.parse(shownSchema, unmarshall(item)));
    yield { requests: requests.filter(({ requestId }) => !isCampaignKey(requestId)), read: ScannedCount };
  }
}
