import { randomUUID } from "node:crypto";
import { Argument, type Command, Option } from "commander";
import { readStopRequest } from "../../lib/contacts/stop-request.ts";
import { SqsStopRequests } from "../../lib/contacts/stop-requests.sqs.ts";
import { sqs } from "../../lib/edge/clients.ts";
import { Failure } from "../failure.ts";
import { type CommonOptions, examples } from "../options.ts";
import { print } from "../print.ts";
import { Settings } from "../settings.ts";

interface Options extends CommonOptions {
  campaign?: true;
  contact?: true;
  reason?: string;
}

export function addStop(program: Command): void {
  program
    .command("stop")
    .description("Stops a request, a contact or a whole campaign, whatever its state")
    .addArgument(new Argument("<id>", "a requestId, or with an option the id of something else"))
    .addOption(new Option("--contact", "the id is Connect's contactId").conflicts("campaign"))
    .addOption(new Option("--campaign", "the id is a campaignId: also what has not come yet is stopped"))
    .option("--reason <text>", "kept on record, and told to the producer")
    .addHelpText(
      "after",
      examples("stop order-4711", "stop spring-2026 --campaign --reason 'the offer is over'"),
    )
    .action(stop);
}

async function stop(id: string, _options: unknown, command: Command): Promise<void> {
  const { json, stage, campaign, contact, reason } = command.optsWithGlobals<Options>();
  const target = campaign ? { campaignId: id } : contact ? { contactId: id } : { requestId: id };
  const request = { stopId: randomUUID(), ...target, ...(reason !== undefined && { reason }) };
  const reading = readStopRequest(JSON.stringify(request));
  if (reading.kind === "unusable") throw new Failure("usage", `This cannot be stopped: ${reading.why}`);
  const client = sqs();
  const queueUrl = await new Settings(stage).queueUrl("stop-requests", client);
  await new SqsStopRequests(() => client, queueUrl).send([{ stop: reading.stop, delaySeconds: 0 }]);
  print(json, { sent: reading.stop }, [`The stop of ${id} is in the queue stop-requests.`]);
}
