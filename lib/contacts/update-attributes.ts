import { announce, type Told } from "../notices/announce.ts";
import { type Notices, refusedOn, type UpdateRefused, updateRefusedNoticeOf } from "../notices/notice.ts";
import { type AttributeUpdate, groupOf, readAttributeUpdate, type SendUpdates } from "./attribute-update.ts";
import type { CallRecord, RefusedUpdate } from "./call-record.ts";
import { iso } from "./contacts.ts";
import type { Delivery } from "./delivery.ts";
import { type Found, findRequest } from "./find-request.ts";
import { type AttributeUpdates, sendingOf } from "./hand-over.ts";
import { isOwedUpdates, mostRefused } from "./kept-updates.ts";
import { noteUpdates, type PresentContact } from "./note-updates.ts";
import type { Patience } from "./patience.ts";
import { contactKeyOf } from "./record-keys.ts";
import { type SendSteps, type SentUpdates, sendMs, sendUpdates } from "./send-updates.ts";

export type Updated =
  /** On record: the call will be placed with it, or the contact will get it. */
  | { kind: "noted"; record: CallRecord }
  /** The contact has all that was on record, but for what Connect refused. */
  | { kind: "sent"; record: CallRecord; refused: UpdateRefused[] }
  /** There was nothing left to send, or there is no contact yet. */
  | { kind: "nothing"; record?: CallRecord | undefined; refused: UpdateRefused[] }
  /** Nothing of it was put on record; its producer is told why. */
  | { kind: "refused"; why: string; refused: UpdateRefused[] }
  /** Sent again, behind what is in the queue: no wait uses up the receives of a message. */
  | { kind: "later"; why: "rate" | "unclear" | "moved"; refused: UpdateRefused[] }
  | { kind: "unusable"; why: string }
  | { kind: "failed"; error: unknown };

export const afterwards = {
  noted: "delete",
  sent: "delete",
  nothing: "delete",
  refused: "delete",
  later: "delete",
  unusable: "delete", // it is in the dead-letter queue
  failed: "deliver again",
} as const satisfies Record<Updated["kind"], "delete" | "deliver again">;

/** All that this story can touch. */
export interface UpdateSteps extends SendSteps {
  notices: Notices;
  attributeUpdates: AttributeUpdates;
  deadLetters: { put(delivery: Delivery, why: string): Promise<void> };
  patience: Pick<Patience, "keepMs" | "waitMs">;
}

/** Where not one moment was free, the queue is asked again after that. */
const idleMs = 2_000;
/**
 * So often Connect is asked again where it gives no clear answer, or does not know a contact that it has just named. Then the
 * message comes back by itself, or the contact is taken to be gone.
 */
const mostTries = 3;

type Results = Map<string, Updated>;

interface UpdateDelivery {
  delivery: Delivery;
  update: AttributeUpdate;
}

/** Where updates that name the same are noted. */
interface Place {
  /** Of the record. */
  key: string;
  /** The one that they name, of a request's present attempt. */
  contact?: PresentContact;
}

interface Note extends Place {
  ofKey: UpdateDelivery[];
}

interface SendDelivery {
  delivery: Delivery;
  send: SendUpdates;
}

/**
 * Keeps the attributes of contacts: parse ▸ find ▸ note ▸ hand over, and for what was handed over: pace ▸ send ▸ notice.
 * An update is put on record at once, and sent by a message behind all others of its group: so many updates of one contact
 * become one request to Connect. Safe to repeat, in any order.
 */
export async function updateAttributes(
  deliveries: Delivery[],
  steps: UpdateSteps,
  mustEndBy: number,
): Promise<Results> {
  const results: Results = new Map();
  const { updates, sends } = await parse(deliveries, steps, results);
  const notes = await find(updates, steps, results);
  await Promise.all(notes.map((one) => note(one, steps, results)));
  await sendAll(sends, steps, mustEndBy, results);
  await announce(results, noticesFor(results), steps.notices);
  return results;
}

async function parse(
  deliveries: Delivery[],
  steps: UpdateSteps,
  results: Results,
): Promise<{ updates: UpdateDelivery[]; sends: SendDelivery[] }> {
  const updates: UpdateDelivery[] = [];
  const sends: SendDelivery[] = [];
  for (const delivery of deliveries) {
    const reading = readAttributeUpdate(delivery.body, steps.now());
    if (reading.kind === "update") updates.push({ delivery, update: reading.update });
    else if (reading.kind === "send") sends.push({ delivery, send: reading.send });
    else
      await guarded([delivery], results, async () => {
        if (reading.kind === "wrong") return refusal(reading, "the update is wrong", steps);
        await steps.deadLetters.put(delivery, reading.why);
        return reading;
      });
  }
  return { updates, sends };
}

async function find(updates: UpdateDelivery[], steps: UpdateSteps, results: Results): Promise<Note[]> {
  const notes: Note[] = [];
  const byTarget = Map.groupBy(updates, ({ update }) => groupOf(update));
  await Promise.all(
    [...byTarget.values()].map((ofTarget) =>
      guarded(deliveriesOf(ofTarget), results, async () => {
        const found = await placeOf(ofTarget[0]?.update, steps);
        if (found.kind === "found") notes.push({ ...found.place, ofKey: ofTarget });
        else if (found.kind === "not-found") {
          for (const { delivery, update } of ofTarget)
            results.set(delivery.messageId, refusal(update, "Connect knows no such contact", steps));
        } else {
          await steps.until(steps.now() + idleMs);
          await again(ofTarget, steps);
          return { kind: "later", why: "rate", refused: [] };
        }
        return undefined;
      }),
    ),
  );
  return notes;
}

const again = (updates: UpdateDelivery[], { attributeUpdates }: UpdateSteps): Promise<void> =>
  attributeUpdates.send(
    updates.map(({ delivery, update }) => ({ group: groupOf(update), body: delivery.body })),
  );

async function placeOf(
  update: AttributeUpdate | undefined,
  steps: UpdateSteps,
): Promise<{ kind: "found"; place: Place } | { kind: "not-found" | "not-now" }> {
  if (update?.requestId !== undefined) return { kind: "found", place: { key: update.requestId } };
  const contactId = update?.contactId ?? "";
  const key = contactKeyOf(contactId);
  // One that has had updates before need not be looked for again.
  if ((await steps.contacts.look([key])).has(key)) return { kind: "found", place: { key } };
  const found = await findRequest(contactId, steps);
  if (found.kind === "request") return ofRequest(found);
  if (found.kind !== "other") return { kind: found.kind };
  const { initialContactId } = found;
  // All of a chain of transfers share the attributes of the first, which may be a call of ours.
  const first = initialContactId === contactId ? found : await findRequest(initialContactId, steps);
  if (first.kind === "not-now") return { kind: "not-now" };
  return first.kind === "request"
    ? ofRequest(first)
    : { kind: "found", place: { key: contactKeyOf(initialContactId) } };
}

const ofRequest = ({ requestId, ...contact }: Extract<Found, { kind: "request" }>) =>
  ({ kind: "found", place: { key: requestId, contact } }) as const;

async function note({ key, contact, ofKey }: Note, steps: UpdateSteps, results: Results): Promise<void> {
  await guarded(deliveriesOf(ofKey), results, async () => {
    const updates = ofKey.map(({ update }) => update);
    const noted = await noteUpdates(key, updates, steps, contact);
    if (noted.kind === "moved") {
      await again(ofKey, steps);
      return { kind: "later", why: "moved", refused: [] };
    }
    const { record, toSend, refused } = noted;
    // Of a message that came before it is not known whether the one that sends got into the queue.
    const owed = ofKey.some(({ delivery }) => delivery.redelivered) && isOwedUpdates(record);
    if (toSend || owed) await steps.attributeUpdates.send([sendingOf(key)]);
    for (const { update, reason } of refused)
      for (const { delivery } of ofKey.filter((one) => one.update === update))
        results.set(delivery.messageId, refusal(update, reason, steps));
    return { kind: "noted", record };
  });
}

async function sendAll(
  sends: SendDelivery[],
  steps: UpdateSteps,
  mustEndBy: number,
  results: Results,
): Promise<void> {
  if (sends.length === 0) return;
  const byKey = [...Map.groupBy(sends, ({ send }) => send.send)];
  const horizonMs = Math.min(steps.patience.waitMs, mustEndBy - steps.now() - sendMs);
  await guarded(deliveriesOf(sends), results, async () => {
    const moments = await steps.rate.take(byKey.length, horizonMs);
    // A worker that has nothing to wait for would only send the messages round.
    if (moments.length === 0) await steps.until(Math.min(steps.now() + idleMs, mustEndBy - sendMs));
    await Promise.all(
      byKey.map(([key, ofKey], index) =>
        guarded(deliveriesOf(ofKey), results, () => send(key, ofKey, moments[index], steps, mustEndBy)),
      ),
    );
    return undefined;
  });
}

async function send(
  key: string,
  ofKey: SendDelivery[],
  at: number | undefined,
  steps: UpdateSteps,
  mustEndBy: number,
): Promise<Updated> {
  const tries = Math.max(...ofKey.map((one) => one.send.tries));
  const together = ofKey.map((one) => one.send.together).find((one) => one !== undefined);
  const untold = await untoldOf(key, ofKey, steps);
  const result = await sendUpdates(key, at, steps, {
    mustEndBy,
    together,
    patient: tries >= mostTries,
    mostRefused: Math.max(0, mostRefused - untold.length),
  });
  const refused = refusalsOf(result, untold).map((one) => refusedOn(key, one));
  if (result.kind === "sent" && result.former !== undefined)
    await steps.attributeUpdates.send([sendingOf(result.former)]);
  if (result.kind !== "later") return { ...result, refused };
  if (result.why === "unclear") await bideAfter(tries, steps, mustEndBy);
  const how = {
    tries: result.why === "unclear" ? tries + 1 : tries,
    ...(result.together !== undefined && { together: result.together }),
  };
  await steps.attributeUpdates.send([sendingOf(key, how)]);
  return { kind: "later", why: result.why, refused };
}

/** Of a message that came before it is not known whether the notices of its refusals got out: no others push these off the record. */
async function untoldOf(
  key: string,
  ofKey: SendDelivery[],
  { contacts }: UpdateSteps,
): Promise<RefusedUpdate[]> {
  if (!ofKey.some(({ delivery }) => delivery.redelivered)) return [];
  return (await contacts.look([key])).get(key)?.updatesRefused ?? [];
}

/** Nobody knows of one on record whether it was told when it was put there: it is told each time, under the same noticeId. */
function refusalsOf(result: SentUpdates, untold: RefusedUpdate[]): RefusedUpdate[] {
  const onRecord = result.kind === "later" ? untold : (result.record?.updatesRefused ?? []);
  return [...new Map([...onRecord, ...result.refused].map((one) => [one.updateId, one])).values()];
}

async function bideAfter(tries: number, steps: UpdateSteps, mustEndBy: number): Promise<void> {
  if (tries >= mostTries) throw new Error("Connect keeps giving no clear answer");
  await steps.until(Math.min(steps.now() + 1_000 * 2 ** tries, mustEndBy - sendMs));
}

function refusal(
  { updateId, requestId, contactId, problems }: Omit<UpdateRefused, "reason" | "at">,
  why: string,
  { now }: UpdateSteps,
): Updated {
  const target = requestId === undefined ? { contactId } : { requestId };
  const at = iso(now());
  return {
    kind: "refused",
    why,
    refused: [{ updateId, ...target, reason: why, ...(problems && { problems }), at }],
  };
}

const deliveriesOf = (all: { delivery: Delivery }[]): Delivery[] => all.map(({ delivery }) => delivery);

/** What fails for some deliveries is the failure of these only. Those that have no result of their own get the common one. */
async function guarded(
  deliveries: Delivery[],
  results: Results,
  work: () => Promise<Updated | undefined>,
): Promise<void> {
  try {
    const result = await work();
    for (const { messageId } of deliveries)
      if (result && !results.has(messageId)) results.set(messageId, result);
  } catch (error) {
    for (const { messageId } of deliveries) results.set(messageId, { kind: "failed", error });
  }
}

function noticesFor(results: Results): Told[] {
  return [...results].flatMap(([messageId, result]) =>
    "refused" in result
      ? result.refused.map((one) => ({ messageId, notice: updateRefusedNoticeOf(one) }))
      : [],
  );
}
