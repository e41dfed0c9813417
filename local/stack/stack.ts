import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import {
  type ConnectSimulator,
  type ConnectSimulatorOptions,
  startConnectSimulator,
} from "../connect-simulator/simulator.ts";
import { createResources, deploymentOf } from "./deployment.ts";
import { accountId, region, startDatabase, startMessaging } from "./emulators.ts";
import { eventBus } from "./event-bus.ts";
import { EventSourceMapping, mappingsOf } from "./event-source-mapping.ts";
import type { Invocation } from "./execution-environment.ts";
import { startGateway } from "./http-api/gateway.ts";
import { hasHttpApi, httpApiOf } from "./http-api/http-api.ts";
import { LambdaFunction, type Seen } from "./lambda-function.ts";
import { LockedError, lock } from "./lock.ts";
import { functionsOf } from "./packaged-functions.ts";
import type { PackagedService } from "./packaged-service.ts";
import { ParameterFile } from "./parameters/parameter-file.ts";
import { startParameterServer } from "./parameters/parameter-server.ts";
import { seedParameters } from "./parameters/seed-parameters.ts";
import { checkFree, portsFrom } from "./ports.ts";
import { ignoredResources, nameIn } from "./properties.ts";
import { runSchedules, schedulesOf } from "./schedule.ts";
import { stackEnv, writeStackEnv } from "./stack-env.ts";
import { environmentThrough, type Through } from "./ways.ts";

export type { Seen } from "./lambda-function.ts";

/** Functions are named as in serverless.yml, such as `release-due`, or in full. */
export interface StackOptions {
  service: PackagedService;
  /** For state, logs and stack.env. One stack at a time. */
  dir: string;
  /** Connect here, and above it SQS with SNS and S3, DynamoDB, the HTTP API and SSM; any free ports when absent. */
  portBase?: number | undefined;
  /** Keep tables, messages and contacts from one start to the next. */
  persist?: boolean;
  /** Forget what was kept. */
  fresh?: boolean;
  /** Run the schedules; otherwise they are invoked by hand. */
  schedules?: boolean;
  /** Have functions take messages from the start, which is the default; otherwise `resume` them one by one. */
  pollers?: boolean;
  /** Laid over the environment of every function. */
  environment?: Record<string, string>;
  /** Seconds, laid over every queue that a function reads: tests have not the time to wait for the real one. */
  visibilityTimeout?: number;
  /** Invocations at once of each queue's messages, by function, in place of what the template says. */
  concurrency?: Record<string, number>;
  /** Secrets by name, kept as SecureString where there is no such parameter yet. */
  parameters?: Record<string, string>;
  simulator?: ConnectSimulatorOptions;
  /** Puts something between the functions and what they use; each is given a URL and returns its own. */
  through?: Through;
  warn?: (message: string) => void;
}

export interface Stack {
  /** What stack.env says. */
  env: Record<string, string>;
  /** Where the HTTP API is, if the template has one. */
  apiUrl: string | undefined;
  simulator: ConnectSimulator;
  clients: { sqs: SQSClient; sns: SNSClient; dynamoDb: DynamoDBClient };
  /** The resources of the template that need nothing here. */
  ignored: string[];
  invoke(functionName: string, event?: unknown): Promise<Invocation>;
  /** SIGKILL to the environments of a function that are in an invocation. @returns how many there were */
  kill(functionName: string): number;
  /** How many invocations of a function there are just now, of all when it is not named. */
  busy(functionName?: string): number;
  environments(functionName: string): { pid: number | undefined; busy: boolean }[];
  /** Takes no more messages for a function; resolves when none is on its way to it. What it has, it deals with. */
  pause(functionName: string): Promise<void>;
  resume(functionName: string): void;
  /** @param listener may kill: "started" comes before the function sees the event @returns how to end it */
  onInvocation(listener: (seen: Seen) => void): () => void;
  /** @param graceMs for invocations that are under way; without it they are killed */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Everything that the packaged template describes, on one machine and over the real protocols.
 * @throws Error when the template holds what is not understood, a port is taken or a stack runs in `dir` already
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dir, service, warn = (message) => process.emitWarning(message) } = options;
  const undo: (() => Promise<unknown> | unknown)[] = [lockDirectory(dir)];
  const stopAll = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const ports = portsFrom(options.portBase);
    await checkFree(ports);
    const state = join(dir, "state");
    if (options.fresh) rmSync(state, { recursive: true, force: true });
    const keptIn = (name: string) => (options.persist ? join(state, name) : undefined);

    const database = await startDatabase(ports.database, keptIn("dynamodb"));
    undo.push(database.stop);
    const messaging = await startMessaging(ports.messaging, keptIn("messaging"));
    undo.push(messaging.stop);

    const parameterFile = new ParameterFile(join(dir, "parameters.json"));
    const parameterServer = await startParameterServer(ports.parameters, parameterFile, warn);
    undo.push(parameterServer.stop);
    const gateway = hasHttpApi(service.template) ? await startGateway(ports.api, warn) : undefined;
    if (gateway) undo.push(gateway.stop);

    const { queueUrl } = messaging;
    const apiUrl = gateway?.url;
    const deployment = deploymentOf(service.template, { queueUrl, apiUrl }, options.visibilityTimeout);
    const bus = eventBus(deployment, (queueArn, MessageBody) =>
      messaging.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(nameIn(queueArn)), MessageBody })),
    );
    const schedules = schedulesOf(deployment);
    const definitions = functionsOf(deployment, service, join(dir, "logs"));
    await createResources(deployment, database, messaging);
    seedParameters(parameterFile, deployment, options.parameters);

    const simulator = await startConnectSimulator({
      port: ports.connect,
      region,
      accountId,
      ...idsIn(definitions),
      ...(options.persist && { dataDir: join(state, "connect") }),
      warn,
      deliverEvent: bus.event,
      deliverRecord: bus.record,
      ...options.simulator,
    });
    undo.push(() => simulator.stop());

    const endpoints = {
      CONNECT: simulator.url,
      STS: simulator.url,
      SQS: messaging.url,
      SNS: messaging.url,
      S3: messaging.url,
      DYNAMODB: database.url,
      SSM: parameterServer.url,
    };
    const environmentOf = await environmentThrough(endpoints, options.through);
    const listeners = new Set<(seen: Seen) => void>();
    const notify = (seen: Seen) => {
      for (const listener of listeners) listener(seen);
    };
    const functions = definitions.map(
      (definition) =>
        new LambdaFunction(
          {
            ...definition,
            environment: { ...environmentOf(definition.environment), ...options.environment },
          },
          notify,
        ),
    );
    const find = (name: string) => functionNamed(functions, name);
    const fullName = (name: string) => find(name).definition.name;

    const concurrency = Object.fromEntries(
      Object.entries(options.concurrency ?? {}).map(([name, most]) => [fullName(name), most]),
    );
    const mappings = mappingsOf(deployment, queueUrl, concurrency).map((definition) => {
      const target = find(definition.functionName);
      return new EventSourceMapping(messaging.sqs, definition, (event) => target.invoke(event), warn);
    });
    const mappingsTo = (name: string) =>
      mappings.filter(({ definition }) => definition.functionName === fullName(name));
    undo.push(() =>
      Promise.all([...mappings.map((mapping) => mapping.stop()), ...functions.map((one) => one.stop())]),
    );
    // What is killed because the stack stops is no news.
    const warnUntilStopped = (message: string) => {
      if (undo.length > 0) warn(message);
    };
    const api = httpApiOf(deployment, {
      invoke: (name, event) => find(name).invoke(event),
      warn: warnUntilStopped,
    });
    if (api) gateway?.open(api);
    if (options.pollers !== false) for (const mapping of mappings) mapping.resume();

    if (options.schedules) {
      const run = async (name: string, event: unknown) => {
        const { kind } = await find(name).invoke(event);
        if (kind !== "result") warnUntilStopped(`${name} ${kind}, invoked by its schedule`);
      };
      undo.push(runSchedules(schedules, (name, event) => void run(name, event)));
    }

    const env = stackEnv(endpoints, deployment, definitions);
    writeStackEnv(join(dir, "stack.env"), env);
    const busy = (name?: string) =>
      (name === undefined ? functions : [find(name)]).reduce((sum, one) => sum + one.busyCount(), 0);
    return {
      env,
      apiUrl: api && apiUrl,
      simulator,
      clients: { sqs: messaging.sqs, sns: messaging.sns, dynamoDb: database.client },
      ignored: ignoredResources(deployment),
      invoke: (name, event = {}) => find(name).invoke(event),
      kill: (name) => find(name).killBusy(),
      busy,
      environments: (name) => find(name).environments(),
      pause: async (name) => void (await Promise.all(mappingsTo(name).map((mapping) => mapping.pause()))),
      resume: (name) => {
        for (const mapping of mappingsTo(name)) mapping.resume();
      },
      onInvocation: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      stop: async (graceMs = 0) => {
        if (graceMs > 0) {
          const polled = mappings.map((mapping) => mapping.pause().then(() => mapping.idle()));
          const done = Promise.all([gateway?.drain(), ...polled]);
          await Promise.race([done, sleep(graceMs, undefined, { ref: false })]);
        }
        await stopAll();
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

function lockDirectory(dir: string): () => void {
  try {
    return lock(join(dir, "stack.pid"));
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    throw new Error(
      `A stack is running on ${dir} already (process ${error.holder}). Stop it, or use another directory.`,
    );
  }
}

/** The simulator has the instance, flow and queue that the functions are set up for. */
function idsIn(functions: { environment: Record<string, string> }[]): ConnectSimulatorOptions {
  const settings: Record<string, string> = Object.assign({}, ...functions.map((one) => one.environment));
  const {
    CONNECT_INSTANCE_ID: instanceId,
    DEFAULT_CONTACT_FLOW_ID: flow,
    DEFAULT_QUEUE_ID: queue,
    DEFAULT_SOURCE_PHONE_NUMBER: number,
  } = settings;
  return {
    ...(instanceId && { instanceId }),
    ...(flow && { contactFlowIds: [flow] }),
    ...(queue && { queueIds: [queue] }),
    ...(number && { phoneNumbers: [number] }),
  };
}

function functionNamed(functions: LambdaFunction[], name: string): LambdaFunction {
  const names = functions.map(({ definition }) => definition.name);
  const found = names.includes(name) ? name : names.find((full) => full.endsWith(`-${name}`));
  const match = functions.find(({ definition }) => definition.name === found);
  if (!match) throw new Error(`There is no function ${name}. There are ${names.join(", ")}`);
  return match;
}
