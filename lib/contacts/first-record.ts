import type { CallRecord, KeptUpdate, RefusedUpdate } from "./call-record.ts";
import { type Change, type Contacts, type FirstRecord, iso, type Written } from "./contacts.ts";
import { byAge, excessOn, tooLarge } from "./kept-updates.ts";
import { type Patience, ttlFrom } from "./patience.ts";

type Steps = { contacts: Contacts; now(): number; patience: Pick<Patience, "keepMs"> };

/** Attribute updates came before their call request: this keeps its place, and has no content yet to compare with. */
export const isAwaited = (record: CallRecord): boolean =>
  record.state === "deferred" && record.requestHash === "";

export const awaited = (requestId: string, { now, patience }: Omit<Steps, "contacts">): FirstRecord => ({
  requestId,
  requestHash: "",
  state: "deferred",
  attempt: 1,
  reason: "its call request has not come yet",
  ttl: ttlFrom(now(), patience),
});

/** Updates may go on coming while the request is laid over them. */
const races = 8;

/** Only where there is no record of this requestId yet, but for one that awaits it: the request joins its updates. */
export async function addFirst(first: FirstRecord, steps: Steps): Promise<Written> {
  let written = await steps.contacts.add(first, steps.now());
  for (let race = 0; race < races; race += 1) {
    const { record } = written;
    // A write of ours whose answer was lost, and on which an update came before it was repeated.
    if (record?.owner !== undefined && record.owner === first.owner)
      return { ...written, kind: "written", record };
    if (written.kind === "written" || !record || !isAwaited(record)) return written;
    written = await steps.contacts.change(laidOver(record, first, steps.now()), steps.now());
  }
  throw new Error("the record keeps changing");
}

/** Updates that do not fit beside the request are refused. */
function laidOver(awaiting: CallRecord, first: FirstRecord, now: number): Change {
  const { requestId, state, ...fields } = first;
  const { attempt, updatesVersion = 0, attributeUpdates = [], updatesRefused = [] } = awaiting;
  const { fitting, refused } = fitted(attributeUpdates, first, now);
  return {
    requestId,
    to: state,
    from: "deferred",
    amend: state === "deferred",
    attempt,
    ifHash: "",
    ifUpdates: updatesVersion,
    set: {
      ...fields,
      attributeUpdates: fitting,
      updatesVersion: updatesVersion + 1,
      // The claim is followed by the dial, which carries them.
      ...(state === "dialling" && { updatesSent: updatesVersion }),
      ...(refused.length > 0 && { updatesRefused: [...updatesRefused, ...refused] }),
    },
    remove: "reason" in fields ? [] : ["reason"],
  };
}

/** Whole updates, the oldest first, as far as they fit beside the attributes of the request. */
function fitted(
  kept: KeptUpdate[],
  first: FirstRecord,
  now: number,
): { fitting: KeptUpdate[]; refused: RefusedUpdate[] } {
  const excessWith = excessOn(first);
  if (excessWith(kept) <= 0) return { fitting: kept, refused: [] };
  const fitting: KeptUpdate[] = [];
  const refused: RefusedUpdate[] = [];
  for (const update of kept.toSorted(byAge)) {
    const excess = excessWith([...fitting, update]);
    if (excess <= 0) fitting.push(update);
    else refused.push({ updateId: update.updateId, reason: tooLarge(excess), at: iso(now) });
  }
  return { fitting, refused };
}
