import {
  StopContactCommand,
  TagContactCommand,
  UpdateContactAttributesCommand,
} from "@aws-sdk/client-connect";
import { expect } from "vitest";
import type { ConnectSimulatorOptions } from "../../../../local/connect-simulator/simulator.ts";
import { InstanceId, type InstanceInput } from "../operations/support.ts";
import { aCall, type Centre } from "../support.ts";
import type { Scenarios, Scene } from "./scenario.ts";
import { fiveLevels, inCentre, place } from "./scenario-centres.ts";

const passive = inCentre({ passive: true });
const staffed = (behaviour: NonNullable<InstanceInput["behaviour"]>): ConnectSimulatorOptions =>
  inCentre({ hierarchy: fiveLevels, users: [{ username: "ana", hierarchy: place }], behaviour });

const everything = {
  ClientToken: "4d1c4f6c",
  Name: "Reminder",
  Description: "Of an appointment",
  Attributes: { language: "es" },
  References: { order: { Type: "URL", Value: "https://example.com/orders/1" } },
  TrafficType: "CAMPAIGN",
  AnswerMachineDetectionConfig: { EnableAnswerMachineDetection: true, AwaitAnswerMachinePrompt: true },
  CampaignId: "campaign-1",
  RingTimeoutInSeconds: 45,
} as const;

const called = async (centre: Centre) => ({ InstanceId, ContactId: await centre.call() });
const callOf = async (centre: Centre) => ({
  InstanceId,
  InitialContactId: await centre.call({ Attributes: { language: "es" } }),
});
const onCall = (members: object): Scene => ({
  input: async (centre) => ({ ...(await called(centre)), ...members }),
});
const call = (members: object, options: ConnectSimulatorOptions = {}): Scene => ({
  options,
  input: { ...aCall(), ...members },
});
const withAttributes = (Attributes: Record<string, string>): Scene => ({
  input: async (centre) => ({ ...(await callOf(centre)), Attributes }),
});
const unknown = { ContactId: "5ca1ab1e-0000-4000-8000-0000000000ff" };
const tooLong = "c".repeat(257);

/** Ended, after an agent had it and the customer was on hold. */
async function endedCall(centre: Centre) {
  const RelatedContactId = await centre.call();
  await centre.client.send(new StopContactCommand({ InstanceId, ContactId: RelatedContactId }));
  const ContactId = await centre.call({ ...everything, RelatedContactId });
  const tagged = new TagContactCommand({ InstanceId, ContactId, Tags: { team: "reminders" } });
  await centre.client.send(tagged);
  await centre.advance(1_200);
  return { InstanceId, ContactId };
}

async function transferredCall(centre: Centre) {
  await centre.call();
  await centre.advance(600);
  const second = centre.simulator.contacts().find(({ initiationMethod }) => initiationMethod === "TRANSFER");
  return { InstanceId, ContactId: second?.contactId };
}

export const contactScenarios = {
  StartOutboundVoiceContact: {
    replies: {
      "a call": call({}),
      "everything but a strategy": {
        input: async (centre) => ({ ...aCall(), ...everything, RelatedContactId: await centre.call() }),
      },
    },
    refusals: {
      InvalidRequestException: {
        "neither a queue nor a number to call from": call({
          QueueId: undefined,
          SourcePhoneNumber: undefined,
        }),
      },
      InvalidParameterException: { "a ring timeout of 14 seconds": call({ RingTimeoutInSeconds: 14 }) },
      ResourceNotFoundException: {
        "an unknown contact flow": call({ ContactFlowId: "unknown" }),
        "an unknown queue": call({ QueueId: "unknown" }),
      },
      LimitExceededException: {
        "one active call too many": {
          options: { activeCalls: 1 },
          input: async (centre) => ({ ...aCall(), Name: await centre.call() }),
        },
        "a number that is always over the limit": call({ DestinationPhoneNumber: "+12065550162" }),
      },
      DestinationNotAllowedException: {
        "a number that is not allowed": call({ DestinationPhoneNumber: "+12065550160" }),
      },
      OutboundContactNotPermittedException: {
        "a number that is not permitted": call({ DestinationPhoneNumber: "+12065550161" }),
        "an instance that calls nobody": call({}, inCentre({ outboundCallsEnabled: false })),
        "a number of somebody else to call from": call({ SourcePhoneNumber: "+12065550198" }),
      },
    },
  },
  StopContact: {
    replies: {
      "a call that rings": {
        input: called,
        holds: (_, { simulator }) => expect(simulator.contacts()[0]?.state).toBe("DISCONNECTED"),
      },
    },
    refusals: {
      InvalidRequestException: { "a reason": onCall({ DisconnectReason: { Code: "OTHER" } }) },
      InvalidParameterException: { "a contact of 257 characters": onCall({ ContactId: tooLong }) },
      ContactNotFoundException: {
        "an unknown contact": onCall(unknown),
        "a contact that has ended": { options: staffed({}), input: endedCall },
      },
      InvalidActiveRegionException: { "a passive instance": { options: passive, input: called } },
    },
  },
  UpdateContactAttributes: {
    replies: {
      "one more attribute": {
        ...withAttributes({ tier: "gold" }),
        holds: (_, { simulator }) =>
          expect(simulator.contacts()[0]?.attributes).toEqual({ language: "es", tier: "gold" }),
      },
    },
    refusals: {
      InvalidRequestException: { "more than 32 KiB": withAttributes({ note: "n".repeat(32_764) }) },
      InvalidParameterException: { "a key with a space": withAttributes({ "a note": "" }) },
      ResourceNotFoundException: {
        "an unknown contact": { input: { InstanceId, InitialContactId: unknown.ContactId, Attributes: {} } },
      },
      InvalidActiveRegionException: {
        "a passive instance": { ...withAttributes({ tier: "gold" }), options: passive },
      },
    },
  },
  GetContactAttributes: {
    replies: {
      "an attribute": {
        input: callOf,
        holds: ({ output }) => expect(output).toEqual({ Attributes: { language: "es" } }),
      },
      "a contact changed meanwhile": {
        input: async (centre) => {
          const contact = await callOf(centre);
          const change = { ...contact, Attributes: { tier: "gold" } };
          await centre.client.send(new UpdateContactAttributesCommand(change));
          return contact;
        },
        holds: ({ output }) => expect(output).toEqual({ Attributes: { language: "es", tier: "gold" } }),
      },
    },
    refusals: {
      InvalidRequestException: {
        "a contact of 257 characters": { input: { InstanceId, InitialContactId: tooLong } },
      },
      ResourceNotFoundException: {
        "an unknown contact": { input: { InstanceId, InitialContactId: unknown.ContactId } },
      },
    },
  },
  DescribeContact: {
    replies: {
      "a call that rings": { input: called },
      "an ended call with agent, hold and tags": { options: staffed({ holds: 1 }), input: endedCall },
      "a call that was passed on": { options: staffed({ agentTransfers: 1 }), input: transferredCall },
    },
    refusals: {
      InvalidParameterException: { "a contact of 257 characters": onCall({ ContactId: tooLong }) },
      ResourceNotFoundException: {
        "an unknown contact": onCall(unknown),
        "a contact that is not yet shown": {
          options: { deviations: { describeContactWhileRinging: "not-found" } },
          input: called,
        },
      },
    },
  },
  TagContact: {
    replies: { "a tag": onCall({ Tags: { team: "reminders" } }) },
    refusals: {
      InvalidRequestException: {
        "a seventh tag": {
          input: async (centre) => {
            const contact = await called(centre);
            const six = Object.fromEntries([..."abcdef"].map((key) => [key, ""]));
            await centre.client.send(new TagContactCommand({ ...contact, Tags: six }));
            return { ...contact, Tags: { g: "" } };
          },
        },
      },
      InvalidParameterException: { "a tag of AWS's own": onCall({ Tags: { "aws:team": "" } }) },
      ResourceNotFoundException: { "an unknown contact": onCall({ ...unknown, Tags: { team: "" } }) },
      InvalidActiveRegionException: {
        "a passive instance": { ...onCall({ Tags: { team: "" } }), options: passive },
      },
    },
  },
} satisfies Record<string, Scenarios>;
