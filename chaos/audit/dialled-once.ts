import { requestOf } from "../../lib/contacts/call-record.ts";
import { attemptOf, byRequest, type Check } from "./observed.ts";

/** One contact for each attempt, one try of each dial, and no more attempts than were asked for. */
export const dialledOnce: Check = (observed) => [
  ...doubleContacts(observed),
  ...secondTries(observed),
  ...tooManyAttempts(observed),
];

const doubleContacts: Check = ({ contacts }) =>
  [...Map.groupBy(contacts, ({ attributes }) => attributes["attemptId"] ?? "")]
    .filter(([attemptId, all]) => attemptId === "" || all.length > 1)
    .map(([attemptId, all]) => `${all.length} contacts of the attempt "${attemptId}"`);

/** Only a certain refusal, which is a 4xx, may be followed by another try. */
const secondTries: Check = ({ seen, connectRequests }) => {
  const isRefusal = ({ operation, status }: { operation: string; status: number }) =>
    operation === "StartOutboundVoiceContact" && status >= 400 && status < 500;
  const refusals = Map.groupBy(connectRequests.filter(isRefusal), ({ clientToken }) => clientToken);
  return [...Map.groupBy(seen.dials, ({ clientToken }) => clientToken)].flatMap(([clientToken, dials]) => {
    const refused = refusals.get(clientToken)?.length ?? 0;
    if (dials.length <= refused + 1) return [];
    return [`the token ${clientToken} was sent ${dials.length} times, of which Connect refused ${refused}`];
  });
};

const tooManyAttempts: Check = (observed) => {
  const records = byRequest(observed);
  const parked = Map.groupBy(
    observed.notices.filter(({ state }) => state === "parked"),
    ({ requestId }) => requestId,
  );
  return [...Map.groupBy(observed.contacts, (contact) => attemptOf(contact).requestId)].flatMap(
    ([requestId, contacts]) => {
      const record = records.get(requestId);
      if (!record) return [`${contacts.length} contacts of ${requestId}, which is not on record`];
      const redials = new Set(parked.get(requestId)?.map(({ attempt }) => attempt)).size;
      const most = (requestOf(record)?.retry?.attempts ?? 1) + redials;
      return contacts.length > most
        ? [`${contacts.length} contacts of ${requestId}, which allows ${most} attempts`]
        : [];
    },
  );
};
