import { setTimeout as sleep } from "node:timers/promises";
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { failuresIn } from "./batch-response.ts";
import type { Deployment } from "./cloudformation.ts";
import type { Invocation } from "./execution-environment.ts";
import { all, nameIn } from "./properties.ts";
import { sqsEvent } from "./sqs-event.ts";

export interface MappingDefinition {
  functionName: string;
  queueUrl: string;
  queueArn: string;
  batchSize: number;
  /** Seconds for which a batch that is not full waits for more. */
  window: number;
  reportsItemFailures: boolean;
  maximumConcurrency: number;
}

/** SQS gives and takes no more at once. */
const mostAtOnce = 10;
/** Seconds. fauxqs gives messages to pollers that have gone away, so a poll is not cut short but short. */
const pollSeconds = 1;
/** AWS begins with so many where no maximum is set. */
const defaultConcurrency = 5;

/** @param concurrency by function, in place of what the template says */
export function mappingsOf(
  deployment: Deployment,
  queueUrl: (name: string) => string,
  concurrency: Record<string, number> = {},
): MappingDefinition[] {
  return all(deployment, "AWS::Lambda::EventSourceMapping")
    .filter(({ properties }) => properties.Enabled)
    .map(({ logicalId, properties }) => {
      const functionName = nameIn(properties.FunctionName);
      const queueArn = properties.EventSourceArn;
      const { BatchSize, MaximumBatchingWindowInSeconds: window } = properties;
      if (queueArn.endsWith(".fifo") && (window > 0 || BatchSize > mostAtOnce))
        throw new Error(
          `${logicalId}: of a FIFO queue AWS gathers no more than ${mostAtOnce} messages, without a window`,
        );
      return {
        functionName,
        queueArn,
        queueUrl: queueUrl(nameIn(queueArn)),
        batchSize: BatchSize,
        window,
        reportsItemFailures: properties.FunctionResponseTypes.includes("ReportBatchItemFailures"),
        maximumConcurrency:
          concurrency[functionName] ?? properties.ScalingConfig?.MaximumConcurrency ?? defaultConcurrency,
      };
    });
}

/** Takes messages to a function, and deletes those that it has dealt with. The others come back by themselves. */
export class EventSourceMapping {
  readonly definition: MappingDefinition;
  private readonly sqs: SQSClient;
  private readonly invoke: (event: unknown) => Promise<Invocation>;
  private readonly warn: (message: string) => void;
  private readonly underWay = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private paused = true;
  private polling: Promise<void> = Promise.resolve();

  constructor(
    sqs: SQSClient,
    definition: MappingDefinition,
    invoke: (event: unknown) => Promise<Invocation>,
    warn: (message: string) => void,
  ) {
    this.sqs = sqs;
    this.definition = definition;
    this.invoke = invoke;
    this.warn = warn;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.polling = this.polling.then(() => this.poll());
  }

  /** Resolves when no more messages are taken; those that were are still dealt with. */
  async pause(): Promise<void> {
    this.paused = true;
    await this.polling;
  }

  async idle(): Promise<void> {
    await Promise.all(this.underWay);
  }

  /** Takes no more at once. What is under way is waited for, so its function is to be stopped as well. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.pause();
    await this.idle();
  }

  private async poll(): Promise<void> {
    while (!this.paused) {
      try {
        if (this.underWay.size >= this.definition.maximumConcurrency) {
          await Promise.race(this.underWay);
          continue;
        }
        const messages = await this.gather();
        if (messages.length > 0) this.begin(messages);
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.warn(`Polling ${this.definition.queueUrl} failed: ${messageOf(error)}`);
        await sleep(pollSeconds * 1000, undefined, { signal: this.stopping.signal }).catch(() => {});
      }
    }
  }

  private begin(messages: Message[]): void {
    const delivery = this.deliver(messages)
      .catch((error: unknown) => {
        if (!this.stopping.signal.aborted)
          this.warn(`Delivering from ${this.definition.queueUrl} failed: ${messageOf(error)}`);
      })
      .finally(() => this.underWay.delete(delivery));
    this.underWay.add(delivery);
  }

  /** One batch: what is there at once, or all that comes within the batching window. */
  private async gather(): Promise<Message[]> {
    const { batchSize, window } = this.definition;
    const messages = await this.receive(batchSize);
    const until = Date.now() + (messages.length > 0 ? window * 1000 : 0);
    while (messages.length < batchSize && Date.now() < until)
      messages.push(...(await this.receive(batchSize - messages.length)));
    return messages;
  }

  private async receive(most: number): Promise<Message[]> {
    const { Messages } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.definition.queueUrl,
        MaxNumberOfMessages: Math.min(most, mostAtOnce),
        WaitTimeSeconds: pollSeconds,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
      { abortSignal: this.stopping.signal },
    );
    return Messages ?? [];
  }

  private async deliver(messages: Message[]): Promise<void> {
    const invocation = await this.invoke(sqsEvent(messages, this.definition.queueArn));
    const done = this.dealtWith(invocation, messages);
    for (let from = 0; from < done.length; from += mostAtOnce) {
      const Entries = done
        .slice(from, from + mostAtOnce)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      const { Failed = [] } = await this.sqs.send(
        new DeleteMessageBatchCommand({ QueueUrl: this.definition.queueUrl, Entries }),
      );
      if (Failed.length > 0) this.warn(`${Failed.length} messages could not be deleted`);
    }
  }

  private dealtWith(invocation: Invocation, messages: Message[]): Message[] {
    const { functionName, reportsItemFailures } = this.definition;
    const back = `${messages.length} messages come back`;
    if (invocation.kind !== "result") {
      const why =
        invocation.kind === "failed" ? `failed: ${invocation.error.split("\n")[0]}` : invocation.kind;
      // What is killed because the stack stops is no news.
      if (!this.stopping.signal.aborted) this.warn(`${functionName} ${why}; ${back}`);
      return [];
    }
    if (!reportsItemFailures) return messages;
    const failures = failuresIn(
      invocation.result,
      messages.map(({ MessageId }) => String(MessageId)),
    );
    if (failures === "all") {
      this.warn(`${functionName} answered with no valid batch response; ${back}`);
      return [];
    }
    return messages.filter(({ MessageId }) => !failures.includes(String(MessageId)));
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
