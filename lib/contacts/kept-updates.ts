import type { AttributeUpdate } from "./attribute-update.ts";
import { attributesInBytes, attributesLimitInBytes, bytesOf } from "./attributes.ts";
import { type CallRecord, type KeptUpdate, type RefusedUpdate, requestOf } from "./call-record.ts";
import { contactInKey, isInternalKey } from "./record-keys.ts";

/** An item of DynamoDB holds 400 KB, of which the request takes up to 256. */
const mostKeptInBytes = 60_000;
/** Of one update, for the names of its fields and its numbers. */
const fieldsInBytes = 100;

type Dated = Pick<KeptUpdate, "occurredAt" | "updateId">;

const isNewer = (one: Dated, other: Dated): boolean =>
  one.occurredAt > other.occurredAt || (one.occurredAt === other.occurredAt && one.updateId > other.updateId);

export const byAge = (one: Dated, other: Dated): number => (isNewer(one, other) ? 1 : -1);

/** For each attribute the newest update that sets it, whatever the order in which they came. */
function winnersAmong(kept: KeptUpdate[]): Map<string, KeptUpdate> {
  const winners = new Map<string, KeptUpdate>();
  for (const update of kept.toSorted(byAge))
    for (const key of Object.keys(update.attributes)) winners.set(key, update);
  return winners;
}

const valuesIn = (winners: Iterable<[string, KeptUpdate]>): Record<string, string> =>
  Object.fromEntries([...winners].map(([key, { attributes }]) => [key, attributes[key] ?? ""]));

export const valuesOf = (kept: KeptUpdate[] = []): Record<string, string> => valuesIn(winnersAmong(kept));

/**
 * What the present contact is not known to have.
 * @param upTo of the updates until this version only
 */
export function unsentOf(
  { attributeUpdates = [], updatesSent = 0 }: Pick<CallRecord, "attributeUpdates" | "updatesSent">,
  upTo = Number.POSITIVE_INFINITY,
): Record<string, string> {
  const winners = winnersAmong(attributeUpdates.filter(({ version }) => version <= upTo));
  return valuesIn([...winners].filter(([, { version }]) => version > updatesSent));
}

/** The contact is known, and does not have all yet. */
export const isOwedUpdates = (record: CallRecord): boolean =>
  record.attributeUpdates !== undefined &&
  contactOf(record) !== undefined &&
  Object.keys(unsentOf(record)).length > 0;

/** The contact that attributes are sent to; undefined while there is none, or none is known. */
export function contactOf(record: Pick<CallRecord, "requestId" | "contactId">): string | undefined {
  return isInternalKey(record.requestId) ? contactInKey(record.requestId) : record.contactId;
}

/**
 * Leaves out what a newer update that the contact has makes void. What lies beneath one that the contact does not have is kept:
 * should that be refused, the older value stands.
 */
export function compacted(kept: KeptUpdate[], sent: number): KeptUpdate[] {
  const winners = winnersAmong(kept.filter(({ version }) => version <= sent));
  return kept.flatMap((update) => {
    const live = Object.entries(update.attributes).filter(([key]) => {
      const winner = winners.get(key);
      return winner === undefined || winner === update || isNewer(update, winner);
    });
    return live.length === 0 ? [] : [{ ...update, attributes: Object.fromEntries(live) }];
  });
}

export interface Merged {
  kept: KeptUpdate[];
  version: number;
  /** By the limits; of such an update nothing is taken. */
  refused: { update: AttributeUpdate; reason: string }[];
}

type Before = Pick<
  CallRecord,
  "requestId" | "request" | "attributeUpdates" | "updatesVersion" | "updatesSent" | "updatesRefused"
>;

/** Lays updates over what is on record, one after the other. */
export function mergeUpdates(before: Before, updates: AttributeUpdate[]): Merged {
  const { attributeUpdates = [], updatesVersion = 0, updatesSent = 0, updatesRefused = [] } = before;
  const excessWith = excessOn(before);
  const result: Merged = { kept: attributeUpdates, version: updatesVersion, refused: [] };
  for (const update of updates) {
    if (result.kept.some((known) => isSame(known, update))) continue;
    const next = compacted(
      [...result.kept, { ...ofProducer(update), version: result.version + 1 }],
      updatesSent,
    );
    if (!next.some((known) => isSame(known, update))) continue;
    // Only where there is no room else, what lies beneath newer values is given up.
    const fitting = fitsRecord(next) ? next : compacted(next, Number.POSITIVE_INFINITY);
    const excess = excessWith(next);
    const reason =
      refusedBefore(update, updatesRefused) ??
      (excess > 0 ? tooLarge(excess) : undefined) ??
      (fitsRecord(fitting) ? undefined : "more updates of it are on record than can be kept");
    if (reason !== undefined) {
      result.refused.push({ update, reason });
      continue;
    }
    result.kept = fitting;
    result.version += 1;
  }
  return result;
}

export const isSame = (one: Dated, other: Dated): boolean =>
  one.updateId === other.updateId && one.occurredAt === other.occurredAt;

const ofProducer = ({ updateId, occurredAt, attributes }: AttributeUpdate) => ({
  updateId,
  occurredAt,
  attributes,
});

/** Its producer has been told already. */
const refusedBefore = ({ updateId }: AttributeUpdate, refused: RefusedUpdate[]): string | undefined =>
  refused.find((known) => known.updateId === updateId)?.reason;

/** @returns by how many bytes all attributes of a contact of this record would be too many for Connect */
export function excessOn(record: Pick<CallRecord, "requestId" | "request">): (kept: KeptUpdate[]) => number {
  const { requestId } = record;
  const own = requestOf(record)?.attributes;
  return (kept) => {
    const updated = valuesOf(kept);
    const whole = isInternalKey(requestId)
      ? bytesOf(updated)
      : attributesInBytes(requestId, { ...own, ...updated });
    return whole - attributesLimitInBytes;
  };
}

export const tooLarge = (excess: number): string =>
  `the attributes would be ${excess} bytes over the ${attributesLimitInBytes} that Connect takes, ours included`;

const fitsRecord = (kept: KeptUpdate[]): boolean =>
  kept.reduce(
    (sum, { attributes, updateId }) => sum + bytesOf(attributes) + updateId.length + fieldsInBytes,
    0,
  ) <= mostKeptInBytes;

/** So many refusals are kept, to be told again and not to be tried again. */
export const mostRefused = 20;

export const withRefused = (
  { updatesRefused = [] }: Pick<CallRecord, "updatesRefused">,
  refused: RefusedUpdate[],
): RefusedUpdate[] => [...updatesRefused, ...refused].slice(-mostRefused);
