import { deterministicId } from "../contacts/attempt.ts";
import type { CallRecord, RefusedUpdate } from "../contacts/call-record.ts";
import type { State } from "../contacts/contact-states.ts";
import type { Outcome } from "../contacts/outcome.ts";
import { contactInKey } from "../contacts/record-keys.ts";
import type { SettledChange, UserPart } from "../roster/user-change.ts";

/** What producers are told, as JSON on the topic `contact-notices`. */
export type Notice = StateNotice | UpdateRefusedNotice | UserNotice;

/** Of a call request. */
export interface StateNotice {
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

/** An update of attributes of which nothing was applied. */
export interface UpdateRefused {
  updateId: string;
  /** What it was about: one of both. */
  requestId?: string | undefined;
  contactId?: string | undefined;
  reason: string;
  /** What is wrong with an update that was refused for its form. */
  problems?: string[] | undefined;
  at: string;
}

export interface UpdateRefusedNotice extends UpdateRefused {
  noticeId: string;
  type: "update-refused";
}

/** What became of a user command. It has no values: those are on record. */
export interface UserNotice extends Pick<SettledChange, "username" | "commandId" | "source" | "reason"> {
  noticeId: string;
  type: "user-changed";
  state: SettledChange["state"];
  /** What was changed; of a command that was given up half way, what may have been. */
  parts: UserPart[];
  /** Greater for what was sent later: of the same length for all commands. */
  order: string;
  /** When the command was begun. */
  at: string;
}

export interface Notices {
  /** @returns the ids of the notices that could not be published */
  publish(notices: Notice[]): Promise<Set<string>>;
}

export function noticeOf(record: CallRecord): StateNotice {
  return {
    // In words that no attempt's id has: its token is derived in the same way.
    noticeId: deterministicId(`${record.requestId} revision ${record.revision}`),
    type: "state-changed",
    ...told(record),
  };
}

/** The same requestId came with other content: nothing was changed. */
export function conflictNoticeOf(record: CallRecord, otherHash: string): StateNotice {
  const noticeId = deterministicId(`${record.requestId} conflict ${otherHash}`);
  return {
    noticeId,
    type: "conflict",
    ...told(record),
    reason: "this requestId is already in use with other content",
  };
}

export function updateRefusedNoticeOf(refused: UpdateRefused): UpdateRefusedNotice {
  const about = refused.requestId ?? `contact ${refused.contactId}`;
  const noticeId = deterministicId(`update ${refused.updateId} of ${about} refused`);
  return { noticeId, type: "update-refused", ...refused };
}

/** Of an update that was on record already. */
export function refusedOn(key: string, refused: RefusedUpdate): UpdateRefused {
  const contactId = contactInKey(key);
  return contactId === undefined ? { ...refused, requestId: key } : { ...refused, contactId };
}

/** A command that is carried out once more is announced under the same id, unless it ends otherwise than before. */
export function userNoticeOf(change: SettledChange): UserNotice {
  const { username, order, commandId, source, reason, state, at, changes } = change;
  return {
    noticeId: deterministicId(`user ${username} command ${order} ${state}`),
    type: "user-changed",
    username,
    commandId,
    ...(source !== undefined && { source }),
    ...(reason !== undefined && { reason }),
    state,
    parts: changes.map(({ part }) => part),
    order,
    at,
  };
}

function told(record: CallRecord): Omit<StateNotice, "noticeId" | "type"> {
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
