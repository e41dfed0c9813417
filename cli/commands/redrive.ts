import { Argument, type Command } from "commander";
import { sqs } from "../../lib/edge/clients.ts";
import { exitCodes } from "../failure.ts";
import { countOf, messages, moveMessages } from "../move-messages.ts";
import { type CommonOptions, examples, positiveInteger } from "../options.ts";
import { print, progress } from "../print.ts";
import { type Queue, queues, Settings } from "../settings.ts";

interface Options extends CommonOptions {
  limit?: number;
  dryRun?: true;
}

export function addRedrive(program: Command): void {
  program
    .command("redrive")
    .description("Moves the messages of a dead-letter queue back to their queue; it can never dial twice")
    .addArgument(new Argument("<queue>", "the queue that they go back to").choices(queues))
    .option("--limit <n>", "how many to move at most", positiveInteger)
    .option("--dry-run", "only say how many there are")
    .addHelpText(
      "after",
      examples(
        "redrive call-requests --dry-run",
        "redrive call-requests --limit 1",
        "redrive contact-events --stage prod",
      ),
    )
    .action(redrive);
}

async function redrive(queue: Queue, _options: unknown, command: Command): Promise<void> {
  const { json, stage, limit, dryRun } = command.optsWithGlobals<Options>();
  const settings = new Settings(stage);
  const client = sqs();
  const [to, from] = await Promise.all([
    settings.queueUrl(queue, client),
    settings.deadLetterQueueUrl(queue, client),
  ]);
  const { waiting, inFlight } = await countOf(from, client);
  if (dryRun) {
    print(json, { queue, dryRun: true, moved: 0, waiting, inFlight }, [
      `${messages(Math.min(waiting, limit ?? waiting))} would go back to ${queue}${inFlight > 0 ? `; ${inFlight} in flight would stay` : ""}.`,
    ]);
    return;
  }
  const most = limit ?? Number.POSITIVE_INFINITY;
  const moved = await moveMessages(client, from, to, { limit: most, about: waiting });
  progress("");
  const left = await countOf(from, client);
  print(json, { queue, dryRun: false, ...moved, ...left }, [
    `${messages(moved.moved)} went back to ${queue}. In the dead-letter queue: ${left.waiting}, and ${left.inFlight} in flight.`,
    ...(moved.came > 0
      ? [`${messages(moved.came)} came in meanwhile and stayed: see why before the next redrive.`]
      : []),
    ...(moved.stopped ? [moved.stopped] : []),
  ]);
  if (moved.stopped) process.exitCode = exitCodes.failed;
}
