import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import * as v from "valibot";
import { LiveView } from "./stack/live-view.ts";
import { watchNotices } from "./stack/notice-watch.ts";
import { packagedService } from "./stack/packaged-service.ts";
import { defaultPortBase } from "./stack/ports.ts";
import { isFinished, onRecord, type Sample, sampleRequests, sendSamples } from "./stack/sample-requests.ts";
import { type Stack, startStack } from "./stack/stack.ts";

interface Options {
  exit: boolean;
  fresh: boolean;
  samples: boolean;
  portBase: number;
  speed: number;
  saml: boolean;
}

const root = resolve(import.meta.dirname, "..");
const dir = resolve(root, ".local");
const patienceMs = 120_000;
/** A worker may be waiting for its slot, and then dial. */
const graceMs = 25_000;
/** Its users are called as the stand-in keys are. */
const samlInstance = {
  identityManagementType: "SAML" as const,
  users: ["test", "x", "local"].map((username) => ({ username })),
};
const signals = ["SIGINT", "SIGTERM"] as const;

const numberFrom = (least: number, most: number) => (text: string) => {
  const number = Number(text);
  if (!(number >= least && number <= most))
    throw new InvalidArgumentError(`must be a number from ${least} to ${most}.`);
  return number;
};

const options = new Command("npm start --")
  .description(
    "Runs the whole service on this machine, and sends the sample call requests of events/ through it.",
  )
  .option(
    "--exit",
    "end when every sample request is settled: status 0, or 1 if one is not within two minutes",
    false,
  )
  .option("--fresh", "forget the state of earlier starts", false)
  .option("--no-samples", "send no sample requests")
  .option(
    "--port-base <n>",
    "Connect listens here, and on the ports above it SQS with SNS and S3, DynamoDB, the HTTP API and SSM",
    numberFrom(1, 65_531),
    defaultPortBase,
  )
  .option("--speed <x>", "how fast simulated calls run; 1 is real time", numberFrom(0, 10_000), 10)
  .option(
    "--saml",
    "a Connect instance of SAML, with the users test, x and local: whom GET /federation signs in by the keys of these names",
    false,
  )
  .addHelpText(
    "after",
    "\nState is kept in .local/ from one start to the next. .local/stack.env can be sourced in another shell.",
  )
  .parse()
  .opts<Options>();

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});

async function main(): Promise<number> {
  const asked = interruption();
  const service = await packagedService(root, console.log);
  const { fresh, portBase, speed, saml } = options;
  const view = new LiveView(process.stdout);
  const stack = await startStack({
    service,
    dir,
    portBase,
    fresh,
    persist: true,
    schedules: true,
    parameters: developmentSecrets(),
    simulator: { speed, ...(saml && { centre: { instances: [samlInstance] } }) },
    warn: (message) => view.say(message),
  });
  try {
    introduce(stack);
    return await run(stack, view, asked);
  } finally {
    const busy = stack.busy();
    if (busy > 0) console.log(`Ending when ${busy} invocations have; Ctrl-C again ends at once.`);
    await stack.stop(graceMs);
  }
}

async function run(stack: Stack, view: LiveView, asked: Promise<void>): Promise<number> {
  const stopWatching = await watchNotices(stack.env, (notice) => {
    if (notice.type === "update-refused") view.say(`An update of attributes was refused: ${notice.reason}`);
    else if (notice.type === "user-changed") view.say(`User ${notice.username}: ${notice.state}`);
    else view.notice(notice);
  });
  const ticking = setInterval(() => view.tick(), 500);
  try {
    const samples = options.samples
      ? sampleRequests(resolve(root, "events", "call-requests"), Date.now().toString(36))
      : [];
    if (samples.length > 0) {
      view.sent(samples.map(({ requestId }) => requestId));
      await sendSamples(stack.clients.sqs, String(stack.env["CALL_REQUESTS_QUEUE_URL"]), samples);
    }
    if (options.exit) return await settled(stack, view, samples, asked);
    await asked;
    return 0;
  } finally {
    clearInterval(ticking);
    await stopWatching();
  }
}

/** Notices tell when to look, the records tell what is so: a notice may be late, and another attempt may follow. */
async function settled(
  { clients, env }: Stack,
  view: LiveView,
  samples: Sample[],
  asked: Promise<void>,
): Promise<number> {
  const ids = samples.map(({ requestId }) => requestId);
  const interrupted = asked.then(() => "interrupted" as const);
  const deadline = Date.now() + patienceMs;
  let ended: "interrupted" | "late" | undefined;
  while (true) {
    const records = await onRecord(clients.dynamoDb, String(env["CONTACTS_TABLE"]), ids);
    const left = ids.filter((id) => !isFinished(records.get(id)));
    if (left.length === 0 && (view.unsettled().length === 0 || ended)) {
      view.say("Every sample request is settled.");
      return 0;
    }
    if (ended) {
      const list = left.map((id) => `  ${id} is ${records.get(id)?.state ?? "not on record"}`).join("\n");
      const when = ended === "late" ? " within two minutes" : "";
      view.say(`Not settled${when}:\n${list}\nThe functions' logs are in .local/logs.`);
      return 1;
    }
    ended = await Promise.race([interrupted, sleep(500, undefined, { ref: false })]);
    if (!ended && Date.now() > deadline) ended = "late";
  }
}

/** Secrets of no value, for this machine alone: what is in .local/parameters.json already goes before. */
function developmentSecrets(): Record<string, string> {
  const file = resolve(root, "local", "parameters.json");
  if (!existsSync(file)) return {};
  return v.parse(v.record(v.string(), v.string()), JSON.parse(readFileSync(file, "utf8")));
}

function introduce({ env, apiUrl }: Stack): void {
  console.log(`The service runs on this machine.
  Connect simulator  ${env["CONNECT_SIMULATOR_URL"]}   (what it did: ${env["CONNECT_SIMULATOR_URL"]}/_sim/contacts)
  SQS, SNS and S3    ${env["AWS_ENDPOINT_URL_SQS"]}
  DynamoDB           ${env["AWS_ENDPOINT_URL_DYNAMODB"]}
  SSM parameters     ${env["AWS_ENDPOINT_URL_SSM"]}   (kept in .local/parameters.json)${apiUrl ? `\n  HTTP API           ${apiUrl}` : ""}
  Logs               .local/logs
  In another shell   source .local/stack.env && aws sqs send-message --endpoint-url "$AWS_ENDPOINT_URL_SQS" \\
                       --queue-url "$CALL_REQUESTS_QUEUE_URL" --message-body '{"requestId":"my-first-call","destination":"+12065550100"}'
                     npx contact-automation status my-first-call
${options.exit ? "" : "Ctrl-C ends it.\n"}`);
}

/** Resolves at the first Ctrl-C; the second ends the process at once. */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = () => {
      for (const signal of signals) process.off(signal, onSignal).once(signal, () => process.exit(130));
      resolve();
    };
    for (const signal of signals) process.on(signal, onSignal);
  });
}
