import * as v from "valibot";
import { type CallRecord, callRecordSchema } from "../contacts/call-record.ts";

/** What may be shown of a record to anybody: nothing that tells who is called, or why. */
export const shownFields = [
  "requestId",
  "state",
  "attempt",
  "outcome",
  "reason",
  "problems",
  "campaignId",
  "contactId",
  "disconnectReason",
  "postponed",
  "stopAt",
  "dueAt",
  "createdAt",
  "claimedAt",
  "placedAt",
  "connectedAt",
  "agentConnectedAt",
  "endedAt",
  "updatedAt",
  "revision",
] as const satisfies (keyof CallRecord)[];

export const shownSchema = v.pick(callRecordSchema, [...shownFields]);
export type Shown = v.InferOutput<typeof shownSchema>;

export function shownOf(record: CallRecord): Shown {
  return v.parse(shownSchema, record);
}
