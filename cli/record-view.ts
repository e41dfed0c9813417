import { type Shown, shownFields } from "../lib/api/record-view.ts";
import { type CallRecord, requestOf } from "../lib/contacts/call-record.ts";
import { unsentOf, valuesOf } from "../lib/contacts/kept-updates.ts";
import { aligned } from "./print.ts";

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

/** Which attributes have been updated since the request was made, and which of these its contact does not have yet. */
export function updatesOf(record: CallRecord) {
  if (!record.attributeUpdates) return undefined;
  return {
    updatedAttributeNames: Object.keys(valuesOf(record.attributeUpdates)),
    unsentAttributeNames: Object.keys(unsentOf(record)),
  };
}
