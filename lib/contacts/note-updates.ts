import type { AttributeUpdate } from "./attribute-update.ts";
import type { CallRecord, RefusedUpdate } from "./call-record.ts";
import { type Contacts, type FirstRecord, iso, type Written } from "./contacts.ts";
import { awaited } from "./first-record.ts";
import { contactOf, isOwedUpdates, isSame, type Merged, mergeUpdates, withRefused } from "./kept-updates.ts";
import { type Patience, ttlFrom } from "./patience.ts";
import { isInternalKey } from "./record-keys.ts";

type Steps = { contacts: Contacts; now(): number; patience: Pick<Patience, "keepMs"> };

/** Of a request's present attempt. */
export interface PresentContact {
  attempt: number;
  contactId: string;
}

export interface NotedUpdates {
  kind: "noted";
  record: CallRecord;
  /** The contact is known, and no message is on its way that will send them. */
  toSend: boolean;
  refused: Merged["refused"];
}

/** Beyond this many lost races something is wrong, and the messages come back. */
const races = 8;

/** A message that was to send them has come to grief after that. */
const queuedForMs = 5 * 60_000;

/** Puts updates on record, so that the next dial carries them, or the contact gets them. */
export function noteUpdates(key: string, updates: AttributeUpdate[], steps: Steps): Promise<NotedUpdates>;
/**
 * @param key a requestId, or the key of a contact that is no request's present one
 * @param contact the one that the updates name; a record that does not know it yet learns of it
 * @returns "moved" when another attempt has taken its place, which has another contact
 */
export function noteUpdates(
  key: string,
  updates: AttributeUpdate[],
  steps: Steps,
  contact: PresentContact | undefined,
): Promise<NotedUpdates | { kind: "moved" }>;
export async function noteUpdates(
  key: string,
  updates: AttributeUpdate[],
  steps: Steps,
  contact?: PresentContact,
): Promise<NotedUpdates | { kind: "moved" }> {
  let record = (await steps.contacts.look([key])).get(key);
  for (let race = 0; race < races; race += 1) {
    if (contact && !isOf(record, contact)) return { kind: "moved" };
    if (record && isOver(record)) {
      const { attributeUpdates = [], state } = record;
      const reason = `the request is ${state}, so there is no contact`;
      const late = updates.filter((update) => !attributeUpdates.some((known) => isSame(known, update)));
      return { kind: "noted", record, toSend: false, refused: late.map((update) => ({ update, reason })) };
    }
    const { written, refused } = await note(key, record, updates, steps, contact?.contactId);
    if (written.kind === "written") {
      // After a lost race, or where they are on record already, the flag may be our own, of a write whose answer was lost.
      const queued = race === 0 && written.record !== record && isQueued(record, steps.now());
      return {
        kind: "noted",
        record: written.record,
        toSend: isOwedUpdates(written.record) && !queued,
        refused,
      };
    }
    record = written.record;
  }
  throw new Error("the record keeps changing");
}

async function note(
  key: string,
  record: CallRecord | undefined,
  updates: AttributeUpdate[],
  steps: Steps,
  contactId = record?.contactId,
): Promise<{ written: Written; refused: NotedUpdates["refused"] }> {
  const now = steps.now();
  const first = firstOf(key, steps);
  const before: CallRecord | FirstRecord = record ?? first;
  const { updatesVersion = 0 } = before;
  const { kept, version, refused } = mergeUpdates(before, updates);
  const news = version !== updatesVersion;
  const refusals = newRefusals(before, refused, now);
  const isKnown = contactOf({ requestId: key, contactId }) !== undefined;
  if (!news && refusals.length === 0 && record) return { written: { kind: "written", record }, refused };
  const set = {
    attributeUpdates: kept,
    ...(contactId !== record?.contactId && { contactId }),
    updatesVersion: news ? version : version + 1,
    ...(refusals.length > 0 && { updatesRefused: withRefused(before, refusals) }),
    ...(news && isKnown && !isQueued(record, now) && { updatesQueuedAt: iso(now) }),
    ttl: Math.max(before.ttl, ttlFrom(now, steps.patience)),
  };
  if (!record) return { written: await steps.contacts.add({ ...first, ...set }, now), refused };
  const { requestId, state, attempt } = record;
  const written = await steps.contacts.change(
    { requestId, to: state, amend: true, quietly: true, attempt, ifUpdates: updatesVersion, set },
    now,
  );
  return { written, refused };
}

/** What was refused is not taken when it comes once more, even if it would fit by then: its producer has been told. */
function newRefusals(
  { updatesRefused = [] }: Pick<CallRecord, "updatesRefused">,
  refused: NotedUpdates["refused"],
  now: number,
): RefusedUpdate[] {
  return refused
    .filter(({ update }) => !updatesRefused.some(({ updateId }) => updateId === update.updateId))
    .map(({ update: { updateId }, reason }) => ({ updateId, reason, at: iso(now) }));
}

function isQueued(record: CallRecord | undefined, now: number): boolean {
  return record?.updatesQueuedAt !== undefined && Date.parse(record.updatesQueuedAt) + queuedForMs > now;
}

/** No contact of it will ever carry them. Without a contact an operator has ended it. */
function isOver({ requestId, state, contactId }: CallRecord): boolean {
  if (isInternalKey(requestId)) return false;
  return (
    ["refused", "cancelled", "expired"].includes(state) || (state === "ended" && contactId === undefined)
  );
}

const firstOf = (key: string, steps: Steps): FirstRecord =>
  isInternalKey(key) ? ofContact(key, steps) : awaited(key, steps);

function isOf(record: CallRecord | undefined, { attempt, contactId }: PresentContact): boolean {
  return record?.attempt === attempt && (record.contactId ?? contactId) === contactId;
}

/** Of a contact that is no request's present one nothing is dialled: its record holds its updates, and no more. */
export const ofContact = (key: string, { now, patience }: Omit<Steps, "contacts">): FirstRecord => ({
  requestId: key,
  requestHash: "",
  state: "cancelled",
  attempt: 0,
  ttl: ttlFrom(now(), patience),
});
