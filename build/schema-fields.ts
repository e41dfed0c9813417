import type { JsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { attemptIdAttribute } from "../lib/contacts/attempt.ts";
import type { attributeUpdateSchema } from "../lib/contacts/attribute-update.ts";
import type { callRequestSchema } from "../lib/contacts/call-request.ts";
import type { stopRequestSchema } from "../lib/contacts/stop-request.ts";

/**
 * What the schemas of lib/ do not say of each field: its description, examples, and what they check in code where JSON Schema has
 * a word for it. It stands here and not in the schemas, whose every byte goes into the functions' bundles.
 */
export type Fields<Schema extends v.GenericSchema> = Record<keyof v.InferInput<Schema>, JsonSchema>;

export const unsafeKeys = ["__proto__", "constructor", "prototype"];
const instant = { examples: ["2026-11-24T09:00:00Z"] };
/** Without lookaheads, which RE2 does not know: "P" passes here, and only here. */
const duration = {
  pattern: "^P(\\d+W)?(\\d+D)?(T(\\d+H)?(\\d+M)?(\\d+S)?)?$",
  examples: ["PT5M", "P1D"],
};
const attributes = {
  propertyNames: { not: { enum: [...unsafeKeys, attemptIdAttribute] } },
  examples: [{ case: "A-1001", language: "en-US" }],
};

export const callRequestFields = {
  requestId: {
    description:
      "Yours, and the key of everything: the same id never calls twice. Keep personal data out of it: it is logged.",
    examples: ["order-4711"],
  },
  destination: {
    description: "The number to call: E.164, or any national form together with destinationCountry.",
    examples: ["+12065550100"],
  },
  destinationCountry: {
    description: "The country that a national number is written for, as ISO 3166-1 alpha-2.",
    examples: ["US"],
  },
  contactFlowId: { description: "The flow that the call runs through; the deployment may have a default." },
  queueId: {
    description:
      "The queue whose number is shown. It or sourcePhoneNumber must be given where the deployment has no default for either.",
  },
  sourcePhoneNumber: {
    description:
      "The number that is shown: one of the Connect instance, as E.164. A request that names it, or queueId, means just that one.",
    examples: ["+12065550199"],
  },
  attributes: {
    description:
      "Contact attributes: keys and values have 32,768 bytes of UTF-8 in all, ours included. attemptId is ours.",
    ...attributes,
  },
  name: { description: "The contact's name, for agents." },
  description: { description: "The contact's description, for agents." },
  references: {
    description: "What agents see beside the contact, by name.",
    propertyNames: { not: { enum: unsafeKeys } },
    examples: [{ case: { type: "URL", value: "https://crm.example.com/cases/1001" } }],
  },
  relatedContactId: { description: "Another contact that this one belongs with." },
  ringTimeoutSeconds: { description: "How long it rings; 60 where it is missing." },
  trafficType: { description: "GENERAL where it is missing; CAMPAIGN is needed for answerMachineDetection." },
  campaignId: {
    description: "Yours, for all requests that one stop is to reach.",
    examples: ["spring-2026"],
  },
  answerMachineDetection: { description: "Needs trafficType CAMPAIGN." },
  notBefore: {
    description: "Not dialled before: an instant with its offset, at most 14 days back and a year ahead.",
    ...instant,
  },
  expiresAt: {
    description: "Not dialled after: an instant with its offset, later than notBefore.",
    ...instant,
  },
  retry: {
    description: "One attempt where it is missing.",
    properties: {
      attempts: { description: "In all, the first one included." },
      after: {
        description:
          "The outcomes after which it is tried again, each with the wait before that as an ISO 8601 duration.",
        additionalProperties: duration,
        examples: [{ busy: "PT5M", "no-answer": "PT30M" }],
      },
    },
  },
  onUnknown: {
    description:
      "What becomes of an attempt of which nothing is heard: park waits for an operator, redial makes a new attempt at the risk of a second call.",
  },
} satisfies Fields<typeof callRequestSchema>;

export const stopRequestFields = {
  stopId: { description: "For your logs and ours. A stop may be repeated at will.", examples: ["stop-1"] },
  requestId: { description: "Stops this call request, be it before it comes.", examples: ["order-4711"] },
  contactId: {
    description: "Stops the call request whose present attempt this contact is, or just this contact.",
  },
  campaignId: {
    description: "Stops all call requests of this campaign, those that have not come yet included.",
    examples: ["spring-2026"],
  },
  reason: {
    description: "Kept on record and told in the notice: keep personal data out of it.",
    examples: ["the customer has paid"],
  },
} satisfies Fields<typeof stopRequestSchema>;

export const attributeUpdateFields = {
  updateId: {
    description: "Yours, a new one for each update; breaks the tie between two of the same instant.",
    examples: ["update-1"],
  },
  requestId: { description: "The call request whose contact is meant.", examples: ["order-4711"] },
  contactId: {
    description: "The contact that is meant, where it is of no call request or that is not known.",
  },
  attributes: {
    description: "What is to be set; other attributes of the contact stay as they are. attemptId is ours.",
    minProperties: 1,
    ...attributes,
  },
  occurredAt: {
    description:
      "When it became so, where you know it from: an instant with its offset. For each attribute the newest wins, in whatever order updates come.",
    ...instant,
  },
} satisfies Fields<typeof attributeUpdateSchema>;
