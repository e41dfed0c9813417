import { parseAttemptId } from "../../lib/contacts/attempt.ts";
import type { CallRecord } from "../../lib/contacts/call-record.ts";
import type { ContactView, RequestView } from "../../local/connect-simulator/simulator.ts";
import type { Told } from "../../local/stack/notice-watch.ts";
import type { Pace } from "../conditions.ts";
import type { Seen } from "../disturb/witness.ts";
import type { Sent } from "../producer.ts";

/** All that the audit goes by. */
export interface Observed {
  pace: Pace;
  sent: Sent;
  /** The table `contacts`. */
  records: CallRecord[];
  /** Connect's own view: every contact, and every request to its API. */
  contacts: ContactView[];
  connectRequests: RequestView[];
  /** On the way there. */
  seen: Seen;
  /** As a subscriber's queue had them. */
  notices: Told[];
  deadLetters: { queue: string; body: string }[];
  /** What had not come to rest. */
  left: string[];
  /** Lines of the logs that hold what they must not. */
  personalData: string[];
}

/** What a promise was not kept for. */
export type Check = (observed: Observed) => string[];

export const attemptOf = ({ attributes }: ContactView): { requestId: string; attempt: number } =>
  parseAttemptId(attributes["attemptId"] ?? "") ?? { requestId: "", attempt: 0 };

/** Those of requests, and not those that the service keeps for itself. */
export const requestsOf = ({ records }: Observed): CallRecord[] =>
  records.filter(({ requestId }) => !requestId.includes("#"));

export const byRequest = (observed: Observed): Map<string, CallRecord> =>
  new Map(requestsOf(observed).map((record) => [record.requestId, record]));
