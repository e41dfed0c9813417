import type { Command } from "commander";
import { shownOf } from "../../lib/api/record-view.ts";
import { requestOf } from "../../lib/contacts/call-record.ts";
import { DynamoContacts } from "../../lib/contacts/contacts.dynamodb.ts";
import { dynamoDb } from "../../lib/edge/clients.ts";
import { Failure } from "../failure.ts";
import { type CommonOptions, examples } from "../options.ts";
import { print } from "../print.ts";
import { linesOf, updatesOf, veiledRequestOf } from "../record-view.ts";
import { Settings } from "../settings.ts";

interface Options extends CommonOptions {
  showRequest?: true;
}

export function addStatus(program: Command): void {
  program
    .command("status")
    .description("Everything that is on record of one call request")
    .argument("<requestId>", "the id that its producer gave it")
    .option("--show-request", "the request as it was sent, with the phone number and all attribute values")
    .addHelpText(
      "after",
      examples(
        "status order-4711",
        "status order-4711 --stage prod --json",
        "status order-4711 --show-request",
      ),
    )
    .action(status);
}

async function status(requestId: string, _options: unknown, command: Command): Promise<void> {
  const { json, stage, showRequest } = command.optsWithGlobals<Options>();
  const table = new Settings(stage).contactsTable();
  const record = (await new DynamoContacts(dynamoDb(), table).look([requestId])).get(requestId);
  if (!record) {
    throw new Failure(
      "not-found",
      `There is no request ${requestId} on record in ${table}. Its message may still wait in the queue, or lie in its dead-letter queue.`,
    );
  }
  const shown = shownOf(record);
  const veiled = veiledRequestOf(record);
  const updates = updatesOf(record);
  const request = showRequest && requestOf(record);
  print(json, { ...shown, ...veiled, ...updates, ...(request && { request }) }, [
    ...linesOf(shown, [...(veiled ? rowsOf(veiled) : []), ...(updates ? updateRowsOf(updates) : [])]),
    ...(request ? ["request", ...JSON.stringify(request, undefined, 2).split("\n")] : []),
    ...(record.state === "parked"
      ? [
          "",
          "Nobody can tell whether this call was made. To decide: resolve --redial, or resolve --close <outcome>",
        ]
      : []),
  ]);
}

function rowsOf({
  destination,
  attributeNames,
}: NonNullable<ReturnType<typeof veiledRequestOf>>): string[][] {
  const names = attributeNames.length > 0 ? `${attributeNames.join(", ")} (values not shown)` : "none";
  return [
    ["destination", destination],
    ["attributes", names],
  ];
}

function updateRowsOf({
  updatedAttributeNames,
  unsentAttributeNames,
}: NonNullable<ReturnType<typeof updatesOf>>): string[][] {
  return [
    ["updated", updatedAttributeNames.join(", ")],
    ...(unsentAttributeNames.length > 0 ? [["not sent yet", unsentAttributeNames.join(", ")]] : []),
  ];
}
