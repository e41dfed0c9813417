import * as v from "valibot";
import { attributes, contactId, id, inputOf, instant, problemOf } from "./message-fields.ts";

/** What a producer sends, as JSON, in a message of the queue `attribute-updates.fifo`. */
export const attributeUpdateSchema = v.pipe(
  v.strictObject({
    /** The producer's id of this update; breaks the tie between two of the same instant. */
    updateId: id,
    requestId: v.optional(id),
    contactId: v.optional(contactId),
    attributes,
    /** When it became so, at the producer: for each attribute the newest wins, in whatever order they come. */
    occurredAt: instant,
  }),
  v.check(
    ({ requestId, contactId }) => (requestId === undefined) !== (contactId === undefined),
    "needs exactly one of requestId and contactId",
  ),
  v.check((update) => Object.keys(update.attributes).length > 0, "needs at least one attribute"),
);

export type AttributeUpdate = v.InferOutput<typeof attributeUpdateSchema>;

/** Updates of one contact are dealt with one after the other. */
export const groupOf = ({ requestId, contactId }: Pick<AttributeUpdate, "requestId" | "contactId">): string =>
  requestId ?? contactId ?? "";

/** Ours, in the same queue and group: what is on record for this request or contact is to be sent to Connect. */
const sendSchema = v.strictObject({
  send: v.pipe(v.string(), v.minLength(1), v.maxLength(300)),
  /** How often there was no clear answer. */
  tries: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
  /** So many updates at once: among more is one that Connect refuses. */
  together: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
});

export type SendUpdates = v.InferOutput<typeof sendSchema>;

export type UpdateReading =
  | { kind: "update"; update: AttributeUpdate }
  | { kind: "send"; send: SendUpdates }
  /** It has an id and names what it is about, so its producer can be told what is wrong with it. */
  | { kind: "wrong"; updateId: string; requestId?: string; contactId?: string; problems: string[] }
  | { kind: "unusable"; why: string };

const identified = v.pipe(
  v.object({ updateId: id, requestId: v.optional(id), contactId: v.optional(contactId) }),
  v.check(({ requestId, contactId }) => (requestId === undefined) !== (contactId === undefined)),
);

/** Clocks differ; but an instant far ahead would keep out every update until then. */
const aheadMs = 5 * 60_000;

/** @param now epoch milliseconds */
export function readAttributeUpdate(body: string, now: number): UpdateReading {
  const content = inputOf(body);
  if (content.kind === "unusable") return content;
  const { input } = content;
  if (v.is(sendSchema, input)) return { kind: "send", send: v.parse(sendSchema, input) };
  const parsed = v.safeParse(attributeUpdateSchema, input);
  const problems = parsed.success ? aheadOf(parsed.output, now) : parsed.issues.map(problemOf);
  if (parsed.success && problems.length === 0) return { kind: "update", update: parsed.output };
  const known = v.safeParse(identified, input);
  if (!known.success)
    return { kind: "unusable", why: "there is no usable updateId with one requestId or contactId" };
  const { updateId, requestId, contactId: named } = known.output;
  return {
    kind: "wrong",
    updateId,
    ...(requestId !== undefined && { requestId }),
    ...(named !== undefined && { contactId: named }),
    problems: [...new Set(problems)].slice(0, 20).map((one) => one.slice(0, 300)),
  };
}

const aheadOf = ({ occurredAt }: AttributeUpdate, now: number): string[] =>
  Date.parse(occurredAt) > now + aheadMs ? ["occurredAt lies more than 5 minutes ahead"] : [];
