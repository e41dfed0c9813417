import { randomUUID } from "node:crypto";
import type { StartOutboundVoiceContactResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { attributesOf } from "../centre/chain.ts";
import { type Contact, isLive, newContact } from "../centre/contact.ts";
import { courseOf } from "../centre/destinations.ts";
import { bareId, findInstance } from "../instance/find.ts";
import type { Instance } from "../instance/instance.ts";
import {
  absentOr,
  attributes,
  checkAttributeBytes,
  contactId,
  e164,
  instanceId,
  mapOf,
  structure,
  text,
  whole,
} from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import {
  accessDenied,
  invalidParameter,
  invalidRequest,
  limitExceeded,
  notPermitted,
  resourceNotFound,
} from "../wire/wire-error.ts";
import type { World } from "../world.ts";

/** Simulated milliseconds. */
const tokenLifetime = 7 * 24 * 3_600_000;

const reference = structure({
  Type: v.picklist(
    ["URL", "NUMBER", "STRING", "DATE", "EMAIL"],
    "Type must be one of URL, NUMBER, STRING, DATE, EMAIL",
  ),
  Value: absentOr(text(0, 4096)),
  Status: absentOr(
    v.picklist(
      ["AVAILABLE", "DELETED", "APPROVED", "REJECTED", "PROCESSING", "FAILED"],
      "Status is not known",
    ),
  ),
  Arn: absentOr(v.pipe(text(20, 256), v.regex(/^[-:/A-Za-z0-9]+/, "Arn is not one"))),
  StatusReason: absentOr(text(0, 100)),
});

const input = structure({
  DestinationPhoneNumber: e164,
  ContactFlowId: text(1, 500),
  InstanceId: instanceId,
  ClientToken: absentOr(text(1, 500)),
  SourcePhoneNumber: absentOr(e164),
  QueueId: absentOr(v.string()),
  Attributes: absentOr(attributes),
  Name: absentOr(text(0, 1024)),
  Description: absentOr(text(0, 4096)),
  References: absentOr(mapOf(text(1, 4096), reference)),
  RelatedContactId: absentOr(contactId),
  TrafficType: absentOr(v.picklist(["GENERAL", "CAMPAIGN"], "must be GENERAL or CAMPAIGN")),
  AnswerMachineDetectionConfig: absentOr(
    structure({
      EnableAnswerMachineDetection: absentOr(v.boolean()),
      AwaitAnswerMachinePrompt: absentOr(v.boolean()),
    }),
  ),
  CampaignId: absentOr(text(1, 100)),
  RingTimeoutInSeconds: absentOr(whole(15, 60)),
  OutboundStrategy: absentOr(
    structure({
      Type: v.picklist(["AGENT_FIRST"], "must be AGENT_FIRST"),
      Config: absentOr(
        structure({
          AgentFirst: absentOr(
            structure({
              Preview: absentOr(
                structure({
                  PostAcceptTimeoutConfig: structure({
                    DurationInSeconds: whole(0, Number.MAX_SAFE_INTEGER),
                  }),
                  AllowedUserActions: v.array(v.picklist(["CALL", "DISCARD"], "must be CALL or DISCARD")),
                }),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
});

type Input = v.InferOutput<typeof input>;

export const startOutboundVoiceContact = operation({
  name: "StartOutboundVoiceContact",
  method: "PUT",
  path: "/contact/outbound-voice",
  input,
  carryOut(request, world) {
    checkRules(request);
    const instance = findInstance(request.InstanceId, world);
    const { queueId, source } = whoCalls(request, instance);
    const attributes = mergedAttributes(request, instance, world);

    const earlier = sameCall(request.ClientToken, instance, world);
    if (earlier !== undefined) return accepted(earlier);

    const course = courseOf(request.DestinationPhoneNumber);
    if (course.kind === "refused") throw course.error();
    const full = world.contacts.activeCalls(instance.id) >= instance.limits.activeCalls;
    if (full && world.deviations.activeCallsExceeded === "refused") {
      throw limitExceeded(`The instance has its ${instance.limits.activeCalls} concurrent active calls.`);
    }

    const contact = newContact({
      contactId: randomUUID(),
      instanceId: instance.id,
      ordinal: world.contacts.nextOrdinal(),
      initiationMethod: "API",
      clientToken: request.ClientToken,
      destination: request.DestinationPhoneNumber,
      source,
      contactFlowId: request.ContactFlowId,
      queueId,
      name: request.Name,
      description: request.Description,
      references: request.References ?? {},
      relatedContactId: request.RelatedContactId,
      trafficType: request.TrafficType ?? "GENERAL",
      campaignId: request.CampaignId,
      machineDetection: request.AnswerMachineDetectionConfig?.EnableAnswerMachineDetection ?? false,
      ringTimeoutSeconds: request.RingTimeoutInSeconds ?? 60,
      patient: !(course.kind === "answered" && course.impatient),
      initiatedAt: world.clock.now(),
      attributes,
    });
    if (full) world.calls.refuseByNetwork(contact);
    else world.calls.begin(contact);
    return accepted(contact);
  },
});

const accepted = ({ contactId }: Contact) =>
  ({ ContactId: contactId }) satisfies OnTheWire<StartOutboundVoiceContactResponse>;

function checkRules(request: Input): void {
  if (request.QueueId === null && request.SourcePhoneNumber === null) {
    throw invalidRequest("At least one of QueueId and SourcePhoneNumber is required.");
  }
  if (
    request.AnswerMachineDetectionConfig?.EnableAnswerMachineDetection &&
    request.TrafficType !== "CAMPAIGN"
  ) {
    throw invalidParameter("AnswerMachineDetectionConfig: detection needs the TrafficType CAMPAIGN");
  }
  if (request.OutboundStrategy !== null) {
    throw accessDenied("OutboundStrategy: only the service principal of outbound campaigns may set it");
  }
}

function whoCalls(request: Input, instance: Instance): { queueId: string; source: string } {
  const { contactFlows, queues, phoneNumbers, outboundCallsEnabled } = instance;
  if (contactFlows.get(request.ContactFlowId) === undefined) {
    throw resourceNotFound(`ContactFlowId: there is no contact flow ${request.ContactFlowId}`);
  }
  const [firstQueue] = queues.all();
  const queue =
    request.QueueId === null ? firstQueue : queues.get(bareId(request.QueueId, "queue", instance));
  if (queue === undefined) throw resourceNotFound(`QueueId: there is no queue ${request.QueueId}`);
  if (!outboundCallsEnabled) throw notPermitted("Outbound calls are not enabled for this instance.");
  const claimed = [...phoneNumbers.all()].map(({ number }) => number);
  if (request.SourcePhoneNumber !== null && !claimed.includes(request.SourcePhoneNumber)) {
    throw notPermitted("SourcePhoneNumber: the number is not claimed by this instance");
  }
  return { queueId: queue.id, source: request.SourcePhoneNumber ?? queue.phoneNumber ?? claimed[0] ?? "" };
}

function mergedAttributes(request: Input, instance: Instance, world: World): Record<string, string> {
  const { contacts } = world;
  const { RelatedContactId } = request;
  const related = RelatedContactId === null ? undefined : contacts.get(RelatedContactId, instance.id);
  if (RelatedContactId !== null && related === undefined) {
    throw resourceNotFound("RelatedContactId: there is no such contact");
  }
  const merged = { ...(related && attributesOf(related, contacts)), ...request.Attributes };
  checkAttributeBytes(merged, world);
  return merged;
}

/** The call that this token already stands for. */
function sameCall(clientToken: string | null, instance: Instance, world: World): Contact | undefined {
  if (clientToken === null) return undefined;
  const earlier = world.contacts.withToken(clientToken, instance.id);
  if (earlier === undefined || isLive(earlier)) return earlier;
  const expired = world.clock.now() - earlier.initiatedAt >= tokenLifetime;
  return world.deviations.tokenAfterDisconnect === "same-contact" && !expired ? earlier : undefined;
}
