import { randomUUID } from "node:crypto";
import type { StartOutboundVoiceContactResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { type Contact, isLive } from "../centre/contact.ts";
import { courseOf } from "../centre/destinations.ts";
import {
  absentOr,
  attributes,
  checkAttributeBytes,
  checkInstance,
  contactId,
  e164,
  instanceId,
  mapOf,
  text,
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

const reference = v.object({
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

const input = v.object({
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
    v.object({
      EnableAnswerMachineDetection: absentOr(v.boolean()),
      AwaitAnswerMachinePrompt: absentOr(v.boolean()),
    }),
  ),
  CampaignId: absentOr(text(1, 100)),
  RingTimeoutInSeconds: absentOr(
    v.pipe(
      v.number(),
      v.integer("must be a whole number"),
      v.minValue(15, "must be at least 15"),
      v.maxValue(60, "must be at most 60"),
    ),
  ),
  OutboundStrategy: absentOr(
    v.object({
      Type: v.picklist(["AGENT_FIRST"], "must be AGENT_FIRST"),
      Config: absentOr(
        v.object({
          AgentFirst: absentOr(
            v.object({
              Preview: absentOr(
                v.object({
                  PostAcceptTimeoutConfig: v.object({
                    DurationInSeconds: v.pipe(
                      v.number(),
                      v.integer("must be a whole number"),
                      v.minValue(0, "must be at least 0"),
                    ),
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
    checkInstance(request.InstanceId, world);
    const { queueId, source } = whoCalls(request, world);
    const attributes = attributesOf(request, world);

    const earlier = sameCall(request.ClientToken, world);
    if (earlier !== undefined) return accepted(earlier);

    const course = courseOf(request.DestinationPhoneNumber);
    if (course.kind === "refused") throw course.error();
    if (world.contacts.liveCount() >= world.activeCalls) {
      throw limitExceeded(`The instance has its ${world.activeCalls} concurrent active calls.`);
    }

    const now = world.clock.now();
    const contact: Contact = {
      contactId: randomUUID(),
      ordinal: world.contacts.nextOrdinal(),
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
      initiatedAt: now,
      attributes,
      state: "INITIATED",
      connectedAt: null,
      enqueuedAt: null,
      agentConnectedAt: null,
      agentId: null,
      disconnectedAt: null,
      disconnectReason: null,
      completedAt: null,
      detectionStatus: null,
      lastUpdateAt: now,
      ahead: [],
      recordOwed: false,
    };
    world.calls.begin(contact);
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

function whoCalls(request: Input, world: World): { queueId: string; source: string } {
  const { place, contactFlowIds, queueIds, phoneNumbers } = world;
  if (!contactFlowIds.has(request.ContactFlowId)) {
    throw resourceNotFound(`ContactFlowId: there is no contact flow ${request.ContactFlowId}`);
  }
  const queueId =
    request.QueueId === null
      ? queueIds[0]
      : queueIds.find((id) => request.QueueId === id || request.QueueId === place.queueArn(id));
  if (queueId === undefined) throw resourceNotFound(`QueueId: there is no queue ${request.QueueId}`);
  if (request.SourcePhoneNumber !== null && !phoneNumbers.includes(request.SourcePhoneNumber)) {
    throw notPermitted("SourcePhoneNumber: the number is not claimed by this instance");
  }
  return { queueId, source: request.SourcePhoneNumber ?? phoneNumbers[0] };
}

function attributesOf(request: Input, world: World): Record<string, string> {
  const related =
    request.RelatedContactId === null ? undefined : world.contacts.get(request.RelatedContactId);
  if (request.RelatedContactId !== null && related === undefined) {
    throw resourceNotFound("RelatedContactId: there is no such contact");
  }
  const merged = { ...related?.attributes, ...request.Attributes };
  checkAttributeBytes(merged);
  return merged;
}

/** The call that this token already stands for. */
function sameCall(clientToken: string | null, world: World): Contact | undefined {
  if (clientToken === null) return undefined;
  const earlier = world.contacts.withToken(clientToken);
  if (earlier === undefined || isLive(earlier)) return earlier;
  const expired = world.clock.now() - earlier.initiatedAt >= tokenLifetime;
  return world.tokenAfterDisconnect === "same-contact" && !expired ? earlier : undefined;
}
