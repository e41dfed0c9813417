import * as v from "valibot";
import { attemptIdAttribute } from "./attempt.ts";

/** Fields that the messages of all queues share. */

export const id = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9._:-]{1,128}$/, "must be 1 to 128 of A-Z a-z 0-9 . _ : -"),
);

/** Connect's ids are UUIDs; whatever else it may come to use, it names one step of a path. */
export const contactId = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,255}$/,
    "must be 1 to 256 of A-Z a-z 0-9 . _ : -, the first a letter or digit",
  ),
);

export const text = (from: number, to: number) =>
  v.pipe(
    v.string(),
    v.minLength(from, `must have ${from} to ${to} characters`),
    v.maxLength(to, `must have ${from} to ${to} characters`),
  );

const instantRule = "must be an instant with its offset, such as 2026-11-24T09:00:00Z";
const firstInstant = Date.parse("0000-01-01T00:00:00Z");
const lastInstant = Date.parse("9999-12-31T23:59:59.999Z");
export const instant = v.pipe(
  v.string(),
  v.isoTimestamp(instantRule),
  // Instants are compared as text, and an offset can lead out of the years of four digits.
  v.check((text) => Date.parse(text) >= firstInstant && Date.parse(text) <= lastInstant, instantRule),
  v.transform((text) => new Date(text).toISOString()),
);

/** A record type of any schema library drops these in silence, for what they could do to an object. */
const unsafeKeys = ["__proto__", "constructor", "prototype"];
const withoutUnsafeKeys = v.check<unknown, string>(
  (input) =>
    typeof input !== "object" || input === null || !unsafeKeys.some((key) => Object.hasOwn(input, key)),
  `must have none of the keys ${unsafeKeys.join(", ")}`,
);
/** To JavaScript a list is an object too. */
const noList = v.check<unknown, string>((input) => !Array.isArray(input), "must be an object, not a list");
export const mapOf = <Key extends v.GenericSchema<string, string>, Value extends v.GenericSchema>(
  key: Key,
  value: Value,
) => v.pipe(v.unknown(), noList, withoutUnsafeKeys, v.record(key, value));

/** Contact attributes, as producers set them. */
export const attributes = mapOf(
  v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9_-]+$/, "must have a key of A-Z a-z 0-9 _ - only"),
    v.check((key) => key !== attemptIdAttribute, `must not be set: ${attemptIdAttribute} is ours`),
  ),
  v.string(),
);

/** What a message's body holds; whose it is decides what becomes of it. */
export function inputOf(body: string): { kind: "input"; input: unknown } | { kind: "unusable"; why: string } {
  try {
    return { kind: "input", input: JSON.parse(body) };
  } catch {
    return { kind: "unusable", why: "the body is not JSON" };
  }
}

/** Names the place and the rule, never the value: problems are announced and logged. */
export function problemOf(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue) ?? "the message";
  if (issue.kind === "validation") return `${place} ${issue.message}`;
  if (issue.type === "strict_object")
    return issue.expected === "never" ? `${place} is not a known field` : `${place} is missing`;
  if (issue.type === "picklist") return `${place} must be one of ${issue.expected}`;
  return `${place} must be ${issue.expected}`;
}

/** Each once, and no more than somebody reads. @param said how each is put */
export const problemsOf = (issues: v.BaseIssue<unknown>[], said = problemOf): string[] =>
  [...new Set(issues.map((issue) => said(issue)))].slice(0, 20);
