import { isSettled } from "../../lib/contacts/contact-states.ts";
import { byRequest, type Check } from "./observed.ts";

/** Every request has come to an end, or waits for a decision, and nothing goes on. */
export const accountedFor: Check = (observed) => {
  const records = byRequest(observed);
  const lost = [...observed.sent.calls.keys()].flatMap((requestId) => {
    const record = records.get(requestId);
    if (!record) return [`${requestId} is not on record`];
    return isSettled(record.state) && record.requestHash !== "" ? [] : [`${requestId} is ${record.state}`];
  });
  return [...lost, ...observed.left.map((what) => `not at rest: ${what}`)];
};
