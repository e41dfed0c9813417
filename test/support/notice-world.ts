import { Webhook } from "standardwebhooks";
import type { Delivery } from "../../lib/contacts/delivery.ts";
import {
  afterDelivery,
  type Delivered,
  type DeliverSteps,
  deliverNotices,
} from "../../lib/subscribers/deliver-notice.ts";
import { afterFanOut, fanOutNotices } from "../../lib/subscribers/fan-out-notice.ts";
import { type NoticeDelivery, readDelivery, type ToldNotice } from "../../lib/subscribers/notice-delivery.ts";
import type { Post, PostAnswer } from "../../lib/subscribers/poster.ts";
import { delaySecondsUntil } from "../../lib/subscribers/retry-schedule.ts";
import { aNewSecret } from "../../lib/subscribers/signature.ts";
import type { Subscriber } from "../../lib/subscribers/subscriber.ts";
import { days, minutes, seconds } from "./builders.ts";
import { SubscribersInMemory } from "./subscribers-in-memory.ts";

interface Message {
  messageId: string;
  body: string;
  visibleAt: number;
  receives: number;
  /** The batch after which it could be received. */
  sinceBatch: number;
}

interface Posted {
  subscriberId: string;
  message: Post;
  at: number;
  /** The number of the batch, counted from the start. */
  batch: number;
  tries: number;
  /** How many batches were received between the moment that the message could be and the one that had it. */
  batchesWaited: number;
  answer: PostAnswer;
}

const batchSize = 10;
const hiddenMs = minutes(3);
const mostReceives = 5;
const success: PostAnswer = { kind: "answered", status: 200 };

/** The queue of deliveries with its dead letters, the subscribers and their endpoints, and a clock, in memory. */
export class NoticeWorld {
  readonly startedAt = Date.parse("2026-11-24T12:00:00Z");
  readonly subscribers = new SubscribersInMemory();
  readonly secrets = new Map<string, string[]>();
  readonly posts: Posted[] = [];
  readonly deadLetters: { body: string; why: string }[] = [];
  readonly reports: { subscriberId: string; reason: string }[] = [];
  lastResults: Delivered[] = [];
  /** How often messages were received. */
  receives = 0;
  /** How the next message is chosen of those that can be received; from 0 up to 1. */
  order: () => number = () => 0;
  /** Whether SQS delivers a message a second time although it was deleted. */
  doubles: () => boolean = () => false;
  /** For jitter. */
  random: () => number = () => 1;
  /** What an endpoint answers when nothing is scripted for it. */
  behaviour: (subscriberId: string, notice: ToldNotice) => PostAnswer = (subscriberId) =>
    this.lasting.get(subscriberId) ?? success;
  /** Makes a worker for each batch: called before and after each of its steps, and throws from the moment that it dies. */
  worker: () => () => void = () => () => {};

  private time = this.startedAt;
  private batches = 0;
  private readonly queue: Message[] = [];
  private messages = 0;
  private breathe: () => void = () => {};
  private readonly scripts = new Map<string, PostAnswer[]>();
  private readonly lasting = new Map<string, PostAnswer>();

  now(): number {
    return this.time;
  }

  subscribe(subscriber: Subscriber): void {
    this.subscribers.items.set(subscriber.subscriberId, subscriber);
    this.secrets.set(subscriber.subscriberId, [aNewSecret()]);
  }

  subscriber(subscriberId: string): Subscriber {
    const found = this.subscribers.items.get(subscriberId);
    if (!found) throw new Error(`there is no subscriber ${subscriberId}`);
    return found;
  }

  answers(subscriberId: string, ...answers: PostAnswer[]): void {
    this.scripts.set(subscriberId, answers);
  }

  always(subscriberId: string, answer: PostAnswer): void {
    this.lasting.set(subscriberId, answer);
  }

  /** Fans notices out as fan-out-notice does, again where its worker has died. */
  async publish(...notices: object[]): Promise<void> {
    let messages = notices.map((notice, index) => messageOf(`notice-${index}`, JSON.stringify(notice)));
    while (messages.length > 0) {
      this.breathe = this.worker();
      const results = await fanOutNotices(messages, {
        subscribers: this.mortal(() => this.subscribers.all()),
        queue: { send: this.mortal((deliveries) => this.send(deliveries)) },
        deadLetters: this.deadLetterQueue(),
        now: () => this.time,
      }).catch(() => new Map<string, never>());
      messages = messages.filter(({ messageId }) => {
        const result = results.get(messageId);
        return !result || afterFanOut[result.kind] === "deliver again";
      });
    }
  }

  enqueue(body: string, delayMs = 0): void {
    this.messages += 1;
    const visibleAt = this.time + delayMs;
    const messageId = `m-${this.messages}`;
    this.queue.push({ messageId, body, visibleAt, receives: 0, sinceBatch: this.batches });
  }

  /** One batch of what can be received now, if there is any. */
  async step(): Promise<void> {
    const batch = this.receive();
    if (batch.length === 0) return;
    let results = new Map<string, Delivered>();
    this.breathe = this.worker();
    try {
      results = await deliverNotices(
        batch.map(({ messageId, body }) => messageOf(messageId, body)),
        this.steps(batch),
      );
      this.breathe();
    } catch {
      // The worker is dead: whatever it has not told the queue did not happen for the queue.
      results = new Map();
    }
    this.lastResults = [...results.values()];
    for (const message of batch) {
      const result = results.get(message.messageId);
      if (!result || afterDelivery[result.kind] !== "delete") continue;
      this.queue.splice(this.queue.indexOf(message), 1);
      if (this.doubles()) this.enqueue(message.body);
    }
    this.redrive();
  }

  /** Goes on until the queue is empty, or nothing of it can be received within that time. */
  async drain(forMs = days(30)): Promise<void> {
    const until = this.time + forMs;
    while (this.queue.length > 0) {
      const next = Math.min(...this.queue.map(({ visibleAt }) => visibleAt));
      if (next > until) break;
      this.time = Math.max(this.time, next);
      await this.step();
    }
    if (this.queue.length > 0) this.time = Math.max(this.time, until);
  }

  /** How many messages the queue holds. */
  waiting(): number {
    return this.queue.length;
  }

  /** What an endpoint has taken with 2xx, by its own check of the signature; doubled where it came twice. */
  verified(subscriberId: string): ToldNotice[] {
    return this.posts
      .filter((post) => post.subscriberId === subscriberId && isSuccess(post.answer))
      .map(({ message }) => message.body)
      .map((body) => JSON.parse(body));
  }

  dead(): NoticeDelivery[] {
    return this.deadLetters.map(({ body }) => {
      const reading = readDelivery(body);
      if (reading.kind === "unusable") throw new Error(reading.why);
      return reading.message;
    });
  }

  private receive(): Message[] {
    const visible = this.queue.filter(({ visibleAt }) => visibleAt <= this.time);
    const batch: Message[] = [];
    while (batch.length < batchSize && visible.length > 0)
      batch.push(...visible.splice(Math.floor(this.order() * visible.length), 1));
    for (const message of batch) {
      message.receives += 1;
      message.visibleAt = this.time + hiddenMs;
      this.receives += 1;
    }
    if (batch.length > 0) this.batches += 1;
    return batch;
  }

  private redrive(): void {
    for (const message of this.queue.filter(({ receives }) => receives >= mostReceives)) {
      this.queue.splice(this.queue.indexOf(message), 1);
      this.deadLetters.push({ body: message.body, why: "received too often" });
    }
  }

  private steps(batch: Message[]): DeliverSteps {
    const { subscribers } = this;
    return {
      subscribers: {
        look: this.mortal((ids) => subscribers.look(ids)),
        succeeded: this.mortal((id) => subscribers.succeeded(id)),
        failed: this.mortal((id, why, now) => subscribers.failed(id, why, now)),
        hold: this.mortal((seen, until) => subscribers.hold(seen, until)),
        disable: this.mortal((id, reason, now) => subscribers.disable(id, reason, now)),
      },
      secretsOf: async (id) => {
        const secrets = this.secrets.get(id);
        if (!secrets) throw new Error("no secret");
        return secrets;
      },
      poster: { post: this.mortal(async ({ url }, message) => this.post(url, message, batch)) },
      queue: { send: this.mortal((deliveries) => this.send(deliveries)) },
      deadLetters: this.deadLetterQueue(),
      report: (subscriberId, reason) => void this.reports.push({ subscriberId, reason }),
      now: () => this.time,
      random: () => this.random(),
      schedule: { firstMs: seconds(5), longestMs: minutes(60), forMs: days(1) },
      rules: { ports: [443], mayBeLocal: false },
      userAgent: "contact-automation/test",
    };
  }

  /** Tells the subscribers apart by their secrets, as nobody else can have signed. */
  private post(_url: URL, message: Post, batch: Message[]): PostAnswer {
    const [subscriberId = ""] = [...this.secrets].find(([, secrets]) => isSigned(message, secrets)) ?? [];
    const notice = JSON.parse(message.body) as ToldNotice;
    const answer = this.scripts.get(subscriberId)?.shift() ?? this.behaviour(subscriberId, notice);
    const of = batch.find(({ body }) => {
      const reading = readDelivery(body);
      return (
        reading.kind === "message" &&
        reading.message.subscriberId === subscriberId &&
        reading.message.notice.noticeId === notice.noticeId
      );
    });
    const reading = readDelivery(of?.body ?? "");
    this.posts.push({
      subscriberId,
      message,
      answer,
      at: this.time,
      batch: this.batches,
      tries: reading.kind === "message" ? reading.message.tries : -1,
      batchesWaited: this.batches - 1 - (of?.sinceBatch ?? 0),
    });
    return answer;
  }

  private async send(deliveries: NoticeDelivery[]): Promise<boolean[]> {
    for (const delivery of deliveries) {
      const dueAt = delivery.dueAt === undefined ? this.time : Date.parse(delivery.dueAt);
      this.enqueue(JSON.stringify(delivery), seconds(delaySecondsUntil(dueAt, this.time)));
    }
    return deliveries.map(() => true);
  }

  private deadLetterQueue() {
    return {
      put: this.mortal(async ({ body }: Delivery, why: string) => void this.deadLetters.push({ body, why })),
    };
  }

  private mortal<Args extends unknown[], Result>(
    work: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result> {
    return async (...args) => {
      this.breathe();
      const result = await work(...args);
      this.breathe();
      return result;
    };
  }
}

const messageOf = (messageId: string, body: string): Delivery => ({ messageId, body, redelivered: false });

const isSuccess = (answer: PostAnswer): boolean =>
  answer.kind === "answered" && answer.status >= 200 && answer.status < 300;

/** By the signature alone: the world has a clock of its own, and the library only the machine's. */
function isSigned({ headers, body }: Post, secrets: string[]): boolean {
  const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
  const passed = (headers["webhook-signature"] ?? "").split(" ");
  return secrets.some((secret) =>
    passed.includes(new Webhook(secret).sign(headers["webhook-id"] ?? "", at, body)),
  );
}
