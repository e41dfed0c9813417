import * as v from "valibot";
import { id, inputOf, instant } from "../contacts/message-fields.ts";
import { subscriberId } from "./subscriber.ts";

/** A notice as the topic carries it, as far as it matters here. All of it goes to the subscriber. */
const noticeSchema = v.looseObject({
  noticeId: id,
  type: v.string(),
  state: v.exactOptional(v.string()),
  outcome: v.exactOptional(v.string()),
});
export type ToldNotice = v.InferOutput<typeof noticeSchema>;

const deliverySchema = v.object({
  subscriberId,
  notice: noticeSchema,
  /** How often it has been tried. */
  tries: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Since when it is to be delivered, which decides how long it is tried. */
  firstAt: instant,
  /** Not to be tried before; the queue itself can hold it back for a quarter of an hour at most. */
  dueAt: v.exactOptional(instant),
});
/** One notice for one subscriber: a message of the queue `notice-deliveries`. */
export type NoticeDelivery = v.InferOutput<typeof deliverySchema>;

export type Reading<Message> = { kind: "message"; message: Message } | { kind: "unusable"; why: string };

export const readNotice = (body: string): Reading<ToldNotice> => read(noticeSchema, body, "a notice");
export const readDelivery = (body: string): Reading<NoticeDelivery> =>
  read(deliverySchema, body, "a delivery of a notice");

function read<Message>(
  schema: v.GenericSchema<unknown, Message>,
  body: string,
  what: string,
): Reading<Message> {
  const content = inputOf(body);
  if (content.kind === "unusable") return content;
  const { input } = content;
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return { kind: "message", message: parsed.output };
  return { kind: "unusable", why: `the body is not ${what}` };
}

/** The queue `notice-deliveries`. */
export interface NoticeDeliveries {
  /** @returns for each, in the same order, whether it was taken */
  send(deliveries: NoticeDelivery[]): Promise<boolean[]>;
}
