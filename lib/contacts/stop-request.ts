import * as v from "valibot";
import { checkShards } from "./call-record.ts";
import { contactId, id, inputOf, problemOf, text } from "./message-fields.ts";

const fields = {
  /** The producer's id of this stop; for logs, not for keys: a stop may be repeated as one likes. */
  stopId: id,
  requestId: v.optional(id),
  contactId: v.optional(contactId),
  /** All requests of this campaign, those that have not come yet included. */
  campaignId: v.optional(text(1, 100)),
  reason: v.optional(text(1, 256)),
};

const hasOneTarget = (stop: { [Name in "requestId" | "contactId" | "campaignId"]?: string | undefined }) =>
  [stop.requestId, stop.contactId, stop.campaignId].filter((one) => one !== undefined).length === 1;
const oneTarget = "needs exactly one of requestId, contactId and campaignId";

/** What a producer sends, as JSON, in a message of the queue `stop-requests`. */
export const stopRequestSchema = v.pipe(
  v.strictObject(fields),
  v.check((stop) => hasOneTarget(stop), oneTarget),
);

const schema = v.pipe(
  v.strictObject({
    ...fields,
    /** Ours: the part of the campaign that this message is about, and the request behind which it goes on. */
    shard: v.optional(v.picklist(checkShards)),
    after: v.optional(id),
    /** Ours: how often it has been sent again. */
    tries: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  }),
  v.check((stop) => hasOneTarget(stop), oneTarget),
);

/** A message of the queue `stop-requests`. */
export type StopRequest = v.InferOutput<typeof schema>;

export type StopReading = { kind: "stop"; stop: StopRequest } | { kind: "unusable"; why: string };

export function readStopRequest(body: string): StopReading {
  const content = inputOf(body);
  if (content.kind === "unusable") return content;
  const { input } = content;
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return { kind: "stop", stop: parsed.output };
  return { kind: "unusable", why: parsed.issues.map(problemIn).join("; ").slice(0, 1_000) };
}

/** Why a message was refused is logged, so it quotes nothing of the message, not even the names of its fields. */
const problemIn = (issue: v.BaseIssue<unknown>): string =>
  issue.type === "strict_object" && issue.expected === "never" ? "it has an unknown field" : problemOf(issue);
