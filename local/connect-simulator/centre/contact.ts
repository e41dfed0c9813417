import type { AnsweringMachineDetectionStatus } from "@aws-sdk/client-connect";

export type ContactState =
  | "INITIATED"
  | "CONNECTED_TO_SYSTEM"
  | "QUEUED"
  | "CONNECTED_TO_AGENT"
  | "DISCONNECTED"
  | "COMPLETED";

/** What a contact still has before it. `at`: simulated milliseconds since the epoch. */
export type PlannedStep = { kind: "RECORD"; at: number } | LifeStep;

export type LifeStep =
  | { kind: "QUEUED" | "COMPLETED"; at: number }
  | { kind: "CONNECTED_TO_SYSTEM"; at: number; detection: AnsweringMachineDetectionStatus }
  | { kind: "CONNECTED_TO_AGENT"; at: number; agentId: string }
  | { kind: "DISCONNECTED"; at: number; reason: string; detection?: AnsweringMachineDetectionStatus };

type Reference = {
  Type: "URL" | "NUMBER" | "STRING" | "DATE" | "EMAIL";
  Value: string | null;
};

/** Times are simulated milliseconds since the epoch, null until they come. */
export type Contact = {
  readonly contactId: string;
  /** Counts from 0; with the seed it decides every draw of this call. */
  readonly ordinal: number;
  readonly clientToken: string | null;
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
  readonly initiatedAt: number;
  attributes: Readonly<Record<string, string>>;
  state: ContactState;
  connectedAt: number | null;
  enqueuedAt: number | null;
  agentConnectedAt: number | null;
  agentId: string | null;
  disconnectedAt: number | null;
  disconnectReason: string | null;
  completedAt: number | null;
  detectionStatus: AnsweringMachineDetectionStatus | null;
  lastUpdateAt: number;
  ahead: PlannedStep[];
  /** A contact record is due or under way; cleared once it has been handed over. */
  recordOwed: boolean;
};

/** The way a contact is shown at `GET /_sim/contacts`; times are ISO 8601. */
export type ContactView = {
  contactId: string;
  clientToken: string | null;
  destination: string;
  attributes: Readonly<Record<string, string>>;
  state: ContactState;
  initiatedAt: string;
  connectedAt: string | null;
  disconnectedAt: string | null;
  disconnectReason: string | null;
};

export const isLive = (contact: Contact): boolean => contact.disconnectedAt === null;

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

export const viewOf = (contact: Contact): ContactView => ({
  contactId: contact.contactId,
  clientToken: contact.clientToken,
  destination: contact.destination,
  attributes: contact.attributes,
  state: contact.state,
  initiatedAt: iso(contact.initiatedAt),
  connectedAt: isoOrNull(contact.connectedAt),
  disconnectedAt: isoOrNull(contact.disconnectedAt),
  disconnectReason: contact.disconnectReason,
});
