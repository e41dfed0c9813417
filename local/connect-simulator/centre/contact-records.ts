import type { Channel, Instance } from "../instance/instance.ts";
import type { Contact, InitiationMethod } from "./contact.ts";

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
    RoutingProfile: { ARN: string; Name: string } | null;
  } | null;
  AgentConnectionAttempts: number;
  AnsweringMachineDetectionStatus: string | null;
  Attributes: Record<string, string>;
  Campaign: { CampaignId: string | null };
  Channel: Channel;
  ConnectedToSystemTimestamp: string | null;
  ContactId: string;
  CustomerEndpoint: Endpoint;
  DisconnectReason: string | null;
  DisconnectTimestamp: string | null;
  InitialContactId: string | null;
  InitiationMethod: InitiationMethod;
  InitiationTimestamp: string;
  InstanceARN: string;
  LastUpdateTimestamp: string;
  MediaStreams: [];
  NextContactId: string | null;
  PreviousContactId: string | null;
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
  TransferCompletedTimestamp: string | null;
  TransferredToEndpoint: null;
};

const second = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
const secondOrNull = (at: number | null): string | null => (at === null ? null : second(at));
const secondsBetween = (from: number, to: number): number => Math.round((to - from) / 1000);
const telephone = (Address: string): Endpoint => ({ Type: "TELEPHONE_NUMBER", Address });

function agentOf(contact: Contact, instance: Instance): ContactRecord["Agent"] {
  const { agentId, agentConnectedAt, disconnectedAt, completedAt, holdMs, longestHoldMs } = contact;
  if (agentId === null || agentConnectedAt === null) return null;
  const talkEndedAt = disconnectedAt ?? agentConnectedAt;
  const user = instance.users.get(agentId);
  const profile = user && instance.routingProfiles.get(user.routingProfileId);
  return {
    ARN: instance.place.arn("agent", agentId),
    Username: user?.username ?? agentId,
    ConnectedToAgentTimestamp: second(agentConnectedAt),
    AgentInteractionDuration: secondsBetween(agentConnectedAt, talkEndedAt - holdMs),
    AfterContactWorkStartTimestamp: secondOrNull(disconnectedAt),
    AfterContactWorkEndTimestamp: secondOrNull(completedAt),
    AfterContactWorkDuration: secondsBetween(talkEndedAt, completedAt ?? talkEndedAt),
    CustomerHoldDuration: secondsBetween(0, holdMs),
    LongestHoldDuration: secondsBetween(0, longestHoldMs),
    NumberOfHolds: contact.holds,
    HierarchyGroups: null,
    RoutingProfile: profile
      ? { ARN: instance.place.arn("routing-profile", profile.id), Name: profile.name }
      : null,
  };
}

function queueOf(contact: Contact, { place, queues }: Instance): ContactRecord["Queue"] {
  if (contact.enqueuedAt === null) return null;
  const { dequeuedAt } = contact;
  return {
    ARN: place.arn("queue", contact.queueId),
    Name: queues.get(contact.queueId)?.name ?? contact.queueId,
    EnqueueTimestamp: second(contact.enqueuedAt),
    DequeueTimestamp: secondOrNull(dequeuedAt),
    Duration: secondsBetween(contact.enqueuedAt, dequeuedAt ?? contact.enqueuedAt),
  };
}

export function contactRecord(
  contact: Contact,
  attributes: Contact["attributes"],
  instance: Instance,
): ContactRecord {
  const { place } = instance;
  return {
    AWSAccountId: place.accountId,
    AWSContactTraceRecordFormatVersion: "2017-03-10",
    Agent: agentOf(contact, instance),
    AgentConnectionAttempts: contact.offers,
    AnsweringMachineDetectionStatus: contact.detectionStatus,
    Attributes: { ...attributes },
    Campaign: { CampaignId: contact.campaignId },
    Channel: contact.channel,
    ConnectedToSystemTimestamp: secondOrNull(contact.connectedAt),
    ContactId: contact.contactId,
    CustomerEndpoint: telephone(contact.destination),
    DisconnectReason: contact.disconnectReason,
    DisconnectTimestamp: secondOrNull(contact.disconnectedAt),
    InitialContactId: contact.initialContactId,
    InitiationMethod: contact.initiationMethod,
    InitiationTimestamp: second(contact.initiatedAt),
    InstanceARN: place.instanceArn,
    LastUpdateTimestamp: second(contact.lastUpdateAt),
    MediaStreams: [],
    NextContactId: contact.nextContactId,
    PreviousContactId: contact.previousContactId,
    Queue: queueOf(contact, instance),
    Recording: null,
    Recordings: null,
    RelatedContactId: contact.relatedContactId,
    SegmentAttributes: {},
    SystemEndpoint: telephone(contact.source),
    Tags: {
      ...contact.tags,
      "aws:connect:instanceId": place.instanceId,
      "aws:connect:systemEndpoint": contact.source,
    },
    TransferCompletedTimestamp: secondOrNull(contact.transferredAt),
    TransferredToEndpoint: null,
  };
}
