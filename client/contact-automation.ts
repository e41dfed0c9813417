import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SqsIntake } from "../lib/intake/intake.sqs.ts";
import { checkMessage, type FitMessage, type MessageKind } from "../lib/intake/message.ts";
import { type InvalidMessage, InvalidMessages, NotSent } from "./errors.ts";
import type { AttributeUpdate, CallRequest, StopRequest, UserCommand } from "./inputs.ts";
import { type Deployment, queueUrlsOf } from "./queue-urls.ts";

/** What is neither the messages nor the queue, handed in by tests. */
export interface Steps {
  sleep(ms: number): Promise<unknown>;
  /** 0 to 1. */
  random(): number;
  now(): number;
  newId(): string;
}

export interface Progress {
  /** Since the beginning. */
  sent: number;
  invalid: number;
}

export interface CampaignOptions {
  /** After every thousand requests, and at the end. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Is told of a request that cannot be sent, which is then left out. Without it the first such thousand is not sent, and all ends. */
  onInvalid?: ((message: InvalidMessage) => void) | undefined;
}

/** After so many rounds in a row in which nothing was taken it is given up. */
const fruitlessRounds = 5;
/** Between two rounds, at most: chance takes a part away, so that producers do not come back all at once. */
const pauseMs = (fruitless: number): number => 200 * 2 ** fruitless;

/** Requests of a campaign that are in memory at once. */
const groupSize = 1_000;

/** Which of these a request may leave out is for the deployment to say, which is not asked. */
const whateverTheDeploymentHas = { contactFlowId: "of the deployment", queueId: "of the deployment" };

/** Sends to the queues of contact-automation what the service will understand, and tells what it could not send. */
export class ContactAutomation {
  private readonly sqs: SQSClient;
  private readonly queueUrl: (kind: MessageKind) => Promise<string>;
  private readonly steps: Steps;

  /** @param sqs where the client that is made here, with timeouts and with credentials as the SDK finds them, will not do */
  constructor(deployment: Deployment, sqs: SQSClient = clientFor(deployment), steps: Steps = realSteps) {
    this.sqs = sqs;
    this.queueUrl = queueUrlsOf(deployment, sqs);
    this.steps = steps;
  }

  /**
   * Asks for calls.
   * @returns the requestIds, in order
   * @throws InvalidMessages before anything is sent; NotSent
   */
  requestCall(requests: CallRequest | readonly CallRequest[]): Promise<string[]> {
    return this.sendAll("call-request", [requests].flat());
  }

  /**
   * Asks for the calls of a large campaign, of which a thousand requests are in memory at once.
   * @throws InvalidMessages, NotSent: what came before is sent, and to send everything again does no harm
   */
  async requestCalls(
    requests: Iterable<CallRequest> | AsyncIterable<CallRequest>,
    { onProgress, onInvalid }: CampaignOptions = {},
  ): Promise<Progress> {
    let [sent, invalid, read] = [0, 0, 0];
    for await (const group of groupsOf(requests)) {
      const checked = this.check("call-request", group, read);
      if (checked.invalid.length > 0 && !onInvalid) throw new InvalidMessages(checked.invalid);
      for (const message of checked.invalid) onInvalid?.(message);
      await this.send("call-request", checked.fit);
      read += group.length;
      sent += checked.fit.length;
      invalid += checked.invalid.length;
      onProgress?.({ sent, invalid });
    }
    return { sent, invalid };
  }

  /**
   * Stops call requests, contacts or campaigns.
   * @returns the stopIds, in order
   * @throws InvalidMessages before anything is sent; NotSent
   */
  stop(stops: StopRequest | readonly StopRequest[]): Promise<string[]> {
    const complete = (stop: StopRequest) => ({ ...stop, stopId: stop?.stopId ?? this.steps.newId() });
    return this.sendAll("stop-request", [stops].flat().map(complete));
  }

  /**
   * Sets attributes of contacts, now or once there is one.
   * @returns the updateIds, in order
   * @throws InvalidMessages before anything is sent; NotSent
   */
  updateAttributes(updates: AttributeUpdate | readonly AttributeUpdate[]): Promise<string[]> {
    const complete = (update: AttributeUpdate) => ({
      ...update,
      updateId: update?.updateId ?? this.steps.newId(),
      occurredAt: update?.occurredAt ?? new Date(this.steps.now()).toISOString(),
    });
    return this.sendAll("attribute-update", [updates].flat().map(complete));
  }

  /**
   * Says how users are to be, or that there are to be none of these names.
   * @returns the commandIds, in order
   * @throws InvalidMessages before anything is sent; NotSent
   */
  commandUsers(commands: UserCommand | readonly UserCommand[]): Promise<string[]> {
    const complete = (command: UserCommand) => ({
      ...command,
      commandId: command?.commandId ?? this.steps.newId(),
    });
    return this.sendAll("user-command", [commands].flat().map(complete));
  }

  private async sendAll(kind: MessageKind, inputs: readonly unknown[]): Promise<string[]> {
    const { fit, invalid } = this.check(kind, inputs, 0);
    if (invalid.length > 0) throw new InvalidMessages(invalid);
    await this.send(kind, fit);
    return fit.map(({ message }) => message.id);
  }

  private check(kind: MessageKind, inputs: readonly unknown[], from: number): CheckedInputs {
    const checked: CheckedInputs = { fit: [], invalid: [] };
    for (const [offset, input] of inputs.entries()) {
      const index = from + offset;
      const verdict = checkMessage(kind, asJson(input), whateverTheDeploymentHas, this.steps.now());
      if (verdict.kind === "fit") checked.fit.push({ index, message: verdict.message });
      else {
        const { id, problems } = verdict;
        checked.invalid.push({ index, ...(id !== undefined && { id }), problems });
      }
    }
    return checked;
  }

  private async send(kind: MessageKind, messages: Placed[]): Promise<void> {
    if (messages.length === 0) return;
    let cause: unknown;
    const queueUrls = { [kind]: await this.queueUrl(kind) };
    const intake = new SqsIntake(this.sqs, queueUrls, (error) => {
      cause = error;
    });
    let open = messages;
    for (let fruitless = 0; fruitless < fruitlessRounds; ) {
      const taken = await intake.put(open.map(({ message }) => message));
      open = open.filter((_, index) => !taken[index]);
      if (open.length === 0) return;
      fruitless = taken.includes(true) ? 0 : fruitless + 1;
      if (fruitless < fruitlessRounds) await this.steps.sleep(this.steps.random() * pauseMs(fruitless));
    }
    throw new NotSent(
      open.map(({ index, message }) => ({ index, id: message.id })),
      cause,
    );
  }
}

interface Placed {
  index: number;
  message: FitMessage;
}

interface CheckedInputs {
  fit: Placed[];
  invalid: InvalidMessage[];
}

const realSteps: Steps = { sleep: setTimeout, random: Math.random, now: Date.now, newId: randomUUID };

function clientFor({ region }: Deployment): SQSClient {
  return new SQSClient({
    ...(region !== undefined && { region }),
    // SQS answers within milliseconds; without the last of these a timeout would only be a line in the log.
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    // An emulator's URLs may have a host that nothing resolves, and AWS's have the one that the region has anyway.
    useQueueUrlAsEndpoint: false,
  });
}

/** As it will be read: members that JSON leaves out are not held against it. */
function asJson(input: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(input) ?? "null");
  } catch {
    return undefined;
  }
}

async function* groupsOf<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let group: Item[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < groupSize) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
