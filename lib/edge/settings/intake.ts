import * as v from "valibot";
import type { DialDefaults } from "../../contacts/call-request.ts";
import { filled, optionalText } from "./kinds.ts";
import type { Settings } from "./settings.ts";

/** What a call request may leave out. */
export const ofDefaults = {
  DEFAULT_CONTACT_FLOW_ID: optionalText,
  DEFAULT_QUEUE_ID: optionalText,
  DEFAULT_SOURCE_PHONE_NUMBER: optionalText,
};

const ofIntake = {
  CALL_REQUESTS_QUEUE_URL: filled,
  STOP_REQUESTS_QUEUE_URL: filled,
  ATTRIBUTE_UPDATES_QUEUE_URL: filled,
  ...ofDefaults,
};

export const ofAcceptWebhook = {
  ...ofIntake,
  WEBHOOKS_TABLE: filled,
  WEBHOOK_SECRETS_PATH: filled,
  LAMBDA_TASK_ROOT: v.optional(filled, "."),
};

export const ofAnswerApi = { ...ofIntake, CONTACTS_TABLE: filled };

export function defaultsOf(from: Settings<typeof ofDefaults>): DialDefaults {
  return {
    contactFlowId: from.DEFAULT_CONTACT_FLOW_ID,
    queueId: from.DEFAULT_QUEUE_ID,
    sourcePhoneNumber: from.DEFAULT_SOURCE_PHONE_NUMBER,
  };
}
