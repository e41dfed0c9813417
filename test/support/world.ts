import type {
  ContactFacts,
  Description,
  DialAnswer,
  StopAnswer,
  WriteAnswer,
} from "../../lib/connect/contact-centre.ts";
import type { CallRecord, DialOrder } from "../../lib/contacts/call-record.ts";
import { iso } from "../../lib/contacts/contacts.ts";
import type { Delivery } from "../../lib/contacts/delivery.ts";
import type { AttributeUpdates } from "../../lib/contacts/hand-over.ts";
import { type Release, type Released, releaseDue } from "../../lib/contacts/release-due.ts";
import { type Started, type StartSteps, startContacts } from "../../lib/contacts/start-contact.ts";
import {
  type Stopped,
  type StopRequests,
  type StopSteps,
  stopContacts,
} from "../../lib/contacts/stop-contact.ts";
import { type Tracked, type TrackSteps, trackContacts } from "../../lib/contacts/track-contact.ts";
import { type Updated, type UpdateSteps, updateAttributes } from "../../lib/contacts/update-attributes.ts";
import type { Notice, StateNotice, UpdateRefusedNotice } from "../../lib/notices/notice.ts";
import type { Pace } from "../../lib/pacing/pacer.ts";
import type { RateLimit } from "../../lib/pacing/rate.ts";
import { aDelivery, seconds, somePatience } from "./builders.ts";
import { ContactsInMemory } from "./contacts-in-memory.ts";
import { PacerInMemory } from "./pacer-in-memory.ts";

/** How Connect meets one dial: `lost` places the call and loses the answer. */
export type ConnectDoes = DialAnswer | "places" | "lost";

export interface WorldOptions {
  pace?: Pace;
  /** For the dials in their order; afterwards every call is placed. */
  connect?: ConnectDoes[];
}

export class Killed extends Error {}

/** Everything around the stories, in memory, on a clock that only moves when told to. */
export class World {
  time = Date.parse("2026-11-24T12:00:00Z");
  readonly contacts = new ContactsInMemory();
  readonly pacer: PacerInMemory;
  /** Every dial that reached Connect, in order. */
  readonly dials: DialOrder[] = [];
  /** What Connect knows, by contact. */
  readonly placed = new Map<string, ContactFacts & { clientToken: string }>();
  /** Of call requests. */
  readonly notices: StateNotice[] = [];
  /** Of attribute updates. */
  readonly refusals: UpdateRefusedNotice[] = [];
  readonly deadLetters: { delivery: Delivery; why: string }[] = [];
  readonly released: Release[] = [];
  /** What the service has put into `stop-requests`. */
  readonly stops: Parameters<StopRequests["send"]>[0] = [];
  /** In the order in which Connect ended them. */
  readonly stoppedContacts: string[] = [];
  /** For the next stops in their order; afterwards Connect does as it is asked. */
  readonly stopAnswers: StopAnswer[] = [];
  stopSlots: ((count: number) => number[]) | undefined;
  stopQueueFails = false;
  /** What the service has put into `attribute-updates.fifo`. */
  readonly sends: Parameters<AttributeUpdates["send"]>[0] = [];
  updateQueueFails = false;
  /** Every UpdateContactAttributes that reached Connect, in order. */
  readonly writes: { contactId: string; attributes: Record<string, string> }[] = [];
  /** For the next of them in their order; afterwards Connect does as it is asked. `lost` writes, and loses the answer. */
  readonly writeAnswers: (WriteAnswer | "lost")[] = [];
  /** Attributes that Connect takes from nobody. */
  refuses: ((attributes: Record<string, string>) => boolean) | undefined;
  /** How often UpdateContactAttributes was asked for. */
  asked = 0;
  /** What happens elsewhere while Connect writes, for the next of them in their order. */
  readonly duringWrites: (() => Promise<unknown>)[] = [];
  updateSlots: ((count: number) => number[]) | undefined;
  /** What happens elsewhere while workers wait for their slots, in that order. */
  readonly whileWaiting: (() => Promise<unknown>)[] = [];
  /** What happens elsewhere between the claim and Connect's answer, for the next dials in their order. */
  readonly duringDials: (() => Promise<unknown>)[] = [];
  noticesFail = false;
  lookupFails = false;
  private readonly script: ConnectDoes[];
  private randoms = 0;
  private publicationsUntilFailure = 0;

  constructor({
    pace = { ratePerSecond: 100, burst: 100, activeCalls: 100 },
    connect = [],
  }: WorldOptions = {}) {
    this.pacer = new PacerInMemory(pace, () => this.time);
    this.script = [...connect];
  }

  /** @param killAt the step, counted from 0, at which the worker dies: before its effect, or after it where `.5` is added */
  start(deliveries: Delivery[], { killAt, forMs = seconds(30) }: { killAt?: number; forMs?: number } = {}) {
    const steps = mortal(this.startSteps(), killAt);
    return startContacts(deliveries, steps, this.time + forMs);
  }

  async startOne(body: unknown, fields: Partial<Delivery> = {}): Promise<Started> {
    const delivery = aDelivery(body, fields);
    const result = (await this.start([delivery])).get(delivery.messageId);
    if (!result) throw new Error("the delivery has no result");
    return result;
  }

  track(...bodies: unknown[]): Promise<Tracked[]> {
    return this.trackAll(bodies.map((body) => aDelivery(body)));
  }

  /** The same message once more, as SQS delivers it when it was not deleted. */
  trackAgain(body: unknown): Promise<Tracked[]> {
    return this.trackAll([aDelivery(body, { redelivered: true })]);
  }

  async trackAll(deliveries: Delivery[]): Promise<Tracked[]> {
    const results = await trackContacts(deliveries, this.trackSteps());
    return deliveries.map(
      ({ messageId }) => results.get(messageId) ?? { kind: "failed", error: "no result" },
    );
  }

  async stop(body: unknown, forMs = seconds(30)): Promise<Stopped> {
    const delivery = aDelivery(body);
    const results = await stopContacts([delivery], this.stopSteps(), this.time + forMs);
    return results.get(delivery.messageId) ?? { kind: "failed", error: "no result" };
  }

  /** Delivers one batch of `attribute-updates.fifo`. */
  async update(...bodies: unknown[]): Promise<Updated[]> {
    return this.updateAll(bodies.map((body) => aDelivery(body)));
  }

  async updateAll(
    deliveries: Delivery[],
    { killAt, forMs = seconds(30) }: { killAt?: number; forMs?: number } = {},
  ): Promise<Updated[]> {
    const steps = mortal(this.updateSteps(), killAt);
    const results = await updateAttributes(deliveries, steps, this.time + forMs);
    return deliveries.map(
      ({ messageId }) => results.get(messageId) ?? { kind: "failed", error: "no result" },
    );
  }

  /** Delivers what the service has handed over to the queue of updates, one batch after the other, until there is nothing. */
  async deliverSends(): Promise<void> {
    for (let sends = this.sends.splice(0, 10); sends.length > 0; sends = this.sends.splice(0, 10))
      await this.update(...sends.map(({ body }) => body));
  }

  /** Delivers the stops that the service has handed over to its own queue, until there are none. */
  async deliverStops(): Promise<void> {
    for (let stops = this.stops.splice(0); stops.length > 0; stops = this.stops.splice(0)) {
      for (const { stop } of stops) await this.stop(stop);
    }
  }

  release(): Promise<Released> {
    const callRequests = { send: async (releases: Release[]) => void this.released.push(...releases) };
    return releaseDue({ ...this.trackSteps(), pacer: this.pacer, callRequests }, this.time + seconds(30));
  }

  advance(ms: number): void {
    this.time += ms;
  }

  /** The distinct notices, in order, as state and attempt. */
  told(): [string, number | undefined][] {
    const distinct = new Map(this.notices.map((notice) => [notice.noticeId, notice]));
    return [...distinct.values()].map(({ state, attempt }) => [state, attempt]);
  }

  async record(requestId: string): Promise<CallRecord> {
    const record = (await this.contacts.look([requestId])).get(requestId);
    if (!record) throw new Error(`no record of ${requestId}`);
    return record;
  }

  async state(requestId: string): Promise<string> {
    return (await this.record(requestId)).state;
  }

  /** The contact that a dial became; `undefined` for none. */
  contactOf(attemptId: string): string | undefined {
    return [...this.placed.values()].find(({ attributes }) => attributes["attemptId"] === attemptId)
      ?.contactId;
  }

  /** Ends a call at Connect; the event is for the test to send. */
  hangUp(contactId: string, facts: Partial<ContactFacts> = {}): void {
    const contact = this.placed.get(contactId);
    if (contact) this.placed.set(contactId, { ...contact, disconnectedAt: iso(this.time), ...facts });
  }

  startSteps(): StartSteps {
    return {
      contacts: this.contacts,
      pacer: this.pacer,
      dialler: {
        dial: async (order) => {
          await this.duringDials.shift()?.();
          return this.dial(order);
        },
      },
      notices: { publish: async (notices) => this.publish(notices) },
      stopRequests: this.stopRequests(),
      attributeUpdates: this.attributeUpdates(),
      deadLetters: { put: async (delivery, why) => void this.deadLetters.push({ delivery, why }) },
      now: () => this.time,
      until: async (at) => {
        await this.whileWaiting.shift()?.();
        this.time = Math.max(this.time, at);
      },
      random: () => {
        this.randoms += 1;
        return `random-${this.randoms}`;
      },
      defaults: { contactFlowId: "flow", queueId: "queue" },
      patience: somePatience,
    };
  }

  trackSteps(): TrackSteps {
    return {
      contacts: this.contacts,
      pacer: this.pacer,
      lookup: { describe: async (contactId) => this.describe(contactId) },
      notices: { publish: async (notices) => this.publish(notices) },
      stopRequests: this.stopRequests(),
      attributeUpdates: this.attributeUpdates(),
      instanceId: "instance",
      now: () => this.time,
      patience: somePatience,
    };
  }

  /** What stops and updates touch alike. @param slots what the rate gives; all moments are now where it is missing */
  private pacedSteps(slots: ((count: number) => number[]) | undefined) {
    const { contacts, notices, lookup, now, patience } = this.trackSteps();
    const { deadLetters, until } = this.startSteps();
    const rate: RateLimit = {
      take: async (count) => slots?.(count) ?? Array(count).fill(this.time),
      pushBack: async () => {},
    };
    return { contacts, notices, lookup, now, patience, deadLetters, until, rate };
  }

  stopSteps(): StopSteps {
    return {
      ...this.pacedSteps(this.stopSlots),
      stopper: { stop: async (contactId) => this.stopAtConnect(contactId) },
      stopRequests: this.stopRequests(),
    };
  }

  updateSteps(): UpdateSteps {
    return {
      ...this.pacedSteps(this.updateSlots),
      writer: {
        write: async (contactId, attributes) => {
          await this.duringWrites.shift()?.();
          return this.writeAtConnect(contactId, attributes);
        },
      },
      attributeUpdates: this.attributeUpdates(),
    };
  }

  private attributeUpdates(): AttributeUpdates {
    return {
      send: async (messages) => {
        if (this.updateQueueFails) throw new Error("the queue of updates cannot be reached");
        this.sends.push(...messages);
      },
    };
  }

  private writeAtConnect(contactId: string, attributes: Record<string, string>): WriteAnswer {
    this.asked += 1;
    const scripted = this.writeAnswers.shift();
    if (scripted && scripted !== "lost") return scripted;
    if (this.refuses?.(attributes))
      return { kind: "refused", reason: "InvalidParameterException", gone: false };
    const contact = this.placed.get(contactId);
    if (!contact) return { kind: "refused", reason: "ResourceNotFoundException", gone: true };
    this.writes.push({ contactId, attributes });
    this.placed.set(contactId, { ...contact, attributes: { ...contact.attributes, ...attributes } });
    return scripted === "lost" ? { kind: "unclear" } : { kind: "written" };
  }

  private stopRequests(): StopRequests {
    return {
      send: async (stops) => {
        if (this.stopQueueFails) throw new Error("the queue of stops cannot be reached");
        this.stops.push(...stops);
      },
    };
  }

  private stopAtConnect(contactId: string): StopAnswer {
    const scripted = this.stopAnswers.shift();
    if (scripted) return scripted;
    const contact = this.placed.get(contactId);
    if (!contact || contact.disconnectedAt) return "over";
    this.stoppedContacts.push(contactId);
    const disconnectReason = contact.connectedAt ? "OTHER" : "TELECOM_ORIGINATOR_CANCEL";
    this.hangUp(contactId, { disconnectReason });
    return "stopped";
  }

  private dial(order: DialOrder): DialAnswer {
    const does = this.script.shift() ?? "places";
    if (typeof does === "object" && does.kind !== "accepted") {
      if (does.kind === "unclear") this.dials.push(order);
      return does;
    }
    this.dials.push(order);
    const contactId = `contact-${this.dials.length}`;
    const { attributes, clientToken } = order;
    this.placed.set(contactId, { contactId, initiationMethod: "API", attributes, clientToken });
    return does === "lost" ? { kind: "unclear", reason: "TimeoutError" } : { kind: "accepted", contactId };
  }

  private describe(contactId: string): Description {
    if (this.lookupFails) return { kind: "not-now" };
    const contact = this.placed.get(contactId);
    return contact ? { kind: "found", contact } : { kind: "not-found" };
  }

  /** The n-th publication from now fails, counted from 1. */
  failNotice(nth: number): void {
    this.publicationsUntilFailure = nth;
  }

  private publish(notices: Notice[]): Set<string> {
    this.publicationsUntilFailure -= 1;
    if (this.noticesFail || this.publicationsUntilFailure === 0)
      return new Set(notices.map(({ noticeId }) => noticeId));
    for (const notice of notices) {
      if (notice.type === "update-refused") this.refusals.push(notice);
      else if (notice.type !== "user-changed") this.notices.push(notice);
    }
    return new Set();
  }
}

/** The same steps, for a worker that dies at one of them: from then on it can touch nothing. */
function mortal<Steps extends object>(steps: Steps, killAt: number | undefined): Steps {
  if (killAt === undefined) return steps;
  let step = 0;
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const member = Reflect.get(object, name);
        if (typeof member !== "function") return member;
        return async (...args: unknown[]) => {
          const at = step;
          step += 1;
          if (at >= Math.ceil(killAt)) throw new Killed();
          const result: unknown = await Reflect.apply(member, object, args);
          if (at + 0.5 === killAt) throw new Killed();
          return result;
        };
      },
    });
  const touched = Object.entries(steps).map(([name, step]) =>
    touching.has(name) ? [name, wrap(step as object)] : [name, step],
  );
  return Object.fromEntries(touched) as Steps;
}

/** The steps that reach outside of the worker. */
const touching = new Set(["contacts", "pacer", "dialler", "notices", "writer", "attributeUpdates"]);

/** A contact event in EventBridge's envelope. */
export function anEvent(eventType: string, contactId: string, detail: Record<string, unknown> = {}) {
  return {
    version: "0",
    id: `event-${eventType}-${contactId}`,
    "detail-type": "Amazon Connect Contact Event",
    source: "aws.connect",
    detail: {
      eventType,
      contactId,
      channel: "VOICE",
      initiationMethod: "API",
      instanceArn: "arn:aws:connect:us-east-1:111122223333:instance/instance",
      ...detail,
    },
  };
}

/** A contact record of a call that was not answered. `at`: LastUpdateTimestamp, epoch milliseconds. */
export function aContactRecord(
  contactId: string,
  attemptId: string,
  fields: { at: number; DisconnectReason: string },
) {
  return {
    AWSContactTraceRecordFormatVersion: "2017-03-10",
    ContactId: contactId,
    InstanceARN: "arn:aws:connect:us-east-1:111122223333:instance/instance",
    InitiationMethod: "API",
    Channel: "VOICE",
    ConnectedToSystemTimestamp: null,
    DisconnectTimestamp: iso(fields.at),
    DisconnectReason: fields.DisconnectReason,
    LastUpdateTimestamp: iso(fields.at),
    Agent: null,
    Attributes: { attemptId },
  };
}
