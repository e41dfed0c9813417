import { existsSync, readFileSync } from "node:fs";
import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { destinationRulesIn } from "../lib/edge/settings/deliveries.ts";
import type { DestinationRules } from "../lib/subscribers/destination.ts";
import { Failure } from "./failure.ts";
import { note } from "./print.ts";

export const queues = [
  "call-requests",
  "stop-requests",
  "attribute-updates",
  "user-commands",
  "contact-events",
  "contact-records",
  "notices",
  "notice-deliveries",
] as const;
export type Queue = (typeof queues)[number];

const service = "contact-automation";
const localStack = ".local/stack.env";

type Env = Record<string, string | undefined>;

/** `call-requests` → `CALL_REQUESTS` */
const screaming = (queue: Queue): string => queue.toUpperCase().replace("-", "_");

/** SQS tells by its name that a queue keeps the order. */
const suffixOf = (queue: Queue): string =>
  queue === "attribute-updates" || queue === "user-commands" ? ".fifo" : "";

const names = [
  "CONTACTS_TABLE",
  "CONTACT_NOTICES_TOPIC_ARN",
  "SUBSCRIBERS_TABLE",
  "SUBSCRIBER_SECRETS_PATH",
  "METRICS_TABLE",
  "PACER_TABLE",
  "USER_CHANGES_TABLE",
  ...queues.flatMap((queue) => [`${screaming(queue)}_QUEUE_URL`, `${screaming(queue)}_DLQ_URL`]),
];

/** Where the service is: what the environment says, and else what the stage is called by. */
export class Settings {
  private readonly stage: string | undefined;
  private readonly env: Env;

  constructor(stage: string | undefined, env: Env = process.env) {
    this.stage = stage;
    this.env = env;
    useLocalStack(stage, env);
  }

  contactsTable(): string {
    return this.named("CONTACTS_TABLE") ?? `${this.prefix("CONTACTS_TABLE")}-contacts`;
  }

  subscribersTable(): string {
    return this.named("SUBSCRIBERS_TABLE") ?? `${this.prefix("SUBSCRIBERS_TABLE")}-subscribers`;
  }

  metricsTable(): string {
    return this.named("METRICS_TABLE") ?? `${this.prefix("METRICS_TABLE")}-metrics`;
  }

  pacerTable(): string {
    return this.named("PACER_TABLE") ?? `${this.prefix("PACER_TABLE")}-pacer`;
  }

  userChangesTable(): string {
    return this.named("USER_CHANGES_TABLE") ?? `${this.prefix("USER_CHANGES_TABLE")}-user-changes`;
  }

  connectInstanceId(): string {
    const known = this.named("CONNECT_INSTANCE_ID");
    if (known) return known;
    throw new Failure("settings", "It is not known of which instance: set CONNECT_INSTANCE_ID.");
  }

  /** Of the parameter that keeps a subscriber's secrets. */
  subscriberSecretsName(subscriberId: string): string {
    const path =
      this.named("SUBSCRIBER_SECRETS_PATH") ?? `/${this.prefix("SUBSCRIBER_SECRETS_PATH")}/subscribers`;
    return `${path}/${subscriberId}`;
  }

  /** As the functions are told. */
  destinationRules(): DestinationRules {
    return destinationRulesIn(this.env);
  }

  async queueUrl(queue: Queue, sqs: SQSClient): Promise<string> {
    const variable = `${screaming(queue)}_QUEUE_URL`;
    const known = this.named(variable);
    if (known) return known;
    const { QueueUrl = "" } = await sqs.send(
      new GetQueueUrlCommand({ QueueName: `${this.prefix(variable)}-${queue}${suffixOf(queue)}` }),
    );
    // An emulator may answer with a host name of its own, that nothing here resolves.
    const endpoint = this.env["AWS_ENDPOINT_URL_SQS"] ?? this.env["AWS_ENDPOINT_URL"];
    return endpoint ? new URL(new URL(QueueUrl).pathname, endpoint).href : QueueUrl;
  }

  /** As the queue itself has it: a dead-letter queue is always of the same account and region. */
  async deadLetterQueueUrl(queue: Queue, sqs: SQSClient): Promise<string> {
    const known = this.named(`${screaming(queue)}_DLQ_URL`);
    if (known) return known;
    const url = await this.queueUrl(queue, sqs);
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["RedrivePolicy"] }),
    );
    const name = deadLetterQueueName(Attributes?.["RedrivePolicy"]);
    if (!name) {
      throw new Failure(
        "settings",
        `The queue ${queue} has no dead-letter queue: set ${screaming(queue)}_DLQ_URL.`,
      );
    }
    return url.replace(/[^/]+$/, name);
  }

  /** Of the account and region that the stage's queues are in. */
  async noticesTopicArn(sqs: SQSClient): Promise<string> {
    const known = this.named("CONTACT_NOTICES_TOPIC_ARN");
    if (known) return known;
    const topic = `${this.prefix("CONTACT_NOTICES_TOPIC_ARN")}-contact-notices`;
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: await this.queueUrl("call-requests", sqs),
        AttributeNames: ["QueueArn"],
      }),
    );
    const [arn, partition, , region, account] = (Attributes?.["QueueArn"] ?? "").split(":");
    return [arn, partition, "sns", region, account, topic].join(":");
  }

  private named(name: string): string | undefined {
    return this.env[name] || undefined;
  }

  private prefix(missing: string): string {
    if (this.stage) return `${service}-${this.stage}`;
    throw new Failure(
      "settings",
      `It is not known where to look: ${missing} is not set. For a deployed stage add --stage <stage>. ` +
        `For the local stack run npm start and use this command in its folder, or source ${localStack}. Or set ${missing}.`,
    );
  }
}

/** In the folder of a local stack nothing needs to be said; but whatever was said is never mixed with it. */
function useLocalStack(stage: string | undefined, env: Env): void {
  const said = Object.keys(env).filter(
    (name) => env[name] && (names.includes(name) || name.startsWith("AWS_ENDPOINT_URL")),
  );
  if (stage !== undefined && said.length > 0) {
    note(`the environment wins over --stage ${stage}: ${said.join(", ")}`);
  }
  if (stage !== undefined || said.length > 0 || !existsSync(localStack)) return;
  Object.assign(env, readStackEnv(readFileSync(localStack, "utf8")));
  // The SDK would prefer the profile to the stand-in credentials.
  delete env["AWS_PROFILE"];
  note(`using the local stack (${localStack})`);
}

/** Lines of `export NAME='value'`, an apostrophe written as a shell wants it. */
function readStackEnv(text: string): Record<string, string> {
  const lines = text.matchAll(/^export ([A-Z0-9_]+)='(.*)'$/gm);
  return Object.fromEntries(
    [...lines].map(([, name, value]) => [String(name), String(value).replaceAll("'\\''", "'")]),
  );
}

function deadLetterQueueName(redrivePolicy: string | undefined): string | undefined {
  const { deadLetterTargetArn } = JSON.parse(redrivePolicy ?? "{}") as { deadLetterTargetArn?: unknown };
  return typeof deadLetterTargetArn === "string" ? deadLetterTargetArn.split(":").at(-1) : undefined;
}
