import { type CallRecord, requestOf } from "../../lib/contacts/call-record.ts";
import type { ContactView } from "../../local/connect-simulator/simulator.ts";
import { attemptOf, type Check, requestsOf } from "./observed.ts";

/** What is on record of a call that has ended is what Connect knows of it. */
export const agrees: Check = (observed) => {
  const contacts = new Map(observed.contacts.map((contact) => [contact.contactId, contact]));
  return requestsOf(observed)
    .filter(({ state }) => state === "ended")
    .flatMap((record) => {
      const contact = contacts.get(record.contactId ?? "");
      return contact ? differences(record, contact) : [`${record.requestId} has ended without a contact`];
    });
};

function differences(record: CallRecord, contact: ContactView): string[] {
  const { requestId, attempt, outcome } = record;
  const of = attemptOf(contact);
  const expected = outcomeOf(contact);
  return [
    ...(of.requestId === requestId && of.attempt === attempt
      ? []
      : [`${requestId}#${attempt} has the contact of ${of.requestId}#${of.attempt}`]),
    ...(contact.destination === requestOf(record)?.destination
      ? []
      : [`${requestId} has called another number`]),
    ...(contact.disconnectedAt === null ? [`${requestId} has ended, and its call goes on`] : []),
    ...(expected === outcome ? [] : [`${requestId} has ended as ${outcome}, and its call as ${expected}`]),
  ];
}

const unanswered: Record<string, string> = {
  TELECOM_BUSY: "busy",
  TELECOM_TIMEOUT: "no-answer",
  TELECOM_NUMBER_INVALID: "invalid-number",
  TELECOM_POTENTIAL_BLOCKING: "blocked",
  TELECOM_PROBLEM: "network-problem",
  // What StopContact leaves, and nobody else has asked for that.
  TELECOM_ORIGINATOR_CANCEL: "stopped",
  OTHER: "stopped",
};

function outcomeOf({ disconnectReason, agentConnectedAt }: ContactView): string {
  return unanswered[disconnectReason ?? ""] ?? (agentConnectedAt ? "answered-agent" : "answered-flow");
}
