import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SQSClient } from "@aws-sdk/client-sqs";
import { Command, InvalidArgumentError } from "commander";
import { LiveView } from "./stack/live-view.ts";
import { watchNotices } from "./stack/notice-watch.ts";
import { packagedService } from "./stack/packaged-service.ts";
import { defaultPortBase } from "./stack/ports.ts";
import { sampleRequests, sendSamples } from "./stack/sample-requests.ts";
import { type Stack, startStack } from "./stack/stack.ts";

interface Options {
  exit: boolean;
  fresh: boolean;
  samples: boolean;
  portBase: number;
  speed: number;
}

const root = resolve(import.meta.dirname, "..");
const dir = resolve(root, ".local");
const patienceMs = 120_000;

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
    "Connect listens here, SQS and SNS one above, DynamoDB two above",
    numberFrom(1, 65_533),
    defaultPortBase,
  )
  .option("--speed <x>", "how fast simulated calls run; 1 is real time", numberFrom(0, 10_000), 10)
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
  const { fresh, portBase, speed } = options;
  const stack = await startStack({
    service,
    dir,
    portBase,
    fresh,
    persist: true,
    schedules: true,
    simulator: { speed },
    warn: (message) => console.error(message),
  });
  try {
    introduce(stack);
    return await run(stack, asked);
  } finally {
    await stack.stop();
  }
}

async function run(stack: Stack, asked: Promise<void>): Promise<number> {
  const view = new LiveView(process.stdout);
  const stopWatching = await watchNotices(stack.env, (notice) => view.notice(notice));
  try {
    if (options.samples) {
      const samples = sampleRequests(resolve(root, "events", "call-requests"), Date.now().toString(36));
      view.sent(samples.map(({ requestId }) => requestId));
      const sqs = new SQSClient({
        endpoint: String(stack.env["AWS_ENDPOINT_URL_SQS"]),
        region: "us-east-1",
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
      });
      await sendSamples(sqs, String(stack.env["CALL_REQUESTS_QUEUE_URL"]), samples);
      sqs.destroy();
    }
    if (!options.exit) {
      await asked;
      return 0;
    }
    return await settled(view, asked);
  } finally {
    await stopWatching();
  }
}

async function settled(view: LiveView, asked: Promise<void>): Promise<number> {
  const deadline = Date.now() + patienceMs;
  let interrupted = false;
  void asked.then(() => {
    interrupted = true;
  });
  while (view.unsettled().length > 0 && Date.now() < deadline && !interrupted) await sleep(100);
  const left = view.unsettled();
  if (left.length === 0) {
    console.log("Every sample request is settled.");
    return 0;
  }
  console.error(
    `Not settled${interrupted ? "" : " within two minutes"}:\n  ${left.join("\n  ")}\nThe functions' logs are in .local/logs.`,
  );
  return 1;
}

function introduce({ env }: Stack): void {
  console.log(`The service runs on this machine.
  Connect simulator  ${env["CONNECT_SIMULATOR_URL"]}   (what it did: ${env["CONNECT_SIMULATOR_URL"]}/_sim/contacts)
  SQS and SNS        ${env["AWS_ENDPOINT_URL_SQS"]}
  DynamoDB           ${env["AWS_ENDPOINT_URL_DYNAMODB"]}
  Logs               .local/logs
  In another shell   source .local/stack.env && aws sqs send-message --queue-url "$CALL_REQUESTS_QUEUE_URL" \\
                       --message-body '{"requestId":"my-first-call","destination":"+12065550100"}'
                     npx contact-automation status my-first-call
${options.exit ? "" : "Ctrl-C ends it.\n"}`);
}

/** Resolves at the first Ctrl-C; the second ends the process at once. */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve();
      });
    }
  });
}
