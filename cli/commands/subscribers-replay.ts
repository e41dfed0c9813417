import type { Message } from "@aws-sdk/client-sqs";
import { type Command, InvalidArgumentError } from "commander";
import { sqs } from "../../lib/edge/clients.ts";
import { type NoticeDelivery, readDelivery } from "../../lib/subscribers/notice-delivery.ts";
import { exitCodes, Failure } from "../failure.ts";
import { countOf, messages, moveMessages } from "../move-messages.ts";
import { type CommonOptions, examples } from "../options.ts";
import { print, progress } from "../print.ts";
import { found, placesOf } from "./subscribers-place.ts";

interface Options extends CommonOptions {
  since?: Date;
}

export function addReplay(subscribers: Command): void {
  subscribers
    .command("replay")
    .description(
      "Delivers what this subscriber has missed, from the dead-letter queue; may be repeated as one likes",
    )
    .argument("<id>", "the subscriber, which must be enabled")
    .option("--since <instant>", "only what was first to be delivered then or later", instant)
    .addHelpText(
      "after",
      examples("subscribers replay crm", "subscribers replay crm --since 2026-11-24T09:00:00Z --stage prod"),
    )
    .action(replay);
}

function instant(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new InvalidArgumentError("It must be an instant, such as 2026-11-24T09:00:00Z.");
  return at;
}

async function replay(id: string, _options: unknown, command: Command): Promise<void> {
  const { json, stage, since } = command.optsWithGlobals<Options>();
  const { table, settings } = placesOf(stage);
  const { status } = await found(table, id);
  if (status === "disabled")
    throw new Failure(
      "conflict",
      `${id} is disabled, and it would all come back: first subscribers enable ${id}.`,
    );
  const client = sqs();
  const [to, from] = await Promise.all([
    settings.queueUrl("notice-deliveries", client),
    settings.deadLetterQueueUrl("notice-deliveries", client),
  ]);
  const { waiting } = await countOf(from, client);
  const { moved, stopped } = await moveMessages(client, from, to, {
    limit: Number.POSITIVE_INFINITY,
    about: waiting,
    pick: (message) => anewFor(id, since, message),
  });
  progress("");
  print(json, { subscriberId: id, moved, ...(stopped && { stopped }) }, [
    `${messages(moved)} of ${id} went back to be delivered.`,
    ...(stopped ? [stopped] : []),
  ]);
  if (stopped) process.exitCode = exitCodes.failed;
}

/** With another day to be tried. */
function anewFor(id: string, since: Date | undefined, message: Message): Message | undefined {
  const reading = readDelivery(message.Body ?? "");
  if (reading.kind === "unusable") return undefined;
  const { subscriberId, notice, firstAt } = reading.message;
  if (subscriberId !== id || (since && new Date(firstAt) < since)) return undefined;
  const anew: NoticeDelivery = { subscriberId, notice, tries: 0, firstAt: new Date().toISOString() };
  return {
    ...message,
    Body: JSON.stringify(anew),
    MessageAttributes: {},
    Attributes: { ...message.Attributes, MessageGroupId: subscriberId },
  };
}
