import { createHash } from "node:crypto";
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Invocation } from "./execution-environment.ts";
import type { LambdaFunction } from "./lambda-function.ts";

export interface MappingDefinition {
  queueUrl: string;
  queueArn: string;
  batchSize: number;
  reportsItemFailures: boolean;
  maximumConcurrency: number;
}

/** More than SQS gives at once is not asked for. */
const mostAtOnce = 10;
/** AWS begins with so many pollers where no maximum is set. */
export const defaultConcurrency = 5;

/** Takes messages to a function, and deletes those that it has dealt with. The others come back by themselves. */
export class EventSourceMapping {
  private readonly sqs: SQSClient;
  private readonly target: LambdaFunction;
  private readonly definition: MappingDefinition;
  private readonly warn: (message: string) => void;
  private stopping = new AbortController();
  private pollers: Promise<void>[] = [];

  constructor(
    sqs: SQSClient,
    target: LambdaFunction,
    definition: MappingDefinition,
    warn: (message: string) => void,
  ) {
    this.sqs = sqs;
    this.target = target;
    this.definition = definition;
    this.warn = warn;
  }

  start(): void {
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    this.pollers = Array.from({ length: this.definition.maximumConcurrency }, () => this.poll(signal));
  }

  /** Takes no more messages. What is under way is waited for, unless its function is stopped. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.pollers);
  }

  private async poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const messages = await this.receive(signal);
        if (messages.length > 0) await this.deliver(messages);
      } catch (error) {
        if (signal.aborted) return;
        this.warn(
          `Polling ${this.definition.queueUrl} failed: ${error instanceof Error ? error.message : error}`,
        );
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    }
  }

  private async receive(abortSignal: AbortSignal): Promise<Message[]> {
    const { Messages } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.definition.queueUrl,
        MaxNumberOfMessages: Math.min(this.definition.batchSize, mostAtOnce),
        WaitTimeSeconds: 20,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
      { abortSignal },
    );
    return Messages ?? [];
  }

  private async deliver(messages: Message[]): Promise<void> {
    const event = { Records: messages.map((message) => recordOf(message, this.definition.queueArn)) };
    const done = this.dealtWith(await this.target.invoke(event), messages);
    if (done.length === 0) return;
    await this.sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: this.definition.queueUrl,
        Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
  }

  /** Lambda's rules: what it does not understand is a failure of the whole batch, silence is success. */
  private dealtWith(invocation: Invocation, messages: Message[]): Message[] {
    if (invocation.kind !== "result") {
      const what =
        invocation.kind === "failed" ? `failed: ${invocation.error.split("\n")[0]}` : invocation.kind;
      this.warn(`${this.target.definition.name} ${what}; ${messages.length} messages come back`);
      return [];
    }
    if (!this.definition.reportsItemFailures) return messages;
    const failures = failuresIn(invocation.result);
    if (!failures?.every((id) => messages.some(({ MessageId }) => MessageId === id))) {
      this.warn(
        `${this.target.definition.name} answered with no valid batch response; ${messages.length} messages come back`,
      );
      return [];
    }
    return messages.filter(({ MessageId }) => !failures.includes(MessageId ?? ""));
  }
}

/** @returns undefined where Lambda would take the answer for a failure */
function failuresIn(result: unknown): string[] | undefined {
  if (result === null || result === undefined) return [];
  if (typeof result !== "object") return undefined;
  const { batchItemFailures } = result as { batchItemFailures?: unknown };
  if (batchItemFailures === null || batchItemFailures === undefined) return [];
  if (!Array.isArray(batchItemFailures)) return undefined;
  const ids = batchItemFailures.map((failure: unknown) =>
    typeof failure === "object" && failure !== null
      ? (failure as { itemIdentifier?: unknown }).itemIdentifier
      : undefined,
  );
  return ids.every((id): id is string => typeof id === "string" && id !== "") ? ids : undefined;
}

/** The record that Lambda makes of a message. */
function recordOf(message: Message, eventSourceARN: string) {
  const body = message.Body ?? "";
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, { DataType, StringValue }]) => [
        name,
        { dataType: DataType, stringValue: StringValue, stringListValues: [], binaryListValues: [] },
      ]),
    ),
    md5OfBody: message.MD5OfBody ?? createHash("md5").update(body).digest("hex"),
    eventSource: "aws:sqs",
    eventSourceARN,
    awsRegion: "us-east-1",
  };
}
