import type { CallRecord } from "../../lib/contacts/call-record.ts";
import { attemptOf, byRequest, type Check, type Observed } from "./observed.ts";

/** Milliseconds from the stop's record: a claim may just have been written, and its dial is still on its way. */
const underWayMs = 15_000;

/** No call of a stopped request goes on, none is begun, and none was where the record says that there was none. */
export const stopped: Check = (observed) => [
  ...goingOn(observed),
  ...begunAfterwards(observed),
  ...dialledAllTheSame(observed),
  ...forgotten(observed),
];

/** Of a parked request nobody knows the contact. */
const goingOn: Check = (observed) => {
  const records = byRequest(observed);
  return observed.contacts.flatMap((contact) => {
    const { requestId } = attemptOf(contact);
    const record = records.get(requestId);
    if (contact.disconnectedAt !== null || record?.stopAt === undefined || record.state === "parked")
      return [];
    return [`${requestId} was stopped, is ${record.state}, and its contact ${contact.contactId} goes on`];
  });
};

const begunAfterwards: Check = (observed) => {
  const records = byRequest(observed);
  const dials = Map.groupBy(observed.seen.dials, ({ clientToken }) => clientToken);
  return observed.contacts.flatMap((contact) => {
    const { requestId } = attemptOf(contact);
    const stopAt = Date.parse(records.get(requestId)?.stopAt ?? "");
    const dialledAt = Math.max(...(dials.get(contact.clientToken ?? "") ?? []).map(({ at }) => at));
    if (!(dialledAt > stopAt + underWayMs)) return [];
    return [
      `${requestId} was dialled ${Math.round((dialledAt - stopAt) / 1000)} s after its stop was on record`,
    ];
  });
};

/** Its present attempt was not dialled, says its state. */
const neverDialled = new Set<CallRecord["state"]>(["cancelled", "refused", "expired", "deferred"]);

const dialledAllTheSame: Check = (observed) => {
  const records = byRequest(observed);
  return observed.contacts.flatMap((contact) => {
    const { requestId, attempt } = attemptOf(contact);
    const record = records.get(requestId);
    if (!record || !neverDialled.has(record.state) || attempt < record.attempt) return [];
    return [
      `${requestId} is ${record.state} in attempt ${record.attempt}, and has the contact ${contact.contactId}`,
    ];
  });
};

/** Each stop is on the record of what it was about, unless that was over by then. */
const forgotten: Check = (observed) => {
  const records = byRequest(observed);
  return [...stopTargets(observed)].flatMap((requestId) => {
    const record = records.get(requestId);
    if (record && (record.stopAt !== undefined || ["ended", "refused", "expired"].includes(record.state)))
      return [];
    return [`the stop of ${requestId} is not on record: it is ${record?.state ?? "missing"}`];
  });
};

function stopTargets({ sent }: Observed): Set<string> {
  const campaigns = new Set(sent.stops.flatMap(({ campaignId }) => campaignId ?? []));
  const ofCampaigns = [...sent.calls].flatMap(([requestId, [body]]) =>
    campaigns.has(String(body?.["campaignId"])) && body?.["ringTimeoutSeconds"] === undefined
      ? [requestId]
      : [],
  );
  return new Set([...sent.stops.flatMap(({ requestId }) => requestId ?? []), ...ofCampaigns]);
}
