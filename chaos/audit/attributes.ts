import type { AttributeUpdate } from "../../lib/contacts/attribute-update.ts";
import { type CallRecord, requestOf } from "../../lib/contacts/call-record.ts";
import { type Check, type Observed, requestsOf } from "./observed.ts";

/** The contact of each request has of every attribute the newest value, whatever order the updates came in. */
export const attributesConverged: Check = (observed) => {
  const contacts = new Map(observed.contacts.map((contact) => [contact.contactId, contact]));
  const counting = countingUpdates(observed);
  return requestsOf(observed).flatMap((record) => {
    const contact = contacts.get(record.contactId ?? "");
    if (!contact || record.state !== "ended") return [];
    return Object.entries(expectedOf(record, counting)).flatMap(([name, value]) =>
      contact.attributes[name] === value
        ? []
        : [`${record.requestId}: its contact has an old value of ${name}`],
    );
  });
};

type ByTarget = Map<string, AttributeUpdate[]>;

/** Those that were not refused. */
function countingUpdates({ sent, notices }: Observed): ByTarget {
  const refused = new Set(
    notices.filter(({ type }) => type === "update-refused").map(({ updateId }) => updateId),
  );
  return Map.groupBy(
    sent.updates.filter(({ updateId }) => !refused.has(updateId)),
    ({ requestId, contactId }) => requestId ?? contactId ?? "",
  );
}

function expectedOf(record: CallRecord, updates: ByTarget): Record<string, string> {
  const ofRequest = updates.get(record.requestId) ?? [];
  const ofContact = updates.get(record.contactId ?? "") ?? [];
  const inOrder = [...ofRequest, ...ofContact].toSorted(byAge);
  return Object.assign({}, requestOf(record)?.attributes, ...inOrder.map((update) => update.attributes));
}

const byAge = (one: AttributeUpdate, other: AttributeUpdate): number =>
  one.occurredAt < other.occurredAt || (one.occurredAt === other.occurredAt && one.updateId < other.updateId)
    ? -1
    : 1;
