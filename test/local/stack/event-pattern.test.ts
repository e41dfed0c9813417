import { expect, it } from "vitest";
import { checkPattern, type EventPattern, matches } from "../../../local/stack/event-pattern.ts";

const event = { source: "aws.connect", detail: { method: "API", tags: ["a", "b"], n: 1 } };

it.each<[EventPattern, boolean]>([
  [{ source: ["aws.connect"] }, true],
  [{ source: ["aws.other", "aws.connect"] }, true],
  [{ source: ["aws.other"] }, false],
  [{ source: ["aws.connect"], detail: { method: ["INBOUND"] } }, false],
  [{ detail: { tags: ["b"] } }, true],
  [{ detail: { n: [1] } }, true],
  [{ detail: { missing: ["x"] } }, false],
  [{ detail: { missing: [{ exists: false }] } }, true],
  [{ detail: { method: [{ prefix: "AP" }] } }, true],
  [{ detail: { method: [{ "anything-but": ["API"] }] } }, false],
  [{ nothing: { deep: ["x"] } }, false],
])("%j matches: %s", (pattern, expected) => {
  checkPattern(pattern);
  expect(matches(pattern, event)).toBe(expected);
});

it.each([
  [{ detail: { n: [{ numeric: [">", 1] }] } }, "Rule.EventPattern.detail.n uses numeric"],
  [{ source: [{ "anything-but": { prefix: "aws." } }] }, "Rule.EventPattern.source uses anything-but"],
  [{ $or: [{ source: ["a"] }] }, "Rule.EventPattern uses $or"],
  [{ source: "aws.connect" }, "Rule.EventPattern.source must be an object"],
])("is an error at start where it uses what is not supported: %j", (pattern, message) => {
  expect(() => checkPattern(pattern, "Rule.EventPattern")).toThrow(message);
});
