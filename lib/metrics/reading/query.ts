import * as v from "valibot";
import { cursorOf, type ListFilter, placeIn } from "../../api/cursor.ts";
import type { Input } from "../../api/input.ts";
import { pageEntriesUpTo } from "../../api/page-entries.ts";
import { problemOf } from "../../contacts/message-fields.ts";
import { type HttpRequest, problem } from "../../http/http.ts";
import { nextLink } from "../../http/next-link.ts";

/** The query parameters that say which page. */
export const pageEntries = pageEntriesUpTo(500, 100);

export function queryIn<Schema extends v.GenericSchema>(
  { query }: HttpRequest,
  schema: Schema,
): Input<v.InferOutput<Schema>> {
  const parsed = v.safeParse(schema, query);
  if (parsed.success) return { value: parsed.output };
  return { refusal: problem(400, "Bad query", { errors: parsed.issues.map(problemOf) }) };
}

/** Where a list goes on, with whatever keeps it the list that its first page was of. */
type Position = readonly [...(string | number)[], behind: string];

/**
 * What leads from one page to the next: nothing behind the last one.
 * @param filter what the list is of; the cursor is good for the very same only
 */
export function nextPage(query: Record<string, string>, filter: ListFilter, position: Position | undefined) {
  if (position === undefined) return { headers: {}, members: {} };
  const next = cursorOf({ part: 0, after: JSON.stringify(position) }, filter);
  return { headers: nextLink(query, next), members: { next } };
}

/** The position in a cursor; undefined where none was sent. */
export function positionIn<Schema extends v.GenericSchema>(
  cursor: string | undefined,
  filter: ListFilter,
  schema: Schema,
): Input<v.InferOutput<Schema> | undefined> {
  if (cursor === undefined) return { value: undefined };
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), placeIn(cursor, filter)?.after);
  return parsed.success ? { value: parsed.output } : { refusal: badCursor() };
}

export const badCursor = () =>
  problem(400, "Bad cursor", {
    detail: "Take it from the page before, and send the rest of the query as it was.",
  });
