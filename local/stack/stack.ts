import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import {
  type ConnectSimulator,
  type ConnectSimulatorOptions,
  startConnectSimulator,
} from "../connect-simulator/simulator.ts";
import { type Deployment, evaluate, type Resource } from "./cloudformation.ts";
import {
  accountId,
  createQueue,
  createTable,
  createTopic,
  region,
  setRedrivePolicy,
  startDatabase,
  startMessaging,
} from "./emulators.ts";
import { checkPattern, matches } from "./event-pattern.ts";
import { defaultConcurrency, EventSourceMapping, type MappingDefinition } from "./event-source-mapping.ts";
import type { FunctionDefinition, Invocation } from "./execution-environment.ts";
import { identities, isKnown } from "./identities.ts";
import { LambdaFunction } from "./lambda-function.ts";
import { lock } from "./lock.ts";
import type { PackagedService } from "./packaged-service.ts";
import { checkFree, portsFrom } from "./ports.ts";
import { periodOf, scheduledEvent } from "./schedule.ts";
import { accessTo, stackEnv, writeStackEnv } from "./stack-env.ts";

export interface StackOptions {
  service: PackagedService;
  /** For state, logs and stack.env. */
  dir: string;
  /** Connect here, SQS and SNS one above, DynamoDB two above; any free ports when absent. */
  portBase?: number | undefined;
  /** Keep tables, messages and contacts from one start to the next. */
  persist?: boolean;
  fresh?: boolean;
  /** Run the schedules; otherwise they are invoked by hand. */
  schedules?: boolean;
  /** Laid over the environment of every function. */
  environment?: Record<string, string>;
  /** Seconds, laid over every queue that a function reads: tests have not the time to wait for the real one. */
  visibilityTimeout?: number;
  simulator?: ConnectSimulatorOptions;
  /** Puts something of a test's between the functions and DynamoDB. @returns its URL */
  dynamoDbThrough?: (url: string) => Promise<string>;
  warn?: (message: string) => void;
}

export interface Stack {
  env: Record<string, string>;
  simulator: ConnectSimulator;
  /** By the name in serverless.yml, such as `release-due`. */
  invoke(functionName: string, event?: unknown): Promise<Invocation>;
  /** SIGKILL to the environments of a function that are in an invocation. @returns how many there were */
  kill(functionName: string): number;
  busy(functionName: string): number;
  stop(): Promise<void>;
}

/** Everything that the packaged template describes, on one machine and over the real protocols. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dir, service, warn = (message) => process.emitWarning(message) } = options;
  const unlock = lock(dir);
  const stopping: (() => Promise<void> | void)[] = [unlock];
  const stop = async () => {
    for (const step of stopping.splice(0).reverse()) await step();
  };
  try {
    const ports = portsFrom(options.portBase);
    await checkFree(ports);
    const state = join(dir, "state");
    if (options.fresh) rmSync(state, { recursive: true, force: true });
    const keptIn = (name: string) => (options.persist ? join(state, name) : undefined);

    const database = await startDatabase(ports.database, keptIn("dynamodb"));
    stopping.push(database.stop);
    const messaging = await startMessaging(ports.messaging, keptIn("messaging"));
    stopping.push(messaging.stop);

    const queueUrl = (name: string) => `${messaging.url}/${accountId}/${name}`;
    const deployment = deploymentOf(service, queueUrl, options.visibilityTimeout);
    await build(deployment, database, messaging, queueUrl);

    const functions = functionsOf(deployment, service, join(dir, "logs"));
    const bus = eventBus(deployment, (queueArn, body) =>
      messaging.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(nameIn(queueArn)), MessageBody: body })),
    );
    const ids = Object.assign(
      {},
      ...[...functions.values()].map(({ definition }) => definition.environment),
    ) as Record<string, string>;
    const dataDir = keptIn("connect");
    const simulator = await startConnectSimulator({
      port: ports.connect,
      region,
      accountId,
      ...(ids["CONNECT_INSTANCE_ID"] && { instanceId: ids["CONNECT_INSTANCE_ID"] }),
      ...(ids["DEFAULT_CONTACT_FLOW_ID"] && { contactFlowIds: [ids["DEFAULT_CONTACT_FLOW_ID"]] }),
      ...(ids["DEFAULT_QUEUE_ID"] && { queueIds: [ids["DEFAULT_QUEUE_ID"]] }),
      ...(dataDir && { dataDir }),
      deliverEvent: bus.event,
      deliverRecord: bus.record,
      ...options.simulator,
    });
    stopping.push(() => simulator.stop());

    const endpoints = {
      CONNECT: simulator.url,
      SQS: messaging.url,
      SNS: messaging.url,
      DYNAMODB: database.url,
    };
    const throughUrl = (await options.dynamoDbThrough?.(database.url)) ?? database.url;
    for (const { definition } of functions.values()) {
      Object.assign(
        definition.environment,
        accessTo({ ...endpoints, DYNAMODB: throughUrl }),
        options.environment,
      );
    }
    stopping.push(() => {
      for (const one of functions.values()) one.stop();
    });
    const mappings = mappingsOf(deployment, queueUrl).map(
      ({ functionName, definition }) =>
        new EventSourceMapping(messaging.sqs, existing(functions, functionName), definition, warn),
    );
    for (const mapping of mappings) mapping.start();
    stopping.push(async () => {
      const ended = Promise.all(mappings.map((mapping) => mapping.stop()));
      for (const one of functions.values()) one.stop();
      await ended;
    });
    if (options.schedules) stopping.push(runSchedules(deployment, functions));

    const env = stackEnv(
      endpoints,
      deployment,
      [...functions.values()].map(({ definition }) => definition),
    );
    writeStackEnv(join(dir, "stack.env"), env);
    const find = (name: string) =>
      existing(
        functions,
        [...functions.keys()].find((full) => full === name || full.endsWith(`-${name}`)) ?? name,
      );
    return {
      env,
      simulator,
      invoke: (name, event = {}) => find(name).invoke(event),
      kill: (name) => find(name).killBusy(),
      busy: (name) => find(name).busyCount(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function deploymentOf(
  { template }: PackagedService,
  queueUrl: (name: string) => string,
  visibility: number | undefined,
): Deployment {
  const pseudo = {
    "AWS::Region": region,
    "AWS::AccountId": accountId,
    "AWS::Partition": "aws",
    "AWS::StackName": "local",
    "AWS::URLSuffix": "amazonaws.com",
  };
  const deployment = evaluate(template, pseudo, identities(queueUrl));
  const unknown = deployment.resources.filter(({ type }) => !isKnown(type));
  if (unknown.length > 0) {
    const list = unknown.map(({ logicalId, type }) => `${logicalId} (${type})`).join(", ");
    throw new Error(`The local stack does not know what to do with ${list}`);
  }
  if (visibility !== undefined) {
    for (const { properties } of of(deployment, "AWS::SQS::Queue")) {
      if (properties["RedrivePolicy"]) properties["VisibilityTimeout"] = visibility;
    }
  }
  return deployment;
}

function of({ resources }: Deployment, type: string): Resource[] {
  return resources.filter((resource) => resource.type === type);
}

type Database = Awaited<ReturnType<typeof startDatabase>>;
type Messaging = Awaited<ReturnType<typeof startMessaging>>;

async function build(
  deployment: Deployment,
  database: Database,
  messaging: Messaging,
  queueUrl: (name: string) => string,
): Promise<void> {
  const urlOf = ({ properties }: Resource) => queueUrl(String(properties["QueueName"]));
  for (const table of of(deployment, "AWS::DynamoDB::Table")) await createTable(database.client, table);
  const queues = of(deployment, "AWS::SQS::Queue");
  for (const queue of queues) await createQueue(messaging.sqs, queue, urlOf(queue));
  for (const queue of queues) await setRedrivePolicy(messaging.sqs, queue, urlOf(queue));
  for (const topic of of(deployment, "AWS::SNS::Topic")) await createTopic(messaging.sns, topic);
}

function functionsOf(
  deployment: Deployment,
  service: PackagedService,
  logs: string,
): Map<string, LambdaFunction> {
  mkdirSync(logs, { recursive: true });
  const functions = of(deployment, "AWS::Lambda::Function").map(({ properties }) => {
    const name = String(properties["FunctionName"]);
    const { S3Key } = properties["Code"] as { S3Key: string };
    const [path, exported] = String(properties["Handler"]).split(/\.(?=[^.]+$)/);
    const { Variables = {} } = (properties["Environment"] ?? {}) as { Variables?: Record<string, unknown> };
    const definition: FunctionDefinition = {
      name,
      file: join(service.unpack(String(S3Key.split("/").at(-1))), `${path}.mjs`),
      exported: String(exported),
      timeoutSeconds: Number(properties["Timeout"] ?? 3),
      memorySize: Number(properties["MemorySize"] ?? 128),
      environment: Object.fromEntries(Object.entries(Variables).map(([key, value]) => [key, String(value)])),
      logFile: join(logs, `${name}.log`),
    };
    return [name, new LambdaFunction(definition)] as const;
  });
  return new Map(functions);
}

function existing(functions: Map<string, LambdaFunction>, name: string): LambdaFunction {
  const found = functions.get(name);
  if (!found) throw new Error(`There is no function ${name}. There are ${[...functions.keys()].join(", ")}`);
  return found;
}

const nameIn = (arn: string): string => String(arn.split(":").at(-1));

function mappingsOf(deployment: Deployment, queueUrl: (name: string) => string) {
  return of(deployment, "AWS::Lambda::EventSourceMapping")
    .filter(({ properties }) => properties["Enabled"] !== false)
    .map(({ properties }) => {
      const queueArn = String(properties["EventSourceArn"]);
      const scaling = properties["ScalingConfig"] as { MaximumConcurrency?: number } | undefined;
      const definition: MappingDefinition = {
        queueArn,
        queueUrl: queueUrl(nameIn(queueArn)),
        batchSize: Number(properties["BatchSize"] ?? 10),
        reportsItemFailures: ((properties["FunctionResponseTypes"] ?? []) as string[]).includes(
          "ReportBatchItemFailures",
        ),
        maximumConcurrency: scaling?.MaximumConcurrency ?? defaultConcurrency,
      };
      return { functionName: nameIn(String(properties["FunctionName"])), definition };
    });
}

/** Rules with a pattern take Connect's events to their targets, pipes take its contact records. */
function eventBus(deployment: Deployment, send: (queueArn: string, body: string) => Promise<unknown>) {
  const rules = of(deployment, "AWS::Events::Rule").flatMap(({ logicalId, properties }) => {
    const { EventPattern: pattern, Targets } = properties;
    if (pattern === undefined) return [];
    checkPattern(pattern, `${logicalId}.EventPattern`);
    const targets = ((Targets ?? []) as { Arn: string }[]).map(({ Arn }) => Arn);
    const other = targets.find((arn) => !arn.startsWith("arn:aws:sqs:"));
    if (other)
      throw new Error(`${logicalId} has the target ${other}: the local event bus delivers to queues only`);
    return [{ pattern, targets }];
  });
  const pipes = of(deployment, "AWS::Pipes::Pipe").map(({ properties }) => String(properties["Target"]));
  return {
    event: async (event: object) => {
      const targets = rules.filter(({ pattern }) => matches(pattern, event)).flatMap((rule) => rule.targets);
      for (const target of targets) await send(target, JSON.stringify(event));
    },
    record: async (record: object) => {
      for (const target of pipes) await send(target, JSON.stringify(record));
    },
  };
}

function runSchedules(deployment: Deployment, functions: Map<string, LambdaFunction>): () => void {
  const timers = of(deployment, "AWS::Events::Rule").flatMap(({ logicalId, properties }) => {
    const { ScheduleExpression, Targets } = properties;
    if (ScheduleExpression === undefined || properties["State"] === "DISABLED") return [];
    const period = periodOf(String(ScheduleExpression));
    return ((Targets ?? []) as { Arn: string }[]).map(({ Arn }) => {
      const target = existing(functions, nameIn(Arn));
      return setInterval(
        () => void target.invoke(scheduledEvent(logicalId, randomUUID(), new Date())),
        period,
      );
    });
  });
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
