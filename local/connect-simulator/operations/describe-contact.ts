import type { DescribeContactResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import type { Contact } from "../centre/contact.ts";
import type { Place } from "../centre/place.ts";
import { checkInstance, contactId, instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { resourceNotFound } from "../wire/wire-error.ts";

type WireContact = NonNullable<OnTheWire<DescribeContactResponse>["Contact"]>;

export const describeContact = operation({
  name: "DescribeContact",
  method: "GET",
  path: "/contacts/{InstanceId}/{ContactId}",
  input: v.object({ InstanceId: instanceId, ContactId: contactId }),
  carryOut(request, world) {
    checkInstance(request.InstanceId, world);
    const contact = world.contacts.get(request.ContactId);
    if (contact === undefined) throw resourceNotFound("ContactId: there is no such contact");
    return { Contact: described(contact, world.place) } satisfies OnTheWire<DescribeContactResponse>;
  },
});

/** Epoch seconds, or nothing while the moment has not come. */
const seconds = (at: number | null): number | undefined => (at === null ? undefined : at / 1000);

function described(contact: Contact, place: Place): WireContact {
  return {
    Arn: place.contactArn(contact.contactId),
    Id: contact.contactId,
    InitiationMethod: "API",
    Name: contact.name ?? undefined,
    Description: contact.description ?? undefined,
    Channel: "VOICE",
    QueueInfo:
      contact.enqueuedAt === null
        ? undefined
        : { Id: contact.queueId, EnqueueTimestamp: seconds(contact.enqueuedAt) },
    AgentInfo: agentInfoOf(contact),
    InitiationTimestamp: seconds(contact.initiatedAt),
    ConnectedToSystemTimestamp: seconds(contact.connectedAt),
    DisconnectTimestamp: seconds(contact.disconnectedAt),
    LastUpdateTimestamp: seconds(contact.lastUpdateAt),
    RelatedContactId: contact.relatedContactId ?? undefined,
    CustomerEndpoint: { Type: "TELEPHONE_NUMBER", Address: contact.destination },
    SystemEndpoint: { Type: "TELEPHONE_NUMBER", Address: contact.source },
    Tags: {
      "aws:connect:instanceId": place.instanceId,
      "aws:connect:systemEndpoint": contact.source,
    },
    Campaign: contact.campaignId === null ? undefined : { CampaignId: contact.campaignId },
    AnsweringMachineDetectionStatus: contact.detectionStatus ?? undefined,
    DisconnectReason: contact.disconnectReason ?? undefined,
    Attributes: contact.attributes,
  };
}

function agentInfoOf(contact: Contact): WireContact["AgentInfo"] {
  if (contact.agentId === null) return undefined;
  const worksSince = contact.completedAt === null ? null : contact.disconnectedAt;
  return {
    Id: contact.agentId,
    ConnectedToAgentTimestamp: seconds(contact.agentConnectedAt),
    AfterContactWorkStartTimestamp: seconds(worksSince),
    AfterContactWorkEndTimestamp: seconds(contact.completedAt),
    AfterContactWorkDuration:
      contact.completedAt === null || contact.disconnectedAt === null
        ? undefined
        : Math.round((contact.completedAt - contact.disconnectedAt) / 1000),
  };
}
