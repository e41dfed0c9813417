import type { AttributeUpdate } from "../../lib/contacts/attribute-update.ts";
import { type CallRecord, requestOf } from "../../lib/contacts/call-record.ts";
import { attemptOf, type Check, type Observed, requestsOf } from "./observed.ts";

/** The contact of each request has of every attribute the newest value, whatever order the updates came in. */
export const attributesConverged: Check = (observed) => {
  const contacts = new Map(observed.contacts.map((contact) => [contact.contactId, contact]));
  const byRequest = Map.groupBy(observed.contacts, (contact) => attemptOf(contact).requestId);
  const updates = countingUpdates(observed);
  return requestsOf(observed).flatMap((record) => {
    const { requestId, contactId = "", state } = record;
    const contact = contacts.get(contactId);
    if (!contact || state !== "ended") return [];
    const former = (byRequest.get(requestId) ?? []).filter((one) => one !== contact);
    const must = [...(updates.get(requestId) ?? []), ...(updates.get(contactId) ?? [])].toSorted(byAge);
    // What named the contact of an attempt while that was the present one joins the next attempt.
    const may = former.flatMap((one) => updates.get(one.contactId) ?? []);
    return Object.entries(expectedOf(record, must)).flatMap(([name, value]) => {
      const shown = contact.attributes[name];
      const newest = must.findLast(({ attributes }) => name in attributes);
      const isNewer = (update: AttributeUpdate) => newest === undefined || byAge(newest, update) < 0;
      return shown === value || may.some((update) => update.attributes[name] === shown && isNewer(update))
        ? []
        : [`${requestId}: its contact has an old value of ${name}`];
    });
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

const expectedOf = (record: CallRecord, inOrder: AttributeUpdate[]): Record<string, string> =>
  Object.assign({}, requestOf(record)?.attributes, ...inOrder.map(({ attributes }) => attributes));

const byAge = (one: AttributeUpdate, other: AttributeUpdate): number =>
  one.occurredAt < other.occurredAt || (one.occurredAt === other.occurredAt && one.updateId < other.updateId)
    ? -1
    : 1;
