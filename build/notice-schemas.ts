import type { JsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { states } from "../lib/contacts/contact-states.ts";
import { outcomes } from "../lib/contacts/outcome.ts";
import type { StateNotice, UpdateRefusedNotice, UserNotice } from "../lib/notices/notice.ts";
import { settledChangeSchema, userParts } from "../lib/roster/user-change.ts";

/** Notices are made and never read here, so they have types only; the compiler holds these schemas to them, field by field. */
type SchemasOf<Notice> = { [Name in keyof Notice]-?: v.GenericSchema<Notice[Name]> };
type Fields<Notice> = Record<keyof Notice, JsonSchema>;

const instant = v.pipe(v.string(), v.isoTimestamp());

export const stateNoticeSchema = v.object({
  noticeId: v.string(),
  type: v.picklist(["state-changed", "conflict"]),
  requestId: v.string(),
  attempt: v.exactOptional(v.pipe(v.number(), v.integer())),
  state: v.picklist(states),
  contactId: v.exactOptional(v.string()),
  outcome: v.exactOptional(v.picklist(outcomes)),
  reason: v.exactOptional(v.string()),
  problems: v.exactOptional(v.array(v.string())),
  dueAt: v.exactOptional(instant),
  revision: v.pipe(v.number(), v.integer()),
  at: instant,
} satisfies SchemasOf<StateNotice>);

export const updateRefusedNoticeSchema = v.object({
  noticeId: v.string(),
  type: v.literal("update-refused"),
  updateId: v.string(),
  requestId: v.optional(v.string()),
  contactId: v.optional(v.string()),
  reason: v.string(),
  problems: v.optional(v.array(v.string())),
  at: instant,
} satisfies SchemasOf<UpdateRefusedNotice>);

export const userNoticeSchema = v.object({
  noticeId: v.string(),
  type: v.literal("user-changed"),
  username: v.string(),
  commandId: v.string(),
  source: v.exactOptional(v.string()),
  reason: v.exactOptional(v.string()),
  state: settledChangeSchema.entries.state,
  parts: v.array(v.picklist(userParts)),
  order: v.string(),
  at: instant,
} satisfies SchemasOf<UserNotice>);

const noticeId = {
  description: "The same for the same change, however often it is told: drop what you have seen.",
};

export const stateNoticeFields = {
  noticeId,
  type: { description: "conflict: the requestId came again with other content, and nothing was changed." },
  requestId: {},
  attempt: { description: "Present while the request has, or had, an attempt; counted from 1." },
  state: { description: "What the request has become." },
  contactId: { description: "Of the last attempt, once it is known." },
  outcome: { description: "What came of the call." },
  reason: { description: "Why it was deferred, refused, cancelled or parked." },
  problems: { description: "All that is wrong with a request that was refused for its form." },
  dueAt: { description: "When a deferred request is looked at next." },
  revision: {
    description: "Grows with every change of this request: what has a smaller one than you know is old.",
  },
  at: { description: "When it became so." },
} satisfies Fields<StateNotice>;

export const updateRefusedNoticeFields = {
  noticeId,
  type: {},
  updateId: { description: "The attribute update of which nothing was applied." },
  requestId: { description: "What it was about: this, or contactId." },
  contactId: {},
  reason: { description: "Why nothing was applied." },
  problems: { description: "All that is wrong with an update that was refused for its form." },
  at: { description: "When it was refused." },
} satisfies Fields<UpdateRefusedNotice>;

export const userNoticeFields = {
  noticeId,
  type: {},
  username: {},
  commandId: { description: "The command that this became of." },
  source: { description: "Who asked for it, as the command says." },
  reason: { description: "Why, as the command says." },
  state: { description: "What became of the command: unchanged, where the user was as described." },
  parts: {
    description: "What was changed of the user; of a command that was given up half way, what may have been.",
  },
  order: {
    description: "Of one length: of two notices of a user the one with the greater is of the later command.",
  },
  at: { description: "When the command was begun." },
} satisfies Fields<UserNotice>;
