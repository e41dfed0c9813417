import { deterministicId } from "../contacts/attempt.ts";
import type { CallRecord } from "../contacts/call-record.ts";
import type { State } from "../contacts/contact-states.ts";
import type { Outcome } from "../contacts/outcome.ts";

/** What producers are told, as JSON on the topic `contact-notices`. */
export interface Notice {
  /** The same for the same change, however often it is told: consumers drop what they have seen. */
  noticeId: string;
  type: "state-changed" | "conflict";
  requestId: string;
  /** Present while the request has, or had, an attempt. */
  attempt?: number;
  state: State;
  contactId?: string;
  outcome?: Outcome;
  reason?: string;
  /** What is wrong with a request that was refused for its form. */
  problems?: string[];
  dueAt?: string;
  /** Grows with every change of this request, for consumers that want them in order. */
  revision: number;
  at: string;
}

export interface Notices {
  /** @returns the ids of the notices that could not be published */
  publish(notices: Notice[]): Promise<Set<string>>;
}

export function noticeOf(record: CallRecord): Notice {
  return {
    noticeId: deterministicId(`${record.requestId}#${record.revision}`),
    type: "state-changed",
    ...told(record),
  };
}

/** The same requestId came with other content: nothing was changed. */
export function conflictNoticeOf(record: CallRecord, otherHash: string): Notice {
  const noticeId = deterministicId(`${record.requestId} conflict ${otherHash}`);
  return {
    noticeId,
    type: "conflict",
    ...told(record),
    reason: "this requestId is already in use with other content",
  };
}

function told(record: CallRecord): Omit<Notice, "noticeId" | "type"> {
  return {
    requestId: record.requestId,
    ...(record.attempt > 0 && { attempt: record.attempt }),
    state: record.state,
    ...(record.contactId && { contactId: record.contactId }),
    ...(record.outcome && { outcome: record.outcome }),
    ...(record.reason && { reason: record.reason }),
    ...(record.problems && { problems: record.problems }),
    ...(record.dueAt && { dueAt: record.dueAt }),
    revision: record.revision,
    at: record.updatedAt,
  };
}
