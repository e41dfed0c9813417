import { createHash } from "node:crypto";
import * as v from "valibot";

/** Where a list goes on: in one of its parts, behind a key, or at the part's beginning. */
export interface Place {
  part: number;
  after?: string | undefined;
}

/** What the list is of: a cursor is good for the very same only. */
export type ListFilter = Record<string, string | undefined>;

const digestBytes = 12;

/** What DynamoDB takes for a key: whoever has read this file can make a cursor. */
const key = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxBytes(2_048),
  v.check((text) => text.isWellFormed()),
);

const placeSchema = v.pipe(
  v.strictTuple([v.pipe(v.number(), v.safeInteger(), v.minValue(0)), v.optional(key)]),
  v.transform(([part, after]): Place => ({ part, after })),
);

/** Opaque to whoever gets it. It gives no right to anything, so its checksum needs no secret. */
export function cursorOf({ part, after }: Place, filter: ListFilter): string {
  const place = JSON.stringify(after === undefined ? [part] : [part, after]);
  return Buffer.concat([digestOf(place, filter), Buffer.from(place)]).toString("base64url");
}

/** @returns undefined for whatever `cursorOf` has not made for this filter */
export function placeIn(cursor: string, filter: ListFilter): Place | undefined {
  const bytes = Buffer.from(cursor, "base64url");
  const place = bytes.subarray(digestBytes).toString();
  const isOurs = digestOf(place, filter).equals(bytes.subarray(0, digestBytes));
  // Node's decoder passes over what is not of the alphabet.
  if (!isOurs || bytes.toString("base64url") !== cursor) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), placeSchema), place);
  return parsed.success ? parsed.output : undefined;
}

function digestOf(place: string, filter: ListFilter): Buffer {
  const names = Object.keys(filter).toSorted();
  const content = JSON.stringify([place, names.map((name) => [name, filter[name] ?? null])]);
  return createHash("sha256").update(content).digest().subarray(0, digestBytes);
}
