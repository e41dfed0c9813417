import type { AnsweringMachineDetectionStatus } from "@aws-sdk/client-connect";
import type { Channel } from "../instance/instance.ts";

export type ContactState =
  | "INITIATED"
  | "CONNECTED_TO_SYSTEM"
  | "QUEUED"
  | "CONNECTED_TO_AGENT"
  | "DISCONNECTED"
  | "COMPLETED";

export type InitiationMethod = "API" | "INBOUND" | "OUTBOUND" | "TRANSFER" | "QUEUE_TRANSFER" | "CALLBACK";

/** What a contact still has before it, earliest first. `at`: simulated milliseconds since the epoch. */
export type PlannedStep = { readonly at: number } & (
  | { readonly kind: "CONNECTED_TO_SYSTEM"; readonly detection?: AnsweringMachineDetectionStatus | undefined }
  | { readonly kind: "QUEUED" | "PATIENCE_ENDS" | "ACCEPTED" | "MISSED" }
  | { readonly kind: "CONNECTED_TO_AGENT" | "ON_HOLD" | "OFF_HOLD" | "CONSULTED" | "TRANSFERRED" }
  | {
      readonly kind: "DISCONNECTED";
      readonly reason: string;
      readonly detection?: AnsweringMachineDetectionStatus | undefined;
    }
  | { readonly kind: "COMPLETED" | "RECORD" }
);

type Reference = {
  Type: "URL" | "NUMBER" | "STRING" | "DATE" | "EMAIL";
  Value: string | null;
};

/** Times are simulated milliseconds since the epoch, null until they come. */
export type Contact = {
  readonly contactId: string;
  readonly instanceId: string;
  /** Counts from 0; with the seed it decides every draw of this call. */
  readonly ordinal: number;
  readonly channel: Channel;
  readonly initiationMethod: InitiationMethod;
  /** The first contact of the chain, whose attributes are the chain's; null when this is it. */
  readonly initialContactId: string | null;
  readonly previousContactId: string | null;
  nextContactId: string | null;
  readonly clientToken: string | null;
  /** The customer's number, whoever called whom. */
  readonly destination: string;
  readonly source: string;
  readonly contactFlowId: string;
  readonly queueId: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly references: Readonly<Record<string, Reference>>;
  readonly relatedContactId: string | null;
  readonly trafficType: "GENERAL" | "CAMPAIGN";
  readonly campaignId: string | null;
  readonly machineDetection: boolean;
  readonly ringTimeoutSeconds: number;
  /** The customer waits in the queue for as long as it takes. */
  readonly patient: boolean;
  readonly initiatedAt: number;
  attributes: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  state: ContactState;
  /** A callback that is not yet queued. */
  scheduled: boolean;
  connectedAt: number | null;
  enqueuedAt: number | null;
  dequeuedAt: number | null;
  /** The agent whose telephone rings for it. */
  offeredTo: string | null;
  offers: number;
  agentConnectedAt: number | null;
  agentId: string | null;
  onHoldSince: number | null;
  holds: number;
  holdMs: number;
  longestHoldMs: number;
  disconnectedAt: number | null;
  disconnectReason: string | null;
  transferredAt: number | null;
  completedAt: number | null;
  detectionStatus: AnsweringMachineDetectionStatus | null;
  lastUpdateAt: number;
  ahead: PlannedStep[];
  /** A contact record is due or under way; cleared once it has been handed over. */
  recordOwed: boolean;
};

type NewContact = Pick<
  Contact,
  | "contactId"
  | "instanceId"
  | "ordinal"
  | "initiationMethod"
  | "destination"
  | "source"
  | "contactFlowId"
  | "queueId"
  | "initiatedAt"
> &
  Partial<Contact>;

export const newContact = (given: NewContact): Contact => ({
  channel: "VOICE",
  initialContactId: null,
  previousContactId: null,
  nextContactId: null,
  clientToken: null,
  name: null,
  description: null,
  references: {},
  relatedContactId: null,
  trafficType: "GENERAL",
  campaignId: null,
  machineDetection: false,
  ringTimeoutSeconds: 60,
  patient: false,
  attributes: {},
  tags: {},
  state: "INITIATED",
  scheduled: false,
  connectedAt: null,
  enqueuedAt: null,
  dequeuedAt: null,
  offeredTo: null,
  offers: 0,
  agentConnectedAt: null,
  agentId: null,
  onHoldSince: null,
  holds: 0,
  holdMs: 0,
  longestHoldMs: 0,
  disconnectedAt: null,
  disconnectReason: null,
  transferredAt: null,
  completedAt: null,
  detectionStatus: null,
  lastUpdateAt: given.initiatedAt,
  ahead: [],
  recordOwed: false,
  ...given,
});

/** The way a contact is shown at `GET /_sim/contacts`; times are ISO 8601. */
export type ContactView = {
  contactId: string;
  instanceId: string;
  initiationMethod: InitiationMethod;
  clientToken: string | null;
  destination: string;
  queueId: string;
  agentId: string | null;
  attributes: Readonly<Record<string, string>>;
  state: ContactState;
  initiatedAt: string;
  connectedAt: string | null;
  enqueuedAt: string | null;
  agentConnectedAt: string | null;
  disconnectedAt: string | null;
  disconnectReason: string | null;
};

export const isLive = (contact: Contact): boolean => contact.disconnectedAt === null;

export const isInQueue = (contact: Contact): boolean =>
  contact.enqueuedAt !== null && contact.dequeuedAt === null;

/** Counts against the concurrent active calls: voice, and not a callback that still waits for its time. */
export const isActiveCall = (contact: Contact): boolean =>
  isLive(contact) && contact.channel === "VOICE" && !contact.scheduled;

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

export const viewOf = (contact: Contact): ContactView => ({
  contactId: contact.contactId,
  instanceId: contact.instanceId,
  initiationMethod: contact.initiationMethod,
  clientToken: contact.clientToken,
  destination: contact.destination,
  queueId: contact.queueId,
  agentId: contact.agentId,
  attributes: contact.attributes,
  state: contact.state,
  initiatedAt: iso(contact.initiatedAt),
  connectedAt: isoOrNull(contact.connectedAt),
  enqueuedAt: isoOrNull(contact.enqueuedAt),
  agentConnectedAt: isoOrNull(contact.agentConnectedAt),
  disconnectedAt: isoOrNull(contact.disconnectedAt),
  disconnectReason: contact.disconnectReason,
});
