import * as v from "valibot";

/** What a command may change of a user; tags only of one whom it creates. */
export const userParts = [
  "identity",
  "phone",
  "routing-profile",
  "security-profiles",
  "hierarchy",
  "tags",
] as const;
export type UserPart = (typeof userParts)[number];

/** In names, as commands have them; an id where its name is not known. Absent: there was none, or there is none. */
const partChange = v.object({
  part: v.picklist(userParts),
  before: v.exactOptional(v.unknown()),
  after: v.exactOptional(v.unknown()),
});
export type PartChange = v.InferOutput<typeof partChange>;

/** What a change is called that does to a user what a command asks for. */
const deed = v.picklist(["created", "updated", "deleted"]);
export type Deed = v.InferOutput<typeof deed>;

const settledStates = ["created", "updated", "deleted", "unchanged", "superseded", "refused"] as const;

/** One command of the table `user-changes`: who changed what of a user, and why. Never a password. */
export const userChangeSchema = v.object({
  username: v.string(),
  /** Of the message that the command first came in: `orderOf` of its sequence number. */
  order: v.string(),
  commandId: v.string(),
  /** Who asked for it, and why, in the words of the command. */
  source: v.exactOptional(v.string()),
  reason: v.exactOptional(v.string()),
  /** When it was first begun. ISO 8601. */
  at: v.string(),
  /** `begun`: it may have been carried out, in part or as a whole, and that will be settled. */
  state: v.picklist(["begun", ...settledStates]),
  /** Of a refused one. */
  why: v.exactOptional(v.string()),
  /**
   * Written ahead: of a command that was given up half way, superseded for one, what it may have changed. Of all others that
   * are settled, what they changed.
   */
  changes: v.array(partChange),
});
export type UserChange = v.InferOutput<typeof userChangeSchema>;

export const settledChangeSchema = v.object({
  ...userChangeSchema.entries,
  state: v.picklist(settledStates),
});
export type SettledChange = v.InferOutput<typeof settledChangeSchema>;

export type ChangeKey = Pick<UserChange, "username" | "order">;
