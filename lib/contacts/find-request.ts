import type { ContactLookup } from "../connect/contact-centre.ts";
import { attemptIdAttribute, parseAttemptId } from "./attempt.ts";
import type { Contacts } from "./contacts.ts";

export type Found =
  /** It is the contact of the present attempt of this request, whether its record knows it yet or not. */
  | { kind: "request"; requestId: string; attempt: number; contactId: string }
  /** A former attempt of a request, or a contact that this service has not placed; `initialContactId` is the first of its chain. */
  | { kind: "other"; initialContactId: string }
  | { kind: "not-found" }
  /** Connect cannot be asked just now. */
  | { kind: "not-now" };

/** Whose contact this is, by the index, or by the attempt that the contact carries: the index may lag behind. */
export async function findRequest(
  contactId: string,
  { contacts, lookup }: { contacts: Contacts; lookup: ContactLookup },
): Promise<Found> {
  const indexed = await contacts.requestIdOf(contactId);
  if (indexed !== undefined) {
    const record = (await contacts.look([indexed])).get(indexed);
    if (record?.contactId === contactId)
      return { kind: "request", requestId: indexed, attempt: record.attempt, contactId };
  }
  const answer = await lookup.describe(contactId);
  if (answer.kind !== "found") return answer;
  const attempt = parseAttemptId(answer.contact.attributes[attemptIdAttribute] ?? "");
  const { initialContactId = contactId } = answer.contact;
  const other = { kind: "other", initialContactId } as const;
  if (!attempt) return other;
  const record = (await contacts.look([attempt.requestId])).get(attempt.requestId);
  // A leg that a transfer made carries the attempt too.
  const isPresent =
    record?.attempt === attempt.attempt && (record.contactId ?? initialContactId) === contactId;
  return isPresent ? { kind: "request", ...attempt, contactId } : other;
}
