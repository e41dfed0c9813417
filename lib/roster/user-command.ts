import * as v from "valibot";
import type { Delivery } from "../contacts/delivery.ts";
import { id, inputOf, mapOf, problemsOf, text } from "../contacts/message-fields.ts";
import { groupIdOf } from "../intake/group-id.ts";
import { orderOf } from "./ledger.ts";

/** Bounds are Connect's own; what depends on how an instance's users sign in is in identity-rules.ts. */
const normal = (most: number) =>
  v.pipe(
    text(1, most),
    v.check((name) => name.normalize("NFC") === name, "must be in Unicode Normalization Form C"),
  );
const name = text(1, 127);
/** 0: for as long as the agent likes. */
export const afterContactWorkSeconds = v.pipe(
  v.number(),
  v.integer("must be a whole number"),
  v.minValue(0, "must be 0 or more"),
  v.maxValue(2_000_000, "must be 2000000 at the most"),
);
const phone = v.pipe(
  v.strictObject({
    type: v.picklist(["SOFT_PHONE", "DESK_PHONE"]),
    autoAccept: v.boolean(),
    afterContactWorkSeconds,
    deskNumber: v.optional(v.pipe(v.string(), v.regex(/^\+[1-9]\d{1,14}$/, "must be a number in E.164"))),
  }),
  v.check(
    ({ type, deskNumber }) => type === "SOFT_PHONE" || deskNumber !== undefined,
    "needs a deskNumber for a DESK_PHONE",
  ),
);

const tags = v.pipe(
  mapOf(
    v.pipe(
      text(1, 128),
      v.check((key) => !key.startsWith("aws:"), "must not have a key that begins with aws:"),
    ),
    text(0, 256),
  ),
  v.check((all) => Object.keys(all).length <= 50, "must have at most 50 keys"),
);

export const userSchema = v.strictObject({
  identity: v.strictObject({
    firstName: normal(255),
    lastName: normal(300),
    email: v.optional(text(3, 265)),
  }),
  phone,
  routingProfile: name,
  securityProfiles: v.pipe(
    v.array(name),
    v.minLength(1, "must have 1 to 10 entries"),
    v.maxLength(10, "must have 1 to 10 entries"),
    v.check((names) => new Set(names).size === names.length, "must have no entry twice"),
  ),
  /** Names from the top level down; without it the user is in no group. */
  hierarchy: v.optional(v.pipe(v.array(text(1, 100)), v.minLength(1), v.maxLength(5))),
  /** Given to a user who is created, and left alone from then on. */
  tags: v.optional(tags),
  active: v.boolean(),
});

/** How an agent should be, in names. */
export type DesiredUser = v.InferOutput<typeof userSchema>;

export const username = text(1, 100);
const target = {
  commandId: id,
  username,
  /** Who asks for it, and why: both go on record, and are announced. */
  source: v.optional(id),
  reason: v.optional(text(1, 256)),
};

/** What a producer sends, as JSON, in a message of the queue `user-commands.fifo`. */
export const userCommandSchema = v.union([
  v.strictObject({ ...target, user: userSchema }),
  v.strictObject({ ...target, delete: v.literal(true) }),
]);

export type UserCommand = v.InferOutput<typeof userCommandSchema>;

/** Ours, in the same queue and group: a command that could not be carried out when it came. */
const againSchema = v.strictObject({
  command: userCommandSchema,
  /** Of the message that the command first came in. */
  order: v.pipe(v.string(), v.regex(/^\d{40}$/)),
  /** How often Connect gave no clear answer. */
  tries: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

export type Again = v.InferOutput<typeof againSchema>;

export type CommandReading = { kind: "command"; again: Again } | { kind: "unusable"; why: string };

export function readUserCommand({ body, fifo }: Delivery): CommandReading {
  const content = inputOf(body);
  if (content.kind === "unusable") return content;
  const { input } = content;
  const reading = readInput(input, orderOf(fifo?.sequenceNumber ?? ""));
  // Across groups nothing keeps the order, and nothing keeps two commands of a user apart.
  if (reading.kind === "command" && fifo?.group !== groupIdOf(reading.again.command.username))
    return { kind: "unusable", why: "the message group must be the username" };
  return reading;
}

function readInput(input: unknown, order: string): CommandReading {
  const again = v.safeParse(againSchema, input);
  if (again.success) return { kind: "command", again: again.output };
  const parsed = parseUserCommand(input);
  if (parsed.success) return { kind: "command", again: { command: parsed.output, order, tries: 0 } };
  return { kind: "unusable", why: problemsOf(parsed.issues).join("; ").slice(0, 1_000) };
}

/** By the one form that is meant, so that the problems are told of that. */
export function parseUserCommand(input: unknown) {
  const isDelete = typeof input === "object" && input !== null && "delete" in input;
  return v.safeParse(userCommandSchema.options[isDelete ? 1 : 0], input);
}
