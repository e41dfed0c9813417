import { Command, InvalidArgumentError, Option } from "commander";
import {
  defaultActiveCalls,
  defaultContactFlowId,
  defaultPhoneNumber,
  defaultQueueId,
  defaultQuotas,
  defaultRegion,
} from "./defaults.ts";
import { type QueueSink, queueSink } from "./event-sink.sqs.ts";
import { type ConnectSimulator, startConnectSimulator } from "./simulator.ts";
import type { TokenAfterDisconnect } from "./world.ts";

type Flags = {
  port: number;
  host: string;
  speed: number;
  seed: number;
  eventsQueueUrl?: string;
  recordsQueueUrl?: string;
  data?: string;
  tokenAfterDisconnect: TokenAfterDisconnect;
  activeCalls: number;
  startRate: number;
  startBurst: number;
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

const start = defaultQuotas.StartOutboundVoiceContact;

const program = new Command("connect-simulator")
  .description(
    "A local Amazon Connect: outbound calls on the real wire, with simulated customers and agents.",
  )
  .option("--port <port>", "where to listen; 0 takes any free port", numberBetween(0, 65_535, true), 4585)
  .option("--host <host>", "the address to listen on", "127.0.0.1")
  .option("--speed <factor>", "simulated seconds in a real one; 0 stands still", numberBetween(0, 1e6), 1)
  .option("--seed <seed>", "decides every draw", numberBetween(0, 2 ** 32 - 1, true), 1)
  .option("--events-queue-url <url>", "the SQS queue that receives the contact events")
  .option("--records-queue-url <url>", "the SQS queue that receives the contact records")
  .option("--data <dir>", "keep the contacts there across restarts")
  .addOption(
    new Option("--token-after-disconnect <rule>", "what an ended call's ClientToken gives")
      .choices(["new-contact", "same-contact"])
      .default("new-contact"),
  )
  .option("--active-calls <n>", "concurrent calls", numberBetween(0, 1e6, true), defaultActiveCalls)
  .option("--start-rate <r>", "StartOutboundVoiceContact a second", numberBetween(0.001, 1e6), start.rate)
  .option("--start-burst <b>", "StartOutboundVoiceContact at once", numberBetween(1, 1e6), start.burst);

const flags = program.parse().opts<Flags>();
const events = flags.eventsQueueUrl ? queueSink(flags.eventsQueueUrl, defaultRegion) : undefined;
const records = flags.recordsQueueUrl ? queueSink(flags.recordsQueueUrl, defaultRegion) : undefined;

const simulator = await startConnectSimulator({
  port: flags.port,
  host: flags.host,
  speed: flags.speed,
  seed: flags.seed,
  activeCalls: flags.activeCalls,
  tokenAfterDisconnect: flags.tokenAfterDisconnect,
  quotas: { StartOutboundVoiceContact: { rate: flags.startRate, burst: flags.startBurst } },
  ...(flags.data !== undefined && { dataDir: flags.data }),
  ...(events && { deliverEvent: events.send }),
  ...(records && { deliverRecord: records.send }),
}).catch((error: NodeJS.ErrnoException) => {
  const taken = error.code === "EADDRINUSE";
  console.error(taken ? `Port ${flags.port} is taken: choose another with --port.` : error.message);
  process.exit(1);
});

announce(simulator);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => end(simulator, events, records));

function announce({ url, instanceId }: ConnectSimulator): void {
  console.log(`Amazon Connect (simulated) at ${url}, control API at ${url}/_sim/

  instance       ${instanceId}
  contact flow   ${defaultContactFlowId}
  queue          ${defaultQueueId}
  phone number   ${defaultPhoneNumber}
  clock          ${flags.speed} simulated seconds in a real one
  events         ${flags.eventsQueueUrl ?? "not sent (--events-queue-url)"}
  records        ${flags.recordsQueueUrl ?? "not sent (--records-queue-url)"}
  state          ${flags.data ?? "in memory (--data)"}

  export AWS_ENDPOINT_URL_CONNECT=${url} AWS_REGION=${defaultRegion} AWS_DEFAULT_REGION=${defaultRegion} \\
    AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x
  aws connect start-outbound-voice-contact --instance-id ${instanceId} \\
    --contact-flow-id ${defaultContactFlowId} \\
    --queue-id ${defaultQueueId} --destination-phone-number +12065550100

Ctrl-C ends it.`);
}

async function end(running: ConnectSimulator, ...sinks: (QueueSink | undefined)[]): Promise<void> {
  await running.stop();
  for (const sink of sinks) sink?.close();
  process.exit(0);
}
