import type { Contact } from "./contact.ts";
import type { Place } from "./place.ts";

export type ContactEventType =
  | "INITIATED"
  | "CONNECTED_TO_SYSTEM"
  | "CONTACT_DATA_UPDATED"
  | "QUEUED"
  | "CONNECTED_TO_AGENT"
  | "DISCONNECTED"
  | "COMPLETED";

/** Times are ISO 8601 in UTC with milliseconds. */
export type ContactEventDetail = {
  eventType: ContactEventType;
  contactId: string;
  initialContactId?: string;
  relatedContactId?: string;
  channel: string;
  instanceArn: string;
  initiationMethod: "API";
  initiationTimestamp: string;
  connectedToSystemTimestamp?: string;
  disconnectTimestamp?: string;
  disconnectReason?: string;
  queueInfo?: { queueArn: string; queueType: "STANDARD"; enqueueTimestamp: string };
  agentInfo?: {
    agentArn: string;
    connectedToAgentTimestamp: string;
    afterContactWorkStartTimestamp?: string;
    afterContactWorkEndTimestamp?: string;
    /** Seconds. */
    afterContactWorkDuration?: number;
  };
  updatedProperties?: string[];
  tags: Record<string, string>;
  answeringMachineDetectionStatus?: string;
  campaign?: { campaignId: string };
};

/** EventBridge's envelope, as a rule's target receives it. */
export type ContactEventEnvelope = {
  version: "0";
  id: string;
  "detail-type": "Amazon Connect Contact Event";
  source: "aws.connect";
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: ContactEventDetail;
};

export type NewContactEvent = {
  id: string;
  eventType: ContactEventType;
  /** Simulated milliseconds since the epoch. */
  at: number;
  updatedProperties?: string[];
};

const iso = (at: number): string => new Date(at).toISOString();

// EventBridge's `time` has whole seconds; rounded up, so that no event claims to be older than what it tells.
const isoSecond = (at: number): string => `${iso(Math.ceil(at / 1000) * 1000).slice(0, 19)}Z`;

function agentInfoOf(contact: Contact, place: Place): Pick<ContactEventDetail, "agentInfo"> {
  const { agentId, agentConnectedAt, disconnectedAt, completedAt } = contact;
  if (agentId === null || agentConnectedAt === null) return {};
  return {
    agentInfo: {
      agentArn: place.agentArn(agentId),
      connectedToAgentTimestamp: iso(agentConnectedAt),
      ...(disconnectedAt !== null &&
        completedAt !== null && {
          afterContactWorkStartTimestamp: iso(disconnectedAt),
          afterContactWorkEndTimestamp: iso(completedAt),
          afterContactWorkDuration: Math.round((completedAt - disconnectedAt) / 1000),
        }),
    },
  };
}

export function contactEvent(contact: Contact, event: NewContactEvent, place: Place): ContactEventEnvelope {
  return {
    version: "0",
    id: event.id,
    "detail-type": "Amazon Connect Contact Event",
    source: "aws.connect",
    account: place.accountId,
    time: isoSecond(event.at),
    region: place.region,
    resources: [place.contactArn(contact.contactId), place.instanceArn],
    detail: {
      eventType: event.eventType,
      contactId: contact.contactId,
      ...(contact.relatedContactId !== null && { relatedContactId: contact.relatedContactId }),
      channel: "VOICE",
      instanceArn: place.instanceArn,
      initiationMethod: "API",
      initiationTimestamp: iso(contact.initiatedAt),
      ...(contact.connectedAt !== null && { connectedToSystemTimestamp: iso(contact.connectedAt) }),
      ...(contact.disconnectedAt !== null && { disconnectTimestamp: iso(contact.disconnectedAt) }),
      ...(contact.disconnectReason !== null && { disconnectReason: contact.disconnectReason }),
      ...(contact.enqueuedAt !== null && {
        queueInfo: {
          queueArn: place.queueArn(contact.queueId),
          queueType: "STANDARD",
          enqueueTimestamp: iso(contact.enqueuedAt),
        },
      }),
      ...agentInfoOf(contact, place),
      ...(event.updatedProperties && { updatedProperties: event.updatedProperties }),
      tags: {
        "aws:connect:instanceId": place.instanceId,
        "aws:connect:systemEndpoint": contact.source,
      },
      ...(contact.detectionStatus !== null && { answeringMachineDetectionStatus: contact.detectionStatus }),
      ...(contact.campaignId !== null && { campaign: { campaignId: contact.campaignId } }),
    },
  };
}
