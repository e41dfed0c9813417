import type { Instance } from "../instance/instance.ts";
import type { Contact, InitiationMethod } from "./contact.ts";

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
  previousContactId?: string;
  relatedContactId?: string;
  channel: string;
  instanceArn: string;
  initiationMethod: InitiationMethod;
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

function agentInfoOf(contact: Contact, { place }: Instance): Pick<ContactEventDetail, "agentInfo"> {
  const { agentId, agentConnectedAt, disconnectedAt, completedAt } = contact;
  if (agentId === null || agentConnectedAt === null) return {};
  return {
    agentInfo: {
      agentArn: place.arn("agent", agentId),
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

export function contactEvent(
  contact: Contact,
  event: NewContactEvent,
  instance: Instance,
): ContactEventEnvelope {
  const { place } = instance;
  return {
    version: "0",
    id: event.id,
    "detail-type": "Amazon Connect Contact Event",
    source: "aws.connect",
    account: place.accountId,
    time: isoSecond(event.at),
    region: place.region,
    resources: [place.arn("contact", contact.contactId), place.instanceArn],
    detail: {
      eventType: event.eventType,
      contactId: contact.contactId,
      ...(contact.initialContactId !== null && { initialContactId: contact.initialContactId }),
      ...(contact.previousContactId !== null && { previousContactId: contact.previousContactId }),
      ...(contact.relatedContactId !== null && { relatedContactId: contact.relatedContactId }),
      channel: contact.channel,
      instanceArn: place.instanceArn,
      initiationMethod: contact.initiationMethod,
      initiationTimestamp: iso(contact.initiatedAt),
      ...(contact.connectedAt !== null && { connectedToSystemTimestamp: iso(contact.connectedAt) }),
      ...(contact.disconnectedAt !== null && { disconnectTimestamp: iso(contact.disconnectedAt) }),
      ...(contact.disconnectReason !== null && { disconnectReason: contact.disconnectReason }),
      // AWS leaves it out for what agents dial by hand.
      ...(contact.enqueuedAt !== null &&
        contact.initiationMethod !== "OUTBOUND" && {
          queueInfo: {
            queueArn: place.arn("queue", contact.queueId),
            queueType: "STANDARD",
            enqueueTimestamp: iso(contact.enqueuedAt),
          },
        }),
      ...agentInfoOf(contact, instance),
      ...(event.updatedProperties && { updatedProperties: event.updatedProperties }),
      tags: {
        ...contact.tags,
        "aws:connect:instanceId": place.instanceId,
        "aws:connect:systemEndpoint": contact.source,
      },
      ...(contact.detectionStatus !== null && { answeringMachineDetectionStatus: contact.detectionStatus }),
      ...(contact.campaignId !== null && { campaign: { campaignId: contact.campaignId } }),
    },
  };
}
