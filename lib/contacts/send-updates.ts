import type { AttributeWriter, ContactLookup } from "../connect/contact-centre.ts";
import type { RateLimit } from "../pacing/rate.ts";
import { attributesLimitInBytes, bytesOf } from "./attributes.ts";
import type { CallRecord, KeptUpdate, RefusedUpdate } from "./call-record.ts";
import { type Change, type Contacts, iso } from "./contacts.ts";
import { compacted, contactOf, tooLarge, unsentOf, withRefused } from "./kept-updates.ts";
import { contactKeyOf } from "./record-keys.ts";

export interface SendSteps {
  contacts: Contacts;
  lookup: ContactLookup;
  writer: AttributeWriter;
  /** Of UpdateContactAttributes. */
  rate: RateLimit;
  now(): number;
  /** Resolves at that instant, at once when it has passed. */
  until(at: number): Promise<void>;
}

/** `refused`: on record now, and still to be told. */
export type SentUpdates = {
  refused: RefusedUpdate[];
} /** `former`: the key of a contact that was parted with meanwhile, and is to be sent its updates once more. */ & (
  | { kind: "sent"; record: CallRecord; former?: string }
  /** The contact has all there are, or there is no contact. */
  | { kind: "nothing"; record: CallRecord | undefined }
  /** `together`: so many updates are to be tried at once then. */
  | { kind: "later"; why: "rate" | "unclear"; together: number | undefined }
);

/** What must be left of the invocation for a request to be begun: its timeouts, those of a look at the contact, its record. */
export const sendMs = 14_000;
/** Beyond this many lost races something is wrong, and the message comes back. */
const races = 8;
/** Milliseconds for which the second and later requests for one contact wait. */
const longestMomentMs = 2_000;

/**
 * Everything that the contact does not have yet, as one UpdateContactAttributes. Where Connect refuses several updates together,
 * half of them is tried, and so on, until it is known which one it is: each step is on record before the next.
 * @param at the moment that the pacer gave; undefined where it gave none
 * @param together so many updates at once, where it is known that Connect refuses one among more
 * @param patient Connect has been asked often enough about a contact that it says it does not know
 * @param mostRefused no more at once than the record keeps until they are told
 */
export async function sendUpdates(
  key: string,
  at: number | undefined,
  steps: SendSteps,
  how: { mustEndBy: number; together: number | undefined; patient: boolean; mostRefused: number },
): Promise<SentUpdates> {
  const refused: RefusedUpdate[] = [];
  let { together } = how;
  let moment = at;
  let latest: CallRecord | undefined;
  while (moment !== undefined) {
    await steps.until(moment);
    // Looked up as late as can be: what has come while this waited goes along.
    const record: CallRecord | undefined = latest ?? (await steps.contacts.look([key])).get(key);
    const contactId = record && contactOf(record);
    const pending = record ? pendingOf(record) : [];
    const tried = pending.slice(0, together);
    const last = tried.at(-1);
    if (!contactId || !last) return { kind: "nothing", record, refused };
    const answer = await steps.writer.write(contactId, unsentOf(record, last.version));
    if (answer.kind === "not-now") await steps.rate.pushBack();
    if (answer.kind === "not-now") return { kind: "later", why: "rate", together, refused };
    if (answer.kind === "unclear" || (answer.kind === "refused" && answer.gone && !how.patient))
      return { kind: "later", why: "unclear", together, refused };

    if (answer.kind === "refused" && !answer.gone && tried.length > 1) {
      together = Math.ceil(tried.length / 2);
      latest = record;
    } else {
      // Of a contact that is gone all are refused.
      const done = answer.kind === "refused" ? tried.slice(0, how.mostRefused - refused.length) : tried;
      const upTo = done.at(-1)?.version;
      if (upTo === undefined) break;
      const withdrawn = answer.kind === "refused" ? await refusalsOf(contactId, done, answer, steps) : [];
      refused.push(...withdrawn);
      latest = await recordSent(record, contactId, upTo, withdrawn, steps);
      together = undefined;
      if (!latest) return { kind: "nothing", record: undefined, refused };
      if (contactOf(latest) !== contactId) return { ...(await askAgain(contactId, latest, steps)), refused };
      if (pendingOf(latest).length === 0) return { kind: "sent", record: latest, refused };
    }
    [moment] = await steps.rate.take(1, Math.min(longestMomentMs, how.mustEndBy - steps.now() - sendMs));
  }
  return { kind: "later", why: "rate", together, refused };
}

/**
 * The request has parted with the contact while this wrote to it. What its new record has sent may have come before this, so it is
 * sent once more.
 */
async function askAgain(
  contactId: string,
  record: CallRecord,
  { contacts, now }: SendSteps,
): Promise<Pick<Extract<SentUpdates, { kind: "sent" }>, "kind" | "record" | "former">> {
  const former = contactKeyOf(contactId);
  let own = (await contacts.look([former])).get(former);
  for (let race = 0; race < races && own; race += 1) {
    const { requestId, state, attempt, updatesVersion = 0 } = own;
    const set = { updatesSent: 0, updatesVersion: updatesVersion + 1 };
    const written = await contacts.change(
      { requestId, to: state, amend: true, quietly: true, attempt, ifUpdates: updatesVersion, set },
      now(),
    );
    if (written.kind === "written") return { kind: "sent", record, former };
    own = written.record;
  }
  if (own) throw new Error("the record keeps changing");
  return { kind: "sent", record };
}

/** The updates of which something is still to be sent, in the order in which they came. */
function pendingOf({ attributeUpdates = [], updatesSent = 0 }: CallRecord): KeptUpdate[] {
  return attributeUpdates
    .filter(({ version }) => version > updatesSent)
    .toSorted((one, other) => one.version - other.version);
}

/** The only one that was tried is what Connect refuses; of a contact that is gone it is all. */
async function refusalsOf(
  contactId: string,
  tried: KeptUpdate[],
  { reason, gone }: { reason: string; gone: boolean },
  { lookup, now }: SendSteps,
): Promise<RefusedUpdate[]> {
  const at = iso(now());
  if (gone) return tried.map(({ updateId }) => ({ updateId, reason: "Connect knows no such contact", at }));
  // Flows set attributes as well, of which only Connect knows: it tells whether they are what was too much.
  const present = await lookup.describe(contactId).catch(() => undefined);
  const attributes = present?.kind === "found" ? present.contact.attributes : {};
  return tried.map((update) => {
    const excess = bytesOf({ ...attributes, ...update.attributes }) - attributesLimitInBytes;
    return { updateId: update.updateId, reason: excess > 0 ? tooLarge(excess) : `Connect: ${reason}`, at };
  });
}

/**
 * @param upTo the contact has all until this version
 * @param withdrawn but for these, of which nothing is kept: what lay beneath them counts again
 */
async function recordSent(
  before: CallRecord,
  contactId: string,
  upTo: number,
  withdrawn: RefusedUpdate[],
  steps: SendSteps,
): Promise<CallRecord | undefined> {
  let record: CallRecord | undefined = before;
  for (let race = 0; race < races && record; race += 1) {
    // Another attempt has another contact: what was sent to the last one says nothing of it.
    const isPresent = contactOf(record) === contactId;
    if (!isPresent && withdrawn.length === 0) return record;
    const { requestId, state, attempt, updatesVersion = 0, updatesSent = 0 } = record;
    const left: KeptUpdate[] = (record.attributeUpdates ?? []).filter(
      ({ updateId, version }) => version > upTo || !withdrawn.some((gone) => gone.updateId === updateId),
    );
    const sent = isPresent ? Math.max(upTo, updatesSent) : updatesSent;
    const change: Change = {
      requestId,
      to: state,
      amend: true,
      quietly: true,
      attempt,
      ifUpdates: updatesVersion,
      set: {
        attributeUpdates: compacted(left, sent),
        updatesVersion: updatesVersion + 1,
        updatesSent: sent,
        ...(withdrawn.length > 0 && { updatesRefused: withRefused(record, withdrawn) }),
      },
      remove: left.some(({ version }) => version > sent) ? [] : ["updatesQueuedAt"],
    };
    const written = await steps.contacts.change(change, steps.now());
    if (written.kind === "written") return written.record;
    record = written.record;
  }
  if (!record) return undefined;
  throw new Error("the record keeps changing");
}
