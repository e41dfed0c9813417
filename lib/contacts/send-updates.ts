import type { AttributeWriter, ContactLookup } from "../connect/contact-centre.ts";
import type { RateLimit } from "../pacing/rate.ts";
import { attributesLimitInBytes, bytesOf } from "./attributes.ts";
import type { CallRecord, KeptUpdate, RefusedUpdate } from "./call-record.ts";
import { type Change, type Contacts, iso } from "./contacts.ts";
import { compacted, contactOf, tooLarge, unsentOf, withRefused } from "./kept-updates.ts";

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
export type SentUpdates = { refused: RefusedUpdate[] } & (
  | { kind: "sent"; record: CallRecord }
  /** The contact has all there are, or there is no contact. */
  | { kind: "nothing"; record: CallRecord | undefined }
  /** `together`: so many updates are to be tried at once then. */
  | { kind: "later"; why: "rate" | "unclear"; together: number | undefined }
);

/** What must be left of the invocation for a request to be begun: its timeouts, those of a look at the contact, its record. */
export const sendMs = 14_000;
/** Milliseconds for which the second and later requests for one contact wait. */
const longestMomentMs = 2_000;

/**
 * Everything that the contact does not have yet, as one UpdateContactAttributes. Where Connect refuses several updates together,
 * half of them is tried, and so on, until it is known which one it is: each step is on record before the next.
 * @param at the moment that the pacer gave
 * @param together so many updates at once, where it is known that Connect refuses one among more
 * @param patient Connect has been asked often enough about a contact that it says it does not know
 */
export async function sendUpdates(
  key: string,
  at: number,
  steps: SendSteps,
  {
    mustEndBy,
    together: first,
    patient,
  }: { mustEndBy: number; together: number | undefined; patient: boolean },
): Promise<SentUpdates> {
  const refused: RefusedUpdate[] = [];
  let moment: number | undefined = at;
  let together = first;
  let sent: CallRecord | undefined;
  while (moment !== undefined) {
    await steps.until(moment);
    // Looked up as late as can be: what has come while this waited goes along.
    const record: CallRecord | undefined = sent ?? (await steps.contacts.look([key])).get(key);
    const contactId = record && contactOf(record);
    const pending = record ? pendingOf(record) : [];
    const count = Math.min(together ?? pending.length, pending.length);
    const last = pending[count - 1];
    if (!contactId || !last) return { kind: "nothing", record, refused };
    const answer = await steps.writer.write(contactId, unsentOf(record, last.version));
    if (answer.kind === "not-now") await steps.rate.pushBack();
    if (answer.kind === "not-now" || answer.kind === "unclear")
      return { kind: "later", why: answer.kind === "not-now" ? "rate" : "unclear", together, refused };
    if (answer.kind === "refused" && answer.gone && !patient)
      return { kind: "later", why: "unclear", together, refused };

    if (answer.kind === "refused" && !answer.gone && count > 1) {
      together = Math.ceil(count / 2);
      sent = record;
    } else {
      const found = answer.kind === "refused" ? await refusalsOf(contactId, pending, answer, steps) : [];
      refused.push(...found);
      const withdrawn = answer.kind === "refused" && !answer.gone ? found : [];
      const upTo = answer.kind === "refused" && answer.gone ? Number(pending.at(-1)?.version) : last.version;
      sent = await recordSent(record, contactId, { upTo, refused: found, withdrawn }, steps);
      together = undefined;
      if (!sent || contactOf(sent) !== contactId || pendingOf(sent).length === 0)
        return sent ? { kind: "sent", record: sent, refused } : { kind: "nothing", record: sent, refused };
    }
    [moment] = await steps.rate.take(1, Math.min(longestMomentMs, mustEndBy - steps.now() - sendMs));
  }
  return { kind: "later", why: "rate", together, refused };
}

/** The updates of which something is still to be sent, in the order in which they came. */
function pendingOf({ attributeUpdates = [], updatesSent = 0 }: CallRecord): KeptUpdate[] {
  return attributeUpdates
    .filter(({ version }) => version > updatesSent)
    .toSorted((one, other) => one.version - other.version);
}

/** The first of them is what Connect refuses; of a contact that is gone it is all. */
async function refusalsOf(
  contactId: string,
  pending: KeptUpdate[],
  { reason, gone }: { reason: string; gone: boolean },
  { lookup, now }: SendSteps,
): Promise<RefusedUpdate[]> {
  const at = iso(now());
  if (gone) return pending.map(({ updateId }) => ({ updateId, reason: "Connect knows no such contact", at }));
  const [update] = pending;
  if (!update) return [];
  // Flows set attributes as well, of which only Connect knows: it tells whether they are what was too much.
  const description = await lookup.describe(contactId);
  const present = description.kind === "found" ? description.contact.attributes : {};
  const excess = bytesOf({ ...present, ...update.attributes }) - attributesLimitInBytes;
  return [{ updateId: update.updateId, reason: excess > 0 ? tooLarge(excess) : `Connect: ${reason}`, at }];
}

/** Beyond this many lost races something is wrong, and the message comes back. */
const races = 8;

interface Step {
  /** The contact has all until this version. */
  upTo: number;
  refused: RefusedUpdate[];
  /** Of these nothing is kept: what lay beneath them counts again. */
  withdrawn: RefusedUpdate[];
}

async function recordSent(
  before: CallRecord,
  contactId: string,
  { upTo, refused, withdrawn }: Step,
  steps: SendSteps,
): Promise<CallRecord | undefined> {
  let record: CallRecord | undefined = before;
  for (let race = 0; race < races && record; race += 1) {
    // Another attempt has another contact: what was sent to the last one says nothing of it.
    const isPresent = contactOf(record) === contactId;
    if (!isPresent && refused.length === 0) return record;
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
        ...(refused.length > 0 && { updatesRefused: withRefused(record, refused) }),
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
