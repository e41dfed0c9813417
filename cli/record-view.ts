import * as v from "valibot";
import { type CallRecord, callRecordSchema, requestOf } from "../lib/contacts/call-record.ts";
import { aligned } from "./print.ts";

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

/** @param more rows to come below the record's own */
export function linesOf(shown: Shown, more: string[][] = []): string[] {
  const rows = shownFields.flatMap((field) => {
    const value = shown[field];
    if (value === undefined) return [];
    return Array.isArray(value)
      ? value.map((each, index) => [index === 0 ? field : "", each])
      : [[field, String(value)]];
  });
  return aligned([...rows, ...more]);
}

/** As much of the request as tells one from another without telling whom it is for. */
export function veiledRequestOf(record: CallRecord) {
  const request = requestOf(record);
  if (!request) return undefined;
  const { destination, attributes = {} } = request;
  return {
    destination: `${"*".repeat(Math.max(0, destination.length - 2))}${destination.slice(-2)}`,
    attributeNames: Object.keys(attributes),
  };
}
