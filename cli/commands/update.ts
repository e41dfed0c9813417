import { randomUUID } from "node:crypto";
import { Argument, type Command, InvalidArgumentError } from "commander";
import { sqs } from "../../lib/edge/clients.ts";
import { SqsIntake } from "../../lib/intake/intake.sqs.ts";
import { checkMessage } from "../../lib/intake/message.ts";
import { Failure } from "../failure.ts";
import { type CommonOptions, examples } from "../options.ts";
import { print } from "../print.ts";
import { Settings } from "../settings.ts";

interface Options extends CommonOptions {
  contact?: true;
  at?: string;
}

export function addUpdate(program: Command): void {
  program
    .command("update")
    .description("Sets attributes of a request, before, during or after its call, or of a contact")
    .addArgument(new Argument("<id>", "a requestId, or with --contact Connect's contactId"))
    .addArgument(
      new Argument("<key=value...>", "attributes; Connect deletes none, but takes an empty value").argParser(
        pair,
      ),
    )
    .option("--contact", "the id is Connect's contactId")
    .option("--at <instant>", "since when it is so: for each attribute the newest wins (default: now)")
    .addHelpText(
      "after",
      examples(
        "update order-4711 tier=gold language=fr",
        "update order-4711 tier=silver --at 2026-11-24T09:00:00Z",
      ),
    )
    .action(update);
}

function pair(text: string, before: [string, string][] = []): [string, string][] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError("must be key=value.");
  return [...before, [key, value]];
}

async function update(
  id: string,
  pairs: [string, string][],
  _options: unknown,
  command: Command,
): Promise<void> {
  const { json, stage, contact, at } = command.optsWithGlobals<Options>();
  const message = {
    updateId: randomUUID(),
    ...(contact ? { contactId: id } : { requestId: id }),
    attributes: Object.fromEntries(pairs),
    occurredAt: at ?? new Date().toISOString(),
  };
  const checked = checkMessage("attribute-update", message, {}, Date.now());
  if (checked.kind === "unfit")
    throw new Failure("usage", `These cannot be set: ${checked.problems.join("; ")}`);
  const client = sqs();
  const queueUrl = await new Settings(stage).queueUrl("attribute-updates", client);
  let why: unknown;
  const intake = new SqsIntake(client, { "attribute-update": queueUrl }, (error) => {
    why = error;
  });
  const [taken] = await intake.put([checked.message]);
  if (!taken) throw why;
  const { updateId, occurredAt } = message;
  print(json, { sent: { updateId, id, attributes: Object.keys(message.attributes), occurredAt } }, [
    `The update of ${id} is in the queue attribute-updates.fifo.`,
  ]);
}
