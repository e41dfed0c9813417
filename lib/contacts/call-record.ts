import * as v from "valibot";
import { attemptIdAttribute, attemptIdOf } from "./attempt.ts";
import type { CallRequest, DialDefaults } from "./call-request.ts";
import { states } from "./contact-states.ts";
import { outcomes } from "./outcome.ts";
import { withoutUndefined } from "./without-undefined.ts";

const instant = v.string();

const keptUpdateSchema = v.object({
  updateId: v.string(),
  occurredAt: instant,
  attributes: v.record(v.string(), v.string()),
  /** The `updatesVersion` that brought it; each has its own. */
  version: v.number(),
});

const refusedUpdateSchema = v.object({ updateId: v.string(), reason: v.string(), at: instant });

export type KeptUpdate = v.InferOutput<typeof keptUpdateSchema>;
export type RefusedUpdate = v.InferOutput<typeof refusedUpdateSchema>;

/**
 * What the table `contacts` keeps of one call request. Instants are ISO 8601 in UTC with milliseconds, so that they sort
 * as text and can be read by people.
 */
export const callRecordSchema = v.object({
  requestId: v.string(),
  /** Of the content as it was sent: tells a replay from a conflict. */
  requestHash: v.string(),
  /** The request as JSON; missing where it was refused for its form. */
  request: v.optional(v.string()),
  state: v.picklist(states),
  /** The attempt under way, or the next one while `deferred`; 0 where there never was one. */
  attempt: v.number(),
  /** Counts the changes of the record; a notice is one revision. */
  revision: v.number(),
  /** Tells a repeated write that it has met itself. */
  lastWrite: v.string(),

  /** The delivery that holds, or held, the claim of this attempt: `<SQS message id>/<random>`. */
  owner: v.optional(v.string()),
  leaseUntil: v.optional(instant),
  clientToken: v.optional(v.string()),
  /** When this attempt's token was first sent: Connect forgets it after 7 days. */
  tokenSince: v.optional(instant),
  claimedAt: v.optional(instant),
  /** The pacer's lease of an active call. */
  lease: v.optional(v.string()),
  /** How often Connect said "not now" to this attempt. */
  postponed: v.optional(v.number()),

  contactId: v.optional(v.string()),
  placedAt: v.optional(instant),
  connectedAt: v.optional(instant),
  agentConnectedAt: v.optional(instant),
  endedAt: v.optional(instant),
  disconnectReason: v.optional(v.string()),
  answeringMachineDetectionStatus: v.optional(v.string()),
  /** LastUpdateTimestamp of the contact record that the outcome was taken from. */
  contactRecordAt: v.optional(instant),

  /** A stop was asked for: nothing is dialled any more, and a call is stopped once its contact is known. */
  stopAt: v.optional(instant),
  stopReason: v.optional(v.string()),

  /** Attribute updates, which lie over the attributes of the request, as far as they still count. */
  attributeUpdates: v.optional(v.array(keptUpdateSchema)),
  /**
   * Grows with what updates change of these fields, and is what such writes are fenced by; kept apart from `revision`, for they are
   * no news of the call.
   */
  updatesVersion: v.optional(v.number()),
  /** Up to which version the present contact has them, or will have by the dial under way. */
  updatesSent: v.optional(v.number()),
  /** Since when a message is on its way that will send them. */
  updatesQueuedAt: v.optional(instant),
  /** The last that could not be applied, to be told to their producers. */
  updatesRefused: v.optional(v.array(refusedUpdateSchema)),

  /** The contact of the attempt before, with its updates, until it has a record of its own. */
  parted: v.optional(
    v.object({
      contactId: v.string(),
      attributeUpdates: v.array(keptUpdateSchema),
      updatesVersion: v.optional(v.number()),
      updatesSent: v.optional(v.number()),
      updatesRefused: v.optional(v.array(refusedUpdateSchema)),
    }),
  ),

  outcome: v.optional(v.picklist(outcomes)),
  reason: v.optional(v.string()),
  problems: v.optional(v.array(v.string())),
  campaignId: v.optional(v.string()),
  /** Key of the sparse index `by-campaign`. */
  campaignShard: v.optional(v.string()),

  /** Not to be dialled before. */
  dueAt: v.optional(instant),
  /** The last change is still to be announced, and no message of a queue stands for it: release-due will. */
  untold: v.optional(v.boolean()),
  /** Keys of the sparse index `to-check`: when release-due should look at this record. */
  checkShard: v.optional(v.string()),
  checkAt: v.optional(instant),

  createdAt: instant,
  updatedAt: instant,
  /** Epoch seconds after which DynamoDB may drop the record. */
  ttl: v.number(),
});

export type CallRecord = v.InferOutput<typeof callRecordSchema>;

/** The shards of the index `to-check`: enough that none is hot, few enough to ask them all every minute. */
export const checkShards = Array.from({ length: 16 }, (_, shard) => shard.toString(16));

export function checkShardOf(requestId: string): string {
  let hash = 0;
  for (const char of requestId) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) | 0;
  return checkShards[Math.abs(hash) % checkShards.length] ?? "0";
}

/** A large campaign must not meet the limits of one partition. */
export const campaignShardOf = (campaignId: string, requestId: string): string =>
  campaignShardName(campaignId, checkShardOf(requestId));

export const campaignShardName = (campaignId: string, shard: string): string => `${shard}#${campaignId}`;

export function requestOf(record: Pick<CallRecord, "request">): CallRequest | undefined {
  // Written by us from a parsed request, under a condition; nobody else writes this attribute.
  return record.request === undefined ? undefined : (JSON.parse(record.request) as CallRequest);
}

/** All that Connect is asked for one attempt. */
export interface DialOrder {
  destination: string;
  contactFlowId: string;
  clientToken: string;
  attributes: Record<string, string>;
  queueId?: string;
  sourcePhoneNumber?: string;
  name?: string;
  description?: string;
  references?: NonNullable<CallRequest["references"]>;
  relatedContactId?: string;
  ringTimeoutSeconds?: number;
  trafficType?: NonNullable<CallRequest["trafficType"]>;
  campaignId?: string;
  answerMachineDetection?: NonNullable<CallRequest["answerMachineDetection"]>;
}

/**
 * A request that names neither queue nor source takes both defaults; one that names one of them means just that.
 * @param updated attributes that have been updated since the request was made
 */
export function dialOrderOf(
  request: CallRequest,
  attempt: number,
  clientToken: string,
  defaults: DialDefaults,
  updated: Record<string, string> = {},
): DialOrder {
  const { requestId, notBefore, expiresAt, retry, onUnknown, ...asked } = request;
  const caller =
    asked.queueId || asked.sourcePhoneNumber ? {} : given(defaults.queueId, defaults.sourcePhoneNumber);
  return {
    ...withoutUndefined(asked),
    ...caller,
    destination: request.destination,
    contactFlowId: request.contactFlowId ?? defaults.contactFlowId ?? "",
    clientToken,
    attributes: { ...request.attributes, ...updated, [attemptIdAttribute]: attemptIdOf(requestId, attempt) },
  };
}

function given(queueId: string | undefined, sourcePhoneNumber: string | undefined): Partial<DialOrder> {
  return { ...(queueId && { queueId }), ...(sourcePhoneNumber && { sourcePhoneNumber }) };
}
