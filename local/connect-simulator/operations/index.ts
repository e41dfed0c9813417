import type { Operation } from "../wire/operation.ts";
import { describeContact } from "./describe-contact.ts";
import { getContactAttributes } from "./get-contact-attributes.ts";
import { startOutboundVoiceContact } from "./start-outbound-voice-contact.ts";
import { stopContact } from "./stop-contact.ts";
import { updateContactAttributes } from "./update-contact-attributes.ts";

export const operations: readonly Operation[] = [
  startOutboundVoiceContact,
  stopContact,
  updateContactAttributes,
  getContactAttributes,
  describeContact,
];
