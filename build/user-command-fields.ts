import type { userCommandSchema, userSchema } from "../lib/roster/user-command.ts";
import { type Fields, unsafeKeys } from "./schema-fields.ts";

const target = {
  commandId: {
    description: "Yours, a new one for each command: for your logs, the audit record and the notice.",
    examples: ["hr-4711"],
  },
  username: {
    description: "The message group. How long it may be depends on how an instance's users sign in.",
    examples: ["ana"],
  },
  source: { description: "Who asks for it: kept on record, and told in the notice.", examples: ["hr"] },
  reason: {
    description: "Why: kept on record, and told in the notice.",
    examples: ["moved to the night shift"],
  },
};

const userFields = {
  identity: {
    description: "Not looked at where users come from a directory. Names in Unicode Normalization Form C.",
    properties: { email: { description: "None without it." } },
  },
  phone: {
    properties: {
      type: { description: "A DESK_PHONE needs a deskNumber." },
      autoAccept: {},
      afterContactWorkSeconds: { description: "0: for as long as the agent likes." },
      deskNumber: { description: "E.164.", examples: ["+34911111111"] },
    },
    if: { properties: { type: { const: "DESK_PHONE" } } },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
    then: { required: ["deskNumber"] },
  },
  routingProfile: { description: "Its name.", examples: ["Basic Routing Profile"] },
  securityProfiles: {
    description: "Their names: the user has these and no others.",
    uniqueItems: true,
    examples: [["Agent"]],
  },
  hierarchy: {
    description: "Names of groups from the top level down; without it the user is in no group.",
    examples: [["EMEA", "Madrid", "Night"]],
  },
  tags: {
    description: "Given to a user who is created, and left alone from then on.",
    propertyNames: { not: { anyOf: [{ enum: unsafeKeys }, { pattern: "^aws:" }] } },
    maxProperties: 50,
  },
  active: {
    description:
      "false: the user stays, with the profiles that the deployment has for that in place of these.",
  },
} satisfies Fields<typeof userSchema>;

type Forms = (typeof userCommandSchema)["options"];

export const userStateFields = {
  ...target,
  user: { properties: userFields },
} satisfies Fields<Forms[0]>;

export const userDeletionFields = {
  ...target,
  delete: { description: "Cannot be undone." },
} satisfies Fields<Forms[1]>;
