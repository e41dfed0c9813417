import type {
  ContactFacts,
  Description,
  DialAnswer,
  StopAnswer,
  WriteAnswer,
} from "../../lib/connect/contact-centre.ts";
import type { DialOrder } from "../../lib/contacts/call-record.ts";
import { iso } from "../../lib/contacts/contacts.ts";
import type { Pace } from "../../lib/pacing/pacer.ts";
import type { Hostility } from "../faults.ts";
import type { Random } from "../random.ts";
import type { Scheduler } from "../scheduler.ts";
import { Bucket } from "./bucket.ts";

/** For how long Connect knows a ClientToken: nobody can tell for sure, so the promises must hold under each. */
export const tokenRules = ["none", "live-call", "seven-days"] as const;
export type TokenRule = (typeof tokenRules)[number];

export interface Contact {
  contactId: string;
  requestId: string;
  attemptId: string;
  attributes: Record<string, string>;
  startedAt: number;
  connectedAt?: number;
  agentConnectedAt?: number;
  endedAt?: number;
  reason?: string;
  /** Something of it got out of Connect: an answer, an event or a contact record. */
  known: boolean;
}

const tokenLifeMs = 7 * 86_400_000;
/** So long Connect may say that it does not know a contact that it has just named. */
const settlesInMs = 1_000;
/** Connect takes this attribute from nobody. */
export const refusedAttribute = "refused-by-connect";

type Course = { ringMs: number; reason: string; answered?: "flow" | "agent"; talkMs?: number };

export interface ConnectOptions {
  pace: Pace;
  tokenRule: TokenRule;
  hostility: Hostility;
  /** Of the calls, one may last until everything is over. */
  endless: boolean;
  emit(body: string, queue: "contact-events" | "contact-records", at: number): void;
}

/** Amazon Connect: calls that ring, are answered and end, quotas, tokens, and events that are best effort. */
export class Connect {
  readonly contacts: Contact[] = [];
  /** A dial came with the token of a call that was begun: until then the rule for tokens has not been asked. */
  knownTokenCame = false;
  private readonly byId = new Map<string, Contact>();
  private readonly tokens = new Map<string, Contact>();
  private readonly clock: Scheduler;
  private readonly random: Random;
  private readonly options: ConnectOptions;
  private readonly quota: Bucket;
  private endlessLeft: number;

  constructor(clock: Scheduler, random: Random, options: ConnectOptions) {
    this.clock = clock;
    this.random = random;
    this.options = options;
    this.quota = new Bucket(options.pace.ratePerSecond, options.pace.burst);
    this.endlessLeft = options.endless ? 1 : 0;
  }

  /** StartOutboundVoiceContact, as it arrives. */
  dial(order: DialOrder, isCalm: boolean): DialAnswer {
    const { now } = this.clock;
    const { hostility, pace } = this.options;
    if (!this.quota.take(now)) return { kind: "not-now", why: "rate" };
    if (!isCalm && hostility.throttled > 0 && this.random.chance(hostility.throttled))
      return { kind: "not-now", why: this.random.chance(0.7) ? "rate" : "active-calls" };
    if (!isCalm && hostility.notAuthorised > 0 && this.random.chance(hostility.notAuthorised))
      return { kind: "not-now", why: "not-authorised" };
    if (!isCalm && hostility.refused > 0 && this.random.chance(hostility.refused))
      return { kind: "refused", reason: "DestinationNotAllowedException" };
    const known = this.tokens.get(order.clientToken);
    if (known) this.knownTokenCame = true;
    if (known && this.remembers(known)) return { kind: "accepted", contactId: known.contactId };
    if (this.live().length >= pace.activeCalls) return { kind: "not-now", why: "active-calls" };
    const contact = this.begin(order);
    return { kind: "accepted", contactId: contact.contactId };
  }

  stop(contactId: string): StopAnswer {
    const contact = this.byId.get(contactId);
    if (!contact || contact.endedAt !== undefined) return "over";
    this.end(contact, contact.connectedAt === undefined ? "TELECOM_ORIGINATOR_CANCEL" : "OTHER");
    return "stopped";
  }

  write(contactId: string, attributes: Record<string, string>, isCalm: boolean): WriteAnswer {
    const contact = this.byId.get(contactId);
    const isNew = contact !== undefined && this.clock.now - contact.startedAt < settlesInMs;
    if (!contact || (isNew && !isCalm && this.random.chance(0.2)))
      return { kind: "refused", reason: "ResourceNotFoundException", gone: true };
    if (refusedAttribute in attributes)
      return { kind: "refused", reason: "InvalidParameterException", gone: false };
    contact.attributes = { ...contact.attributes, ...attributes };
    return { kind: "written" };
  }

  describe(contactId: string): Description {
    const contact = this.byId.get(contactId);
    return contact ? { kind: "found", contact: factsOf(contact) } : { kind: "not-found" };
  }

  live(): Contact[] {
    return this.contacts.filter(({ endedAt }) => endedAt === undefined);
  }

  hangUpAll(): void {
    for (const contact of this.live()) this.end(contact, "CUSTOMER_DISCONNECT");
  }

  private remembers(contact: Contact): boolean {
    const { tokenRule } = this.options;
    if (tokenRule === "seven-days") return this.clock.now - contact.startedAt < tokenLifeMs;
    return tokenRule === "live-call" && contact.endedAt === undefined;
  }

  private begin({ attributes, clientToken }: DialOrder): Contact {
    const attemptId = attributes["attemptId"] ?? "";
    const contact: Contact = {
      contactId: `contact-${this.contacts.length + 1}`,
      requestId: attemptId.slice(0, attemptId.lastIndexOf("#")),
      attemptId,
      attributes,
      startedAt: this.clock.now,
      known: false,
    };
    this.contacts.push(contact);
    this.byId.set(contact.contactId, contact);
    this.tokens.set(clientToken, contact);
    if (this.random.chance(0.5)) this.tell(contact, "INITIATED");
    this.run(contact, this.courseOf());
    return contact;
  }

  private courseOf(): Course {
    const { random } = this;
    const ringMs = random.between(500, 15_000);
    if (this.endlessLeft > 0 && random.chance(0.5)) {
      this.endlessLeft -= 1;
      return { ringMs, reason: "", answered: "agent", talkMs: Number.POSITIVE_INFINITY };
    }
    const draw = random.next();
    if (draw < 0.25) return { ringMs, reason: "TELECOM_BUSY" };
    if (draw < 0.5) return { ringMs, reason: "TELECOM_UNANSWERED" };
    if (draw < 0.53) return { ringMs: 200, reason: "TELECOM_NUMBER_INVALID" };
    if (draw < 0.56) return { ringMs: 200, reason: "TELECOM_PROBLEM" };
    const talkMs = random.pick([800, 10_000, 10_000, 50_000]);
    return { ringMs, reason: "CUSTOMER_DISCONNECT", answered: draw < 0.7 ? "flow" : "agent", talkMs };
  }

  private run(contact: Contact, { ringMs, reason, answered, talkMs = 0 }: Course): void {
    const { clock } = this;
    const unlessOver = (happen: () => void) => () => {
      if (contact.endedAt === undefined) happen();
    };
    clock.after(
      ringMs,
      unlessOver(() => {
        if (!answered) {
          this.end(contact, reason);
          return;
        }
        contact.connectedAt = clock.now;
        this.tell(contact, "CONNECTED_TO_SYSTEM");
        if (answered === "agent") contact.agentConnectedAt = clock.now;
        if (Number.isFinite(talkMs))
          clock.after(
            talkMs,
            unlessOver(() => this.end(contact, reason)),
          );
      }),
    );
  }

  private end(contact: Contact, reason: string): void {
    contact.endedAt = this.clock.now;
    contact.reason = reason;
    this.tell(contact, "DISCONNECTED");
    const { hostility, emit } = this.options;
    if (!hostility.stream) return;
    contact.known = true;
    const at = this.clock.now + this.random.between(2_000, 60_000);
    emit(contactRecordOf(contact, at), "contact-records", at);
    // At least once, and in a newer version.
    if (this.random.chance(hostility.eventDoubled))
      emit(contactRecordOf(contact, at), "contact-records", at + 50);
    if (this.random.chance(0.1)) emit(contactRecordOf(contact, at + 5_000), "contact-records", at + 5_000);
  }

  /** Best effort: it may be lost, come twice, late and in any order. */
  private tell(contact: Contact, eventType: string): void {
    const { random } = this;
    const { hostility, emit } = this.options;
    if (random.chance(hostility.eventLost)) return;
    contact.known = true;
    const body = eventOf(contact, eventType, !random.chance(hostility.eventLost / 3));
    const lateMs = random.chance(hostility.eventLate)
      ? random.between(1_000, 200_000)
      : random.between(50, 500);
    emit(body, "contact-events", this.clock.now + lateMs);
    if (random.chance(hostility.eventDoubled))
      emit(body, "contact-events", this.clock.now + random.between(50, 300_000));
  }
}

function factsOf(contact: Contact): ContactFacts {
  const { contactId, attributes, connectedAt, agentConnectedAt, endedAt, reason } = contact;
  return {
    contactId,
    initiationMethod: "API",
    attributes,
    disconnectReason: reason,
    connectedAt: connectedAt === undefined ? undefined : iso(connectedAt),
    agentConnectedAt: agentConnectedAt === undefined ? undefined : iso(agentConnectedAt),
    disconnectedAt: endedAt === undefined ? undefined : iso(endedAt),
  };
}

const instanceArn = "arn:aws:connect:us-east-1:111122223333:instance/instance";
export const instanceId = "instance";

const instantOf = (at: number | undefined): string | undefined => (at === undefined ? undefined : iso(at));

function eventOf(contact: Contact, eventType: string, withReason: boolean): string {
  const { contactId, connectedAt, agentConnectedAt, endedAt, reason } = contact;
  const isOver = eventType === "DISCONNECTED";
  return JSON.stringify({
    "detail-type": "Amazon Connect Contact Event",
    detail: {
      eventType,
      contactId,
      initiationMethod: "API",
      instanceArn,
      connectedToSystemTimestamp: instantOf(connectedAt),
      ...(agentConnectedAt !== undefined && {
        agentInfo: { connectedToAgentTimestamp: iso(agentConnectedAt) },
      }),
      ...(isOver && {
        disconnectTimestamp: instantOf(endedAt),
        disconnectReason: withReason ? reason : undefined,
      }),
    },
  });
}

function contactRecordOf(contact: Contact, at: number): string {
  const { contactId, attemptId, connectedAt, agentConnectedAt, endedAt, reason } = contact;
  return JSON.stringify({
    ContactId: contactId,
    InstanceARN: instanceArn,
    InitiationMethod: "API",
    ConnectedToSystemTimestamp: instantOf(connectedAt) ?? null,
    DisconnectTimestamp: instantOf(endedAt) ?? null,
    DisconnectReason: reason,
    LastUpdateTimestamp: iso(at),
    Agent: agentConnectedAt === undefined ? null : { ConnectedToAgentTimestamp: iso(agentConnectedAt) },
    Attributes: { attemptId },
  });
}
