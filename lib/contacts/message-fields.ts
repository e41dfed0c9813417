import * as v from "valibot";

/** Fields that the messages of all queues share. */

export const id = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9._:-]{1,128}$/, "must be 1 to 128 of A-Z a-z 0-9 . _ : -"),
);

export const text = (from: number, to: number) =>
  v.pipe(
    v.string(),
    v.minLength(from, `must have ${from} to ${to} characters`),
    v.maxLength(to, `must have ${from} to ${to} characters`),
  );

/** Names the place and the rule, never the value: problems are announced and logged. */
export function problemOf(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue) ?? "the message";
  if (issue.kind === "validation") return `${place} ${issue.message}`;
  if (issue.type === "strict_object")
    return issue.expected === "never" ? `${place} is not a known field` : `${place} is missing`;
  if (issue.type === "picklist") return `${place} must be one of ${issue.expected}`;
  return `${place} must be ${issue.expected}`;
}
