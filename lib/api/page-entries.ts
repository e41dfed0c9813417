import * as v from "valibot";

/** The query parameters that say which page of a list, and how long one is at the most. */
export function pageEntriesUpTo(most: number, fallback: number) {
  const rule = `must be 1 to ${most}`;
  const limit = v.pipe(
    v.string(),
    v.regex(/^[0-9]{1,3}$/, rule),
    v.transform(Number),
    v.minValue(1, rule),
    v.maxValue(most, rule),
  );
  return { limit: v.optional(limit, String(fallback)), cursor: v.optional(v.string()) };
}
