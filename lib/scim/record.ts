import { createHash } from "node:crypto";
import * as v from "valibot";
import { userSchema } from "./user.ts";
import { foldedText } from "./value.ts";

/** A user in the table `scim-users`. */
export const recordSchema = v.object({
  /** Of the userName: see userKeyOf. */
  userKey: v.string(),
  /** The key and, behind a hyphen, what tells this user from an earlier one of the same name. */
  id: v.string(),
  /** Counts the changes. */
  version: v.number(),
  createdAt: v.string(),
  changedAt: v.string(),
  user: userSchema,
  /** Gone to whoever asks, and kept until the command is sent. */
  deleted: v.boolean(),
  /** Whether the command of this version may not be in the queue yet. */
  unsent: v.boolean(),
});

export type ScimRecord = v.InferOutput<typeof recordSchema>;

/** SCIM holds names to be the same that differ in upper and lower case only. Fits what an id of a command may be made of. */
export const userKeyOf = (userName: string): string =>
  createHash("sha256").update(foldedText(userName)).digest("hex").slice(0, 32);

/** An id leads to its record without an index, and no id is ever given to a second user. */
export const idOf = (userKey: string, generation: string): string => `${userKey}-${generation}`;

export const userKeyIn = (id: string): string | undefined => /^([0-9a-f]{32})-[0-9a-f]{16}$/.exec(id)?.[1];

export const etagOf = ({ version }: Pick<ScimRecord, "version">): string => `W/"${version}"`;
