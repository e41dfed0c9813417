/** What came of a contact, in the words that producers and retry policies use. */
export const outcomes = [
  "answered-agent",
  "answered-flow",
  "voicemail",
  "busy",
  "no-answer",
  "invalid-number",
  "blocked",
  "network-problem",
  "stopped",
  "unknown",
] as const;

export type Outcome = (typeof outcomes)[number];

/** Outcomes that a retry policy may name: a talk with an agent, a stop and a doubt are never dialled again by policy. */
export const retryableOutcomes = [
  "answered-flow",
  "voicemail",
  "busy",
  "no-answer",
  "invalid-number",
  "blocked",
  "network-problem",
] as const satisfies Outcome[];

/** What Connect tells of a contact that has ended. All may be missing: reasons come late or not at all. */
export interface EndFacts {
  disconnectReason?: string | undefined;
  /** A stop was asked for. */
  stopAt?: string | undefined;
  /** The customer's side answered (a machine counts as well). */
  connectedAt?: string | undefined;
  agentConnectedAt?: string | undefined;
  /** Only for campaign traffic with detection on. */
  answeringMachineDetectionStatus?: string | undefined;
}

const byDetection: Record<string, Outcome> = {
  VOICEMAIL_BEEP: "voicemail",
  VOICEMAIL_NO_BEEP: "voicemail",
  AMD_UNANSWERED: "no-answer",
  SIT_TONE_BUSY: "busy",
  SIT_TONE_INVALID_NUMBER: "invalid-number",
  SIT_TONE_DETECTED: "network-problem",
};

/** Connect's disconnect reasons of calls that nobody answered (Amazon Connect Administrator Guide, contact records). */
const byReason: Record<string, Outcome> = {
  TELECOM_BUSY: "busy",
  TELECOM_TIMEOUT: "no-answer",
  TELECOM_UNANSWERED: "no-answer",
  // Also what an unanswered call ends with after 60 seconds, so it is a stop only where one was asked for.
  TELECOM_ORIGINATOR_CANCEL: "no-answer",
  TELECOM_NUMBER_INVALID: "invalid-number",
  TELECOM_POTENTIAL_BLOCKING: "blocked",
  TELECOM_PROBLEM: "network-problem",
  OUTBOUND_DESTINATION_ENDPOINT_ERROR: "network-problem",
  OUTBOUND_RESOURCE_ERROR: "network-problem",
  OUTBOUND_ATTEMPT_FAILED: "network-problem",
};

/** What StopContact leaves behind: before the answer, and after it. */
const stopReasons: ReadonlySet<string> = new Set(["TELECOM_ORIGINATOR_CANCEL", "OTHER"]);

/** @returns undefined when the facts do not tell, so that the caller can ask Connect for more. */
export function outcomeOf(facts: EndFacts): Outcome | undefined {
  if (facts.stopAt && stopReasons.has(facts.disconnectReason ?? "")) return "stopped";
  if (facts.agentConnectedAt) return "answered-agent";
  const detected = byDetection[facts.answeringMachineDetectionStatus ?? ""];
  if (detected) return detected;
  if (facts.connectedAt) return "answered-flow";
  return byReason[facts.disconnectReason ?? ""];
}
