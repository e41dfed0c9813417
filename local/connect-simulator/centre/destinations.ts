import type { AnsweringMachineDetectionStatus as Detection } from "@aws-sdk/client-connect";
import { destinationNotAllowed, limitExceeded, notPermitted, type WireError } from "../wire/wire-error.ts";

/** What becomes of a call to one number. `detection`: the status when machine detection is on. */
export type Course =
  | { kind: "refused"; error: () => WireError }
  | { kind: "unanswered"; reason: string; detection: Detection }
  | { kind: "rings-out"; reason: string; detection: Detection }
  | { kind: "answered"; by: "agent" | "nobody" | "machine"; impatient?: true; detection: Detection };

const answered: Course = { kind: "answered", by: "agent", detection: "HUMAN_ANSWERED" };

const courses: Readonly<Record<string, Course>> = {
  "+12065550150": { kind: "unanswered", reason: "TELECOM_BUSY", detection: "SIT_TONE_BUSY" },
  "+12065550151": { kind: "rings-out", reason: "TELECOM_TIMEOUT", detection: "AMD_UNANSWERED" },
  "+12065550152": {
    kind: "unanswered",
    reason: "TELECOM_NUMBER_INVALID",
    detection: "SIT_TONE_INVALID_NUMBER",
  },
  "+12065550153": {
    kind: "unanswered",
    reason: "TELECOM_POTENTIAL_BLOCKING",
    detection: "SIT_TONE_DETECTED",
  },
  "+12065550154": { kind: "unanswered", reason: "TELECOM_PROBLEM", detection: "AMD_ERROR" },
  "+12065550155": { kind: "answered", by: "nobody", detection: "HUMAN_ANSWERED" },
  "+12065550156": { kind: "answered", by: "machine", detection: "VOICEMAIL_BEEP" },
  "+12065550157": { kind: "answered", by: "agent", impatient: true, detection: "HUMAN_ANSWERED" },
  "+12065550160": {
    kind: "refused",
    error: () => destinationNotAllowed("The destination is not allowed for this instance."),
  },
  "+12065550161": { kind: "refused", error: () => notPermitted("The contact is not permitted.") },
  "+12065550162": {
    kind: "refused",
    error: () => limitExceeded("The allowed limit for the resource has been exceeded."),
  },
};

export const courseOf = (destination: string): Course => courses[destination] ?? answered;

export const ringsOut: Course = { kind: "rings-out", reason: "TELECOM_TIMEOUT", detection: "AMD_UNANSWERED" };
