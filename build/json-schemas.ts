import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { attributeUpdateSchema } from "../lib/contacts/attribute-update.ts";
import { callRequestSchema } from "../lib/contacts/call-request.ts";
import { stopRequestSchema } from "../lib/contacts/stop-request.ts";
import { userCommandSchema } from "../lib/roster/user-command.ts";
import {
  stateNoticeFields,
  stateNoticeSchema,
  updateRefusedNoticeFields,
  updateRefusedNoticeSchema,
  userNoticeFields,
  userNoticeSchema,
} from "./notice-schemas.ts";
import { attributeUpdateFields, callRequestFields, stopRequestFields } from "./schema-fields.ts";
import { userDeletionFields, userStateFields } from "./user-command-fields.ts";

const dialect = "https://json-schema.org/draft/2020-12/schema";

/**
 * The messages as JSON Schema (draft 2020-12), made of the very schemas that the service reads with and of what schema-fields.ts
 * adds. They may take more than the service does, which checks some rules in code, and never less.
 */
export const callRequestJsonSchema = jsonSchemaOf(callRequestSchema, {
  title: "Call request",
  description: "What a producer sends to the queue call-requests.",
  properties: callRequestFields,
});

export const stopRequestJsonSchema = jsonSchemaOf(stopRequestSchema, {
  title: "Stop request",
  description: "What a producer sends to the queue stop-requests.",
  properties: stopRequestFields,
  ...exactlyOneOf("requestId", "contactId", "campaignId"),
});

export const attributeUpdateJsonSchema = jsonSchemaOf(attributeUpdateSchema, {
  title: "Attribute update",
  description: "What a producer sends to the queue attribute-updates.fifo.",
  properties: attributeUpdateFields,
  ...exactlyOneOf("requestId", "contactId"),
});

const [userState, userDeletion] = userCommandSchema.options;
export const userCommandJsonSchema: JsonSchema = {
  $schema: dialect,
  title: "User command",
  description: "What is sent to the queue user-commands.fifo.",
  oneOf: [
    converted(userState, { title: "How a user is to be", properties: userStateFields }),
    converted(userDeletion, { title: "That there is to be no such user", properties: userDeletionFields }),
  ],
};

/** New members may come to notices, so what is not known is left to them. */
export const noticeJsonSchema: JsonSchema = {
  $schema: dialect,
  title: "Notice",
  description: "What the topic contact-notices tells.",
  oneOf: [
    converted(stateNoticeSchema, { title: "Of a call request", properties: stateNoticeFields }),
    converted(updateRefusedNoticeSchema, {
      title: "Of a refused attribute update",
      properties: updateRefusedNoticeFields,
    }),
    converted(userNoticeSchema, { title: "Of a user command", properties: userNoticeFields }),
  ],
};

/** The files of docs/schemas by their paths. */
export const schemaFiles: Record<string, string> = Object.fromEntries(
  Object.entries({
    "call-request": callRequestJsonSchema,
    "stop-request": stopRequestJsonSchema,
    "attribute-update": attributeUpdateJsonSchema,
    "user-command": userCommandJsonSchema,
    notice: noticeJsonSchema,
  }).map(([name, schema]) => [`docs/schemas/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`]),
);

function exactlyOneOf(...names: string[]): JsonSchema {
  return { oneOf: names.map((name) => ({ required: [name] })) };
}

function jsonSchemaOf(schema: v.GenericSchema, added: JsonSchema): JsonSchema {
  return { $schema: dialect, ...converted(schema, added) };
}

function converted(schema: v.GenericSchema, added: JsonSchema): JsonSchema {
  const { $schema, ...json } = toJsonSchema(schema, {
    target: "draft-2020-12",
    // Where a pipe has several schemas the last one says what the message must look like.
    typeMode: "output",
    ignoreActions: ["check", "transform"],
    // A map whose keys are a picklist, for which there is no rule.
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === "record" ? jsonSchema : undefined,
    // The format "date-time" is RFC 3339, which is stricter than the service.
    overrideAction: ({ valibotAction, jsonSchema: { format, ...rest } }) =>
      valibotAction.type === "iso_timestamp" ? { ...rest, pattern: sourceOf(valibotAction) } : undefined,
  });
  return merged(added, json);
}

function sourceOf(action: object): string {
  if ("requirement" in action && action.requirement instanceof RegExp) return action.requirement.source;
  throw new Error("an action of this type has a regular expression");
}

/** Objects are merged member by member; of two other values the second stays. */
function merged(one: object, other: object): object {
  const entries = Object.entries(other).map(([key, value]) => {
    const before: unknown = Reflect.get(one, key);
    return [key, isObject(before) && isObject(value) ? merged(before, value) : value];
  });
  return { ...one, ...Object.fromEntries(entries) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
