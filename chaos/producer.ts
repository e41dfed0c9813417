import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type AttributeUpdate, groupOf } from "../lib/contacts/attribute-update.ts";
import type { StopRequest } from "../lib/contacts/stop-request.ts";
import { portions } from "../lib/portions.ts";
import { variableOf } from "../local/stack/queue-contents.ts";
import type { CallBody, PlannedMessage } from "./plan/messages.ts";
import { poisoned as queues } from "./plan/poison.ts";

export interface Sent {
  /** Of each request every content that was sent, and how often, in the order of sending. */
  calls: Map<string, CallBody[]>;
  stops: StopRequest[];
  updates: AttributeUpdate[];
  poison: { queue: string; body: string }[];
}

type Queue = (typeof queues)[number];
interface Letter {
  queue: Queue;
  body: string;
  group?: string;
}

/** SQS takes ten messages at once. */
const atOnce = 10;

/** Sends what is planned, and remembers what that came to. */
export class Producer {
  readonly sent: Sent = { calls: new Map(), stops: [], updates: [], poison: [] };
  private readonly sqs: SQSClient;
  private readonly env: Record<string, string>;
  private readonly startedAt: number;
  /** The contact that a request is known to have, from notices. */
  private readonly contactIdOf: (requestId: string) => string | undefined;
  private messages = 0;

  constructor(
    sqs: SQSClient,
    env: Record<string, string>,
    startedAt: number,
    contactIdOf: (requestId: string) => string | undefined,
  ) {
    this.sqs = sqs;
    this.env = env;
    this.startedAt = startedAt;
    this.contactIdOf = contactIdOf;
  }

  async send(messages: PlannedMessage[]): Promise<void> {
    const letters = messages.map((message) => this.letterOf(message));
    for (const queue of queues) {
      const ofQueue = letters.filter((letter) => letter.queue === queue);
      for (const portion of portions(ofQueue, atOnce)) await this.put(queue, portion);
    }
  }

  private letterOf(message: PlannedMessage): Letter {
    switch (message.kind) {
      case "call": {
        const { requestId } = message.body;
        this.sent.calls.set(requestId, [...(this.sent.calls.get(requestId) ?? []), message.body]);
        return { queue: "call-requests", body: JSON.stringify(message.body) };
      }
      case "stop": {
        const { requestId, ...rest } = message.stop;
        const contactId = this.contactFor(requestId, message.byContact);
        const stop = contactId === undefined ? message.stop : { ...rest, contactId };
        this.sent.stops.push(stop);
        return { queue: "stop-requests", body: JSON.stringify(stop) };
      }
      case "update": {
        const { requestId, ...rest } = message.update;
        const contactId = this.contactFor(requestId, message.byContact);
        const occurredAt = new Date(this.startedAt - message.agedMs).toISOString();
        const target = contactId === undefined ? { requestId } : { contactId };
        const update = { ...rest, ...target, occurredAt };
        this.sent.updates.push(update);
        return { queue: "attribute-updates", body: JSON.stringify(update), group: groupOf(update) };
      }
      case "poison": {
        const { queue, body } = message;
        this.sent.poison.push({ queue, body });
        return { queue, body, group: "poison" };
      }
    }
  }

  private contactFor(requestId: string | undefined, byContact: boolean): string | undefined {
    return byContact && requestId !== undefined ? this.contactIdOf(requestId) : undefined;
  }

  private async put(queue: Queue, letters: Letter[]): Promise<void> {
    const QueueUrl = this.env[`${variableOf(queue)}_QUEUE_URL`];
    const Entries = letters.map(({ body, group }, index) => {
      this.messages += 1;
      const fifo = queue === "attribute-updates" && {
        MessageGroupId: group,
        MessageDeduplicationId: String(this.messages),
      };
      return { Id: String(index), MessageBody: body, ...fifo };
    });
    const { Failed = [] } = await this.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`${queue} did not take ${Failed.length} messages`);
  }
}
