import type { DescribeContactResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { attributesOf } from "../centre/chain.ts";
import type { Contact } from "../centre/contact.ts";
import { findInstance } from "../instance/find.ts";
import type { Instance } from "../instance/instance.ts";
import { contactId, instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { resourceNotFound } from "../wire/wire-error.ts";
import type { World } from "../world.ts";
import { findContact } from "./find-contact.ts";
import { pathTo } from "./hierarchy.ts";

type WireContact = NonNullable<OnTheWire<DescribeContactResponse>["Contact"]>;

export const describeContact = operation({
  name: "DescribeContact",
  method: "GET",
  path: "/contacts/{InstanceId}/{ContactId}",
  input: v.object({ InstanceId: instanceId, ContactId: contactId }),
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    const contact = findContact(request.ContactId, "ContactId", instance, world);
    if (contact.state === "INITIATED" && world.deviations.describeContactWhileRinging === "not-found") {
      throw resourceNotFound("ContactId: there is no such contact");
    }
    return { Contact: described(contact, instance, world) } satisfies OnTheWire<DescribeContactResponse>;
  },
});

/** Epoch seconds, or nothing while the moment has not come. */
const seconds = (at: number | null): number | undefined => (at === null ? undefined : at / 1000);

function described(contact: Contact, instance: Instance, world: World): WireContact {
  return {
    Arn: instance.place.arn("contact", contact.contactId),
    Id: contact.contactId,
    InitialContactId: contact.initialContactId ?? undefined,
    PreviousContactId: contact.previousContactId ?? undefined,
    InitiationMethod: contact.initiationMethod,
    Name: contact.name ?? undefined,
    Description: contact.description ?? undefined,
    Channel: contact.channel,
    QueueInfo:
      contact.enqueuedAt === null
        ? undefined
        : { Id: contact.queueId, EnqueueTimestamp: seconds(contact.enqueuedAt) },
    AgentInfo: agentInfoOf(contact, instance),
    InitiationTimestamp: seconds(contact.initiatedAt),
    ConnectedToSystemTimestamp: seconds(contact.connectedAt),
    DisconnectTimestamp: seconds(contact.disconnectedAt),
    LastUpdateTimestamp: seconds(contact.lastUpdateAt),
    RelatedContactId: contact.relatedContactId ?? undefined,
    ...endpointsOf(contact),
    Tags: {
      ...contact.tags,
      "aws:connect:instanceId": instance.id,
      "aws:connect:systemEndpoint": contact.source,
    },
    Campaign: contact.campaignId === null ? undefined : { CampaignId: contact.campaignId },
    AnsweringMachineDetectionStatus: contact.detectionStatus ?? undefined,
    DisconnectReason: contact.disconnectReason ?? undefined,
    Attributes: attributesOf(contact, world.contacts),
  };
}

function endpointsOf(contact: Contact): Pick<WireContact, "CustomerEndpoint" | "SystemEndpoint"> {
  if (contact.channel !== "VOICE") return {};
  return {
    CustomerEndpoint: { Type: "TELEPHONE_NUMBER", Address: contact.destination },
    SystemEndpoint: { Type: "TELEPHONE_NUMBER", Address: contact.source },
  };
}

function agentInfoOf(contact: Contact, instance: Instance): WireContact["AgentInfo"] {
  const { agentId, agentConnectedAt, disconnectedAt, completedAt } = contact;
  if (agentId === null) return undefined;
  const done = completedAt !== null && disconnectedAt !== null;
  return {
    Id: agentId,
    ConnectedToAgentTimestamp: seconds(agentConnectedAt),
    AgentInitiatedHoldDuration: Math.round(contact.holdMs / 1000),
    AfterContactWorkStartTimestamp: done ? seconds(disconnectedAt) : undefined,
    AfterContactWorkEndTimestamp: seconds(completedAt),
    AfterContactWorkDuration: done ? Math.round((completedAt - disconnectedAt) / 1000) : undefined,
    HierarchyGroups: groupsOf(agentId, instance),
  };
}

/** Where the agent is now. */
function groupsOf(
  agentId: string,
  instance: Instance,
): NonNullable<WireContact["AgentInfo"]>["HierarchyGroups"] {
  const groupId = instance.users.get(agentId)?.hierarchyGroupId ?? null;
  const group = groupId === null ? undefined : instance.hierarchyGroups.get(groupId);
  if (group === undefined) return undefined;
  const [Level1, Level2, Level3, Level4, Level5] = pathTo(group, instance).map(({ id }) => ({
    Arn: instance.place.arn("agent-group", id),
  }));
  return { Level1, Level2, Level3, Level4, Level5 };
}
