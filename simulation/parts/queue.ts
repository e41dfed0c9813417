import type { Random } from "../random.ts";

export interface Message {
  id: string;
  body: string;
  /** Of a FIFO queue: messages of one group come one after the other. */
  group: string | undefined;
  receives: number;
  visibleAt: number;
  /** By whom: only receivers that something befell may use up the receives that there are. */
  receivers: { disturbed: boolean; delayed?: boolean }[];
  /** It was delivered to another worker as well, who may have been told that it is under way. */
  hasCopy: boolean;
}

/** Only messages of a FIFO queue have a group. */
const noGroups = new Set<string>();

/** As resources/queues.yml has them. */
export const visibilityMs = 180_000;
const maxReceives = 5;

/** SQS: at least once, in no order but within a group, and to the dead-letter queue after five receives. */
export class Queue {
  readonly name: string;
  readonly isFifo: boolean;
  messages: Message[] = [];
  deadLetters: Message[] = [];
  private sent = 0;

  constructor(name: string, isFifo = false) {
    this.name = name;
    this.isFifo = isFifo;
  }

  send(body: string, visibleAt: number, group?: string): Message {
    this.sent += 1;
    const message = {
      id: `${this.name}-${this.sent}`,
      body,
      group: this.isFifo ? group : undefined,
      receives: 0,
      visibleAt,
      receivers: [],
      hasCopy: false,
    };
    this.messages.push(message);
    return message;
  }

  /** The messages that a poller gets at that instant. */
  receive(now: number, most: number, random: Random): Message[] {
    const batch: Message[] = [];
    const blocked = this.isFifo ? new Set<string>() : noGroups;
    // A poller asks some of SQS's servers only.
    const from = this.isFifo ? 0 : random.between(0, this.messages.length - 1);
    const inOrder = [...this.messages.slice(from), ...this.messages.slice(0, from)];
    for (const message of inOrder) {
      if (batch.length === most) break;
      const { group, visibleAt } = message;
      if (group !== undefined && blocked.has(group)) continue;
      if (visibleAt > now) {
        if (group !== undefined && message.receives > 0) blocked.add(group);
        continue;
      }
      if (message.receives === maxReceives) {
        this.bury(message);
        continue;
      }
      message.receives += 1;
      message.visibleAt = now + visibilityMs;
      batch.push(message);
    }
    return batch;
  }

  delete(message: Message): void {
    const index = this.messages.indexOf(message);
    if (index >= 0) this.messages.splice(index, 1);
  }

  /** When there is, or will be, something to receive; undefined while there is nothing at all. */
  nextVisibleAt(now: number): number | undefined {
    let next = Number.POSITIVE_INFINITY;
    const blocked = this.isFifo ? new Set<string>() : noGroups;
    for (const { visibleAt, receives, group } of this.messages) {
      if (group !== undefined && blocked.has(group)) continue;
      if (group !== undefined && receives > 0 && visibleAt > now) blocked.add(group);
      next = Math.min(next, visibleAt);
    }
    return Number.isFinite(next) ? next : undefined;
  }

  /** Back from the dead-letter queue: as new messages, with ids of their own. */
  redrive(now: number, which: (message: Message) => boolean): Message[] {
    const redriven = this.deadLetters.filter(which);
    this.deadLetters = this.deadLetters.filter((message) => !redriven.includes(message));
    return redriven.map(({ body, group }) => this.send(body, now, group));
  }

  private bury(message: Message): void {
    this.delete(message);
    this.deadLetters.push(message);
  }
}
