import { createReadStream } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import type { PackagedService } from "../../local/stack/packaged-service.ts";
import { personalDataFinder } from "../../local/stack/personal-data.ts";
import { depthOf } from "../../local/stack/queue-contents.ts";
import { type Stack, startStack } from "../../local/stack/stack.ts";
import { countingProxy } from "../counting-proxy.ts";
import { cpuSeconds, residentMB } from "../simulator/cores.ts";
import { batchesOf } from "../sqs-event.ts";
import { sum } from "../statistics.ts";

export interface CallFigures {
  requests: number;
  /** Fewer where an answer took too long on a machine that has too much to do: such a request is never dialled again. */
  placed: number;
  /** From the first message sent until Connect has had the last call. */
  seconds: number;
  /** Milliseconds from the moment at which a request is put into its queue until Connect has its call. */
  latencies: number[];
  /** Requests to DynamoDB for each call until it has ended and all is told; undefined where nobody counted. */
  dynamoDbRequests: number | undefined;
  /** Seconds of the processor. */
  cpu: { emulators: number; functions: number };
  memoryMB: { emulators: number; functions: number };
  /** Lines that the functions have logged, and those among them that hold a number or the value of an attribute. */
  logLines: { all: number; personal: number };
}

export interface Load {
  service: PackagedService;
  requests: number;
  /** Requests a second that are sent; all at once when undefined. */
  perSecond: number | undefined;
  /** Has every request to DynamoDB counted, which costs the machine something. */
  counted: boolean;
  say: (text: string) => void;
}

const ratePerSecond = 500;
const activeCalls = 5_000;
const generous = { rate: 10_000, burst: 10_000 };
const lookMs = 1_000;
/** Its schedule has it run every minute; what found no slot in time waits for it. */
const releaseMs = 10_000;
const functions = ["start-contact", "track-contact", "release-due", "fan-out-notice"] as const;
const queues = ["CALL_REQUESTS", "CONTACT_EVENTS", "CONTACT_RECORDS", "NOTICES"];

const idOf = (index: number): string => `load-${index}`;
const destination = "+12065550150";
/** No two are alike, and a log that holds one is found. */
const attributesOf = (requestId: string) => ({ customer: `somebody whom ${requestId} is about` });

/** Requests for a number that is busy, until all have been called and everything about them is on record and told. */
export async function measureCalls(load: Load): Promise<CallFigures> {
  const dir = await mkdtemp(join(tmpdir(), "contact-automation-load-"));
  let counted = 0;
  // Counts without keeping: a long run has millions of requests.
  const journal = { push: () => (counted += 1) };
  const stack = await startStack({
    service: load.service,
    dir,
    environment: {
      CONNECT_RATE_PER_SECOND: String(ratePerSecond),
      CONNECT_BURST: String(ratePerSecond),
      CONNECT_ACTIVE_CALLS: String(activeCalls),
    },
    concurrency: { "start-contact": 4 },
    // Its clock is the real one, so that what it says of a call can be compared with when that was asked for.
    simulator: {
      speed: 1,
      activeCalls: activeCalls * 2,
      quotas: { StartOutboundVoiceContact: generous, DescribeContact: generous },
      durations: { refusal: [0.2, 0.5], record: [1, 2] },
    },
    ...(load.counted && { through: { DYNAMODB: (url) => countingProxy("dynamodb", () => url, journal) } }),
    warn: (message) => load.say(message),
  });
  try {
    const figures = await carriedOut(stack, load, () => counted);
    return { ...figures, logLines: await logLinesOf(dir, load.requests) };
  } finally {
    await stack.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function carriedOut(
  stack: Stack,
  load: Load,
  counted: () => number,
): Promise<Omit<CallFigures, "logLines">> {
  const before = process.cpuUsage();
  const sentAt = new Map<string, number>();
  const startedAt = Date.now();
  const sending = send(stack, load, sentAt);
  const peak = { emulators: 0, functions: 0 };
  let releasedAt = Date.now();
  let saidAt = 0;
  while (true) {
    await sleep(lookMs);
    const memory = await memoryOf(stack);
    peak.emulators = Math.max(peak.emulators, memory.emulators);
    peak.functions = Math.max(peak.functions, memory.functions);
    if (Date.now() - releasedAt > releaseMs) {
      releasedAt = Date.now();
      await stack.invoke("release-due");
    }
    const left = await waitingIn(stack);
    if (Date.now() - saidAt > 10_000) {
      saidAt = Date.now();
      load.say(`${sentAt.size} of ${load.requests} sent, ${left} messages wait`);
    }
    if (sentAt.size < load.requests || left > 0 || stack.busy() > 0) continue;
    if (stack.simulator.contacts().every(({ disconnectedAt }) => disconnectedAt) && (await isOver(stack)))
      break;
  }
  await sending;
  const { user, system } = process.cpuUsage(before);
  const calledAt = stack.simulator.contacts().map(({ attributes, initiatedAt }) => ({
    attemptId: attributes["attemptId"] ?? "",
    at: Date.parse(initiatedAt),
  }));
  return {
    requests: load.requests,
    placed: calledAt.length,
    seconds: (calledAt.reduce((last, { at }) => Math.max(last, at), 0) - startedAt) / 1000,
    latencies: calledAt.map(
      ({ attemptId, at }) => at - (sentAt.get(attemptId.replace(/#1$/, "")) ?? Number.NaN),
    ),
    dynamoDbRequests: load.counted ? counted() / load.requests : undefined,
    cpu: {
      emulators: (user + system) / 1e6,
      functions: sum(await Promise.all(pidsOf(stack).map(cpuSeconds))),
    },
    memoryMB: peak,
  };
}

/** A contact record may still be to come, which takes two seconds. */
async function isOver(stack: Stack): Promise<boolean> {
  await sleep(2_500);
  return (await waitingIn(stack)) === 0 && stack.busy() === 0;
}

async function send({ clients, env }: Stack, { requests, perSecond }: Load, sentAt: Map<string, number>) {
  const ids = Array.from({ length: requests }, (_, index) => idOf(index));
  const startedAt = Date.now();
  for (const batch of batchesOf(10, ids)) {
    if (perSecond !== undefined)
      await sleep(Math.max(0, startedAt + (sentAt.size / perSecond) * 1000 - Date.now()));
    for (const id of batch) sentAt.set(id, Date.now());
    const Entries = batch.map((requestId, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify({ requestId, destination, attributes: attributesOf(requestId) }),
    }));
    await clients.sqs.send(
      new SendMessageBatchCommand({ QueueUrl: env["CALL_REQUESTS_QUEUE_URL"], Entries }),
    );
  }
}

async function logLinesOf(dir: string, requests: number): Promise<CallFigures["logLines"]> {
  const values = Array.from({ length: requests }, (_, index) => Object.values(attributesOf(idOf(index))));
  const isPersonal = personalDataFinder([destination, ...values.flat()]);
  const lines = { all: 0, personal: 0 };
  for (const name of await readdir(join(dir, "logs"))) {
    for await (const line of createInterface(createReadStream(join(dir, "logs", name)))) {
      lines.all += 1;
      if (isPersonal(line)) lines.personal += 1;
    }
  }
  return lines;
}

async function waitingIn({ clients, env }: Stack): Promise<number> {
  return sum(await Promise.all(queues.map((queue) => depthOf(clients.sqs, env[`${queue}_QUEUE_URL`]))));
}

const pidsOf = (stack: Stack): number[] =>
  functions.flatMap((name) => stack.environments(name).flatMap(({ pid }) => pid ?? []));

async function memoryOf(stack: Stack) {
  const ofFunctions = await Promise.all(pidsOf(stack).map(residentMB));
  return { emulators: process.memoryUsage().rss / 1e6, functions: sum(ofFunctions) };
}
