import type { Contact } from "./contact.ts";
import type { Place } from "./place.ts";

type Endpoint = { Type: "TELEPHONE_NUMBER"; Address: string };

/** One contact record ("CTR") as the instance's stream carries it. Times are ISO 8601 in whole seconds. */
export type ContactRecord = {
  AWSAccountId: string;
  AWSContactTraceRecordFormatVersion: "2017-03-10";
  Agent: {
    ARN: string;
    Username: string;
    ConnectedToAgentTimestamp: string;
    AgentInteractionDuration: number;
    AfterContactWorkStartTimestamp: string | null;
    AfterContactWorkEndTimestamp: string | null;
    AfterContactWorkDuration: number;
    CustomerHoldDuration: number;
    LongestHoldDuration: number;
    NumberOfHolds: number;
    HierarchyGroups: null;
    RoutingProfile: null;
  } | null;
  AgentConnectionAttempts: number;
  AnsweringMachineDetectionStatus: string | null;
  Attributes: Record<string, string>;
  Campaign: { CampaignId: string | null };
  Channel: "VOICE";
  ConnectedToSystemTimestamp: string | null;
  ContactId: string;
  CustomerEndpoint: Endpoint;
  DisconnectReason: string | null;
  DisconnectTimestamp: string | null;
  InitialContactId: null;
  InitiationMethod: "API";
  InitiationTimestamp: string;
  InstanceARN: string;
  LastUpdateTimestamp: string;
  MediaStreams: [];
  NextContactId: null;
  PreviousContactId: null;
  Queue: {
    ARN: string;
    Name: string;
    EnqueueTimestamp: string;
    DequeueTimestamp: string | null;
    Duration: number;
  } | null;
  Recording: null;
  Recordings: null;
  RelatedContactId: string | null;
  SegmentAttributes: Record<string, never>;
  SystemEndpoint: Endpoint;
  Tags: Record<string, string>;
  TransferCompletedTimestamp: null;
  TransferredToEndpoint: null;
};

const second = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
const secondOrNull = (at: number | null): string | null => (at === null ? null : second(at));
const secondsBetween = (from: number, to: number): number => Math.round((to - from) / 1000);
const telephone = (Address: string): Endpoint => ({ Type: "TELEPHONE_NUMBER", Address });

function agentOf(contact: Contact, place: Place): ContactRecord["Agent"] {
  const { agentId, agentConnectedAt, disconnectedAt, completedAt } = contact;
  if (agentId === null || agentConnectedAt === null) return null;
  const talkEndedAt = disconnectedAt ?? agentConnectedAt;
  return {
    ARN: place.agentArn(agentId),
    Username: `agent-${agentId.slice(9, 13)}`,
    ConnectedToAgentTimestamp: second(agentConnectedAt),
    AgentInteractionDuration: secondsBetween(agentConnectedAt, talkEndedAt),
    AfterContactWorkStartTimestamp: secondOrNull(disconnectedAt),
    AfterContactWorkEndTimestamp: secondOrNull(completedAt),
    AfterContactWorkDuration: secondsBetween(talkEndedAt, completedAt ?? talkEndedAt),
    CustomerHoldDuration: 0,
    LongestHoldDuration: 0,
    NumberOfHolds: 0,
    HierarchyGroups: null,
    RoutingProfile: null,
  };
}

function queueOf(contact: Contact, place: Place): ContactRecord["Queue"] {
  if (contact.enqueuedAt === null) return null;
  const dequeuedAt = contact.agentConnectedAt ?? contact.disconnectedAt;
  return {
    ARN: place.queueArn(contact.queueId),
    Name: `queue-${contact.queueId.slice(0, 8)}`,
    EnqueueTimestamp: second(contact.enqueuedAt),
    DequeueTimestamp: secondOrNull(dequeuedAt),
    Duration: secondsBetween(contact.enqueuedAt, dequeuedAt ?? contact.enqueuedAt),
  };
}

export function contactRecord(contact: Contact, place: Place): ContactRecord {
  return {
    AWSAccountId: place.accountId,
    AWSContactTraceRecordFormatVersion: "2017-03-10",
    Agent: agentOf(contact, place),
    AgentConnectionAttempts: contact.agentId === null ? 0 : 1,
    AnsweringMachineDetectionStatus: contact.detectionStatus,
    Attributes: { ...contact.attributes },
    Campaign: { CampaignId: contact.campaignId },
    Channel: "VOICE",
    ConnectedToSystemTimestamp: secondOrNull(contact.connectedAt),
    ContactId: contact.contactId,
    CustomerEndpoint: telephone(contact.destination),
    DisconnectReason: contact.disconnectReason,
    DisconnectTimestamp: secondOrNull(contact.disconnectedAt),
    InitialContactId: null,
    InitiationMethod: "API",
    InitiationTimestamp: second(contact.initiatedAt),
    InstanceARN: place.instanceArn,
    LastUpdateTimestamp: second(contact.lastUpdateAt),
    MediaStreams: [],
    NextContactId: null,
    PreviousContactId: null,
    Queue: queueOf(contact, place),
    Recording: null,
    Recordings: null,
    RelatedContactId: contact.relatedContactId,
    SegmentAttributes: {},
    SystemEndpoint: telephone(contact.source),
    Tags: {
      "aws:connect:instanceId": place.instanceId,
      "aws:connect:systemEndpoint": contact.source,
    },
    TransferCompletedTimestamp: null,
    TransferredToEndpoint: null,
  };
}
