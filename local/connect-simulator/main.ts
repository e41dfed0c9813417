import { Command, InvalidArgumentError, Option } from "commander";
import type { CentreConfigInput } from "./config/centre-config.ts";
import { defaultDeviations } from "./config/deviations.ts";
import { readCentreConfig } from "./config/read-config.ts";
import { defaultQuota } from "./defaults.ts";
import { type QueueSink, queueSink } from "./event-sink.sqs.ts";
import { type ConnectSimulator, startConnectSimulator } from "./simulator.ts";

type Flags = {
  port: number;
  host: string;
  config?: string;
  speed: number;
  seed: number;
  auth: boolean;
  eventsQueueUrl?: string;
  recordsQueueUrl?: string;
  data?: string;
  tokenAfterDisconnect?: "new-contact" | "same-contact";
  activeCalls?: number;
  startRate?: number;
  startBurst?: number;
};

const numberBetween =
  (least: number, most: number, whole = false) =>
  (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
    if (!fits) {
      throw new InvalidArgumentError(`Must be a ${whole ? "whole " : ""}number from ${least} to ${most}.`);
    }
    return value;
  };

const start = defaultQuota("StartOutboundVoiceContact");

const program = new Command("connect-simulator")
  .description("A local Amazon Connect on the real wire: calls, agents, queues, metrics and users.")
  .option("--port <port>", "where to listen; 0 takes any free port", numberBetween(0, 65_535, true), 4585)
  .option("--host <host>", "the address to listen on", "127.0.0.1")
  .option("--config <file>", "YAML: instances, queues, profiles, users, load, quotas, deviations, keys")
  .option("--speed <factor>", "simulated seconds in a real one; 0 stands still", numberBetween(0, 1e6), 1)
  .option("--seed <seed>", "decides every draw", numberBetween(0, 2 ** 32 - 1, true), 1)
  .option("--data <dir>", "keep the state there across restarts")
  .option("--no-auth", "take every request, whatever its signature")
  .option("--events-queue-url <url>", "the SQS queue that receives the contact events")
  .option("--records-queue-url <url>", "the SQS queue that receives the contact records")
  .addOption(
    new Option("--token-after-disconnect <rule>", "what an ended call's ClientToken gives")
      .choices(["new-contact", "same-contact"])
      .default(undefined, defaultDeviations.tokenAfterDisconnect),
  )
  .option("--active-calls <n>", "concurrent calls of the first instance", numberBetween(0, 1e6, true))
  .option("--start-rate <r>", "StartOutboundVoiceContact a second", numberBetween(0.001, 1e6))
  .option("--start-burst <b>", "StartOutboundVoiceContact at once", numberBetween(1, 1e6));

const flags = program.parse().opts<Flags>();

const sinks: QueueSink[] = [];
const simulator = await begin().catch((error: NodeJS.ErrnoException) => {
  const taken = error.code === "EADDRINUSE";
  console.error(taken ? `Port ${flags.port} is taken: choose another with --port.` : error.message);
  process.exit(1);
});

announce(simulator);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);

async function begin(): Promise<ConnectSimulator> {
  const centre: CentreConfigInput = flags.config === undefined ? {} : readCentreConfig(flags.config);
  const { startRate, startBurst, activeCalls, tokenAfterDisconnect } = flags;
  const sinkOf = (url: string | undefined) => {
    if (url === undefined) return undefined;
    const sink = queueSink(url, centre.region ?? "us-east-1");
    sinks.push(sink);
    return sink;
  };
  const events = sinkOf(flags.eventsQueueUrl);
  const records = sinkOf(flags.recordsQueueUrl);
  return startConnectSimulator({
    centre,
    port: flags.port,
    host: flags.host,
    speed: flags.speed,
    seed: flags.seed,
    auth: flags.auth,
    ...(activeCalls !== undefined && { activeCalls }),
    ...(tokenAfterDisconnect !== undefined && { deviations: { tokenAfterDisconnect } }),
    ...((startRate !== undefined || startBurst !== undefined) && {
      quotas: {
        StartOutboundVoiceContact: { rate: startRate ?? start.rate, burst: startBurst ?? start.burst },
      },
    }),
    ...(flags.data !== undefined && { dataDir: flags.data }),
    ...(events && { deliverEvent: events.send }),
    ...(records && { deliverRecord: records.send }),
  });
}

function announce({ url, instances }: ConnectSimulator): void {
  const [first] = instances();
  const names = (rows: { name: string; id: string }[] = []) =>
    rows
      .slice(0, 5)
      .map(({ name, id }) => `${id}  ${name}`)
      .concat(rows.length > 5 ? [`and ${rows.length - 5} more: ${url}/_sim/instances`] : [])
      .join("\n                 ");
  console.log(`Amazon Connect (simulated) at ${url}, STS too; control API at ${url}/_sim/

  instance       ${instances()
    .map(({ id, alias }) => `${id}  ${alias}`)
    .join("\n                 ")}
  contact flow   ${names(first?.contactFlows)}
  queue          ${names(first?.queues)}
  phone number   ${first?.phoneNumbers.slice(0, 5).join(", ")}
  users          ${first?.users}
  clock          ${flags.speed} simulated seconds in a real one
  signatures     ${flags.auth ? "checked" : "not checked (--no-auth)"}
  events         ${flags.eventsQueueUrl ?? "not sent (--events-queue-url)"}
  records        ${flags.recordsQueueUrl ?? "not sent (--records-queue-url)"}
  state          ${flags.data ?? "in memory (--data)"}

  export AWS_ENDPOINT_URL_CONNECT=${url} AWS_ENDPOINT_URL_STS=${url} AWS_REGION=us-east-1 \\
    AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  aws connect start-outbound-voice-contact --instance-id ${first?.id} \\
    --contact-flow-id ${first?.contactFlows[0]?.id} \\
    --queue-id ${first?.queues[0]?.id} --destination-phone-number +12065550100

Ctrl-C ends it.`);
}

async function end(): Promise<void> {
  await simulator.stop();
  for (const sink of sinks) sink.close();
  process.exit(0);
}
