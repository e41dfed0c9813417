import { type Command, Option } from "commander";
import { shownOf } from "../../lib/api/record-view.ts";
import { SqsCallRequests } from "../../lib/contacts/call-requests.sqs.ts";
import { DynamoContacts } from "../../lib/contacts/contacts.dynamodb.ts";
import { type Outcome, outcomes } from "../../lib/contacts/outcome.ts";
import {
  type Decision,
  type Resolved,
  type ResolveSteps,
  resolveParked,
} from "../../lib/contacts/resolve-parked.ts";
import { dynamoDb, sns, sqs } from "../../lib/edge/clients.ts";
import { SnsNotices } from "../../lib/notices/notices.sns.ts";
import { exitCodes, Failure } from "../failure.ts";
import { type CommonOptions, examples } from "../options.ts";
import { print } from "../print.ts";
import { linesOf } from "../record-view.ts";
import { Settings } from "../settings.ts";

interface Options extends CommonOptions {
  redial?: true;
  close?: Outcome;
}

export function addResolve(program: Command): void {
  program
    .command("resolve")
    .description("Decides a parked request, of which nobody can tell whether the call was made")
    .argument("<requestId>", "the id that its producer gave it")
    .addOption(
      new Option("--redial", "a new attempt, now; the customer may be called a second time").conflicts(
        "close",
      ),
    )
    .addOption(new Option("--close <outcome>", "put it down as ended with this outcome").choices(outcomes))
    .addHelpText(
      "after",
      `${examples("resolve order-4711 --redial", "resolve order-4711 --close no-answer --stage prod")}

Repeating the same decision does nothing twice, and tells its notice again. A request that is no longer parked is left
as it is (exit code 3).`,
    )
    .action(resolve);
}

async function resolve(requestId: string, _options: unknown, command: Command): Promise<void> {
  const { json, stage, redial, close } = command.optsWithGlobals<Options>();
  if (!redial && !close) command.error("error: say what to do: --redial or --close <outcome>");
  const decision: Decision = close ? { kind: "close", outcome: close } : { kind: "redial" };
  const resolved = await resolveParked(requestId, decision, await stepsFor(new Settings(stage)));
  if (resolved.kind !== "resolved") throw refusal(requestId, resolved);
  const { record, repeated, noticePublished, sent } = resolved;
  const request = shownOf(record);
  print(json, { requestId, decision: decision.kind, repeated, noticePublished, sent, request }, [
    ...summary(resolved, decision),
    "",
    ...linesOf(request),
  ]);
  if (!noticePublished) process.exitCode = exitCodes.failed;
}

async function stepsFor(settings: Settings): Promise<ResolveSteps> {
  const queue = sqs();
  const table = settings.contactsTable();
  const [queueUrl, topicArn] = await Promise.all([
    settings.queueUrl("call-requests", queue),
    settings.noticesTopicArn(queue),
  ]);
  return {
    contacts: new DynamoContacts(dynamoDb(), table),
    notices: new SnsNotices(sns, topicArn),
    callRequests: new SqsCallRequests(queue, queueUrl),
    now: Date.now,
    patience,
  };
}

/** Only how long to keep the record counts here, and only until start-contact, by its own settings, says it anew. */
const patience = { keepMs: 90 * 86_400_000 };

function refusal(requestId: string, { kind, ...found }: Exclude<Resolved, { kind: "resolved" }>): Failure {
  if (!("record" in found)) return new Failure("not-found", `There is no request ${requestId} on record.`);
  const { state, attempt, outcome, reason } = found.record;
  const present = [`${state}, attempt ${attempt}`, outcome, reason].filter(Boolean).join(", ");
  if (kind === "stopped") {
    return new Failure(
      "conflict",
      `${requestId} was stopped, so it is not dialled again: use --close <outcome>.`,
    );
  }
  return kind === "too-late"
    ? new Failure(
        "conflict",
        `The expiresAt of ${requestId} has passed, so it would not be dialled: use --close <outcome>. Nothing was done (${present}).`,
      )
    : new Failure(
        "conflict",
        `${requestId} is not parked, or no longer: it is ${present}. Nothing was done.`,
      );
}

function summary(
  { record, repeated, noticePublished, sent }: Extract<Resolved, { kind: "resolved" }>,
  decision: Decision,
): string[] {
  const done =
    decision.kind === "redial"
      ? `${record.requestId} is to be dialled again, as attempt ${record.attempt}`
      : `${record.requestId} is closed as ${record.outcome}`;
  return [
    repeated ? `${done}: that was decided before, and is only told again.` : `${done}.`,
    ...(sent === true ? ["It was sent to call-requests."] : []),
    ...(sent === false
      ? ["It could not be sent to call-requests: release-due sends it within a minute."]
      : []),
    noticePublished
      ? "Its notice was published."
      : "Its notice could NOT be published: repeat this command, which does nothing else twice.",
  ];
}
