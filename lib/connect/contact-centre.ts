import type { DialOrder } from "../contacts/call-record.ts";

/** Why Connect, or the way to it, says no for the moment. Nothing was dialled. */
export type NotNow = "rate" | "active-calls" | "unreachable" | "not-authorised";

export type DialAnswer =
  | { kind: "accepted"; contactId: string }
  /** For good: asking again would get the same answer. */
  | { kind: "refused"; reason: string }
  | { kind: "not-now"; why: NotNow }
  /** The customer may be ringing. */
  | { kind: "unclear"; reason: string };

/** What DescribeContact tells of one contact; instants are ISO 8601. */
export interface ContactFacts {
  contactId: string;
  /** The first of its chain of transfers, where it is not that itself: all of a chain share its attributes. */
  initialContactId?: string | undefined;
  initiationMethod?: string | undefined;
  attributes: Record<string, string>;
  disconnectReason?: string | undefined;
  connectedAt?: string | undefined;
  agentConnectedAt?: string | undefined;
  disconnectedAt?: string | undefined;
  answeringMachineDetectionStatus?: string | undefined;
}

export type Description =
  | { kind: "found"; contact: ContactFacts }
  | { kind: "not-found" }
  | { kind: "not-now" };

/** Places calls. */
export interface Dialler {
  /** Sends StartOutboundVoiceContact exactly once. Never throws: every way it can end is an answer. */
  dial(order: DialOrder): Promise<DialAnswer>;
}

/** `over`: the contact had ended, or there never was one. `unclear`: it may have been stopped; asking again does no harm. */
export type StopAnswer = "stopped" | "over" | "not-now" | "unclear";

/** Ends calls. */
export interface Stopper {
  /** Throws only where asking again cannot help. */
  stop(contactId: string): Promise<StopAnswer>;
}

/** Tells what became of a call. */
export interface ContactLookup {
  describe(contactId: string): Promise<Description>;
}

export type WriteAnswer =
  | { kind: "written" }
  /** For good. `gone`: there is no such contact, or no longer. */
  | { kind: "refused"; reason: string; gone: boolean }
  | { kind: "not-now" }
  /** It may have been written; asking again does no harm. */
  | { kind: "unclear" };

/** Sets attributes of a contact, whether it has ended or not; those that are not named stay as they are. */
export interface AttributeWriter {
  /** Throws only where asking again cannot help. */
  write(contactId: string, attributes: Record<string, string>): Promise<WriteAnswer>;
}
