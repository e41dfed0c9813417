import * as v from "valibot";
import { attemptIdAttribute } from "./attempt.ts";
import type { EndFacts } from "./outcome.ts";
import { withoutUndefined } from "./without-undefined.ts";

/** What an event or a contact record of Connect's shows of one contact. */
export interface Evidence extends EndFacts {
  contactId: string;
  instanceArn?: string | undefined;
  /** How far the call had come. */
  stage: "placed" | "connected" | "ended";
  /** Only contact records and DescribeContact tell it. */
  attemptId?: string | undefined;
  endedAt?: string | undefined;
  /** Of a contact record: the newest wins. */
  lastUpdateAt?: string | undefined;
}

const order = ["placed", "connected", "ended"] as const satisfies Evidence["stage"][];

/** Two views of one contact, of which either may lag behind the other: together they are as far as the further one. */
export function joined(one: Evidence, other: Evidence): Evidence {
  const stage = order.indexOf(one.stage) > order.indexOf(other.stage) ? one.stage : other.stage;
  return { ...one, ...withoutUndefined(other), stage };
}

export type EvidenceReading =
  | { kind: "evidence"; evidence: Evidence }
  /** Understood, and none of our business. */
  | { kind: "ignored"; why: string }
  /** It belongs in the dead-letter queue. */
  | { kind: "unusable"; why: string };

/** Unset timestamps come as null, as "" or as the first millisecond of 1970. */
const instant = v.fallback(
  v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => Date.parse(text)),
      v.check((at) => at > 86_400_000),
      v.transform((at) => new Date(at).toISOString()),
    ),
  ),
  undefined,
);
const text = v.fallback(v.optional(v.pipe(v.string(), v.minLength(1))), undefined);

const eventSchema = v.object({
  "detail-type": v.string(),
  detail: v.object({
    eventtype: v.pipe(v.string(), v.toUpperCase()),
    contactid: v.string(),
    instancearn: text,
    initiationmethod: v.fallback(v.optional(v.pipe(v.string(), v.toUpperCase())), undefined),
    connectedtosystemtimestamp: instant,
    disconnecttimestamp: instant,
    disconnectreason: text,
    answeringmachinedetectionstatus: text,
    agentinfo: v.fallback(v.nullish(v.object({ connectedtoagenttimestamp: instant })), undefined),
  }),
});

const recordSchema = v.object({
  contactid: v.string(),
  instancearn: text,
  initiationmethod: v.fallback(v.optional(v.pipe(v.string(), v.toUpperCase())), undefined),
  connectedtosystemtimestamp: instant,
  disconnecttimestamp: instant,
  disconnectreason: text,
  lastupdatetimestamp: instant,
  answeringmachinedetectionstatus: text,
  agent: v.fallback(v.nullish(v.object({ connectedtoagenttimestamp: instant })), undefined),
  attributes: v.fallback(v.nullish(v.object({ [attemptIdAttribute]: text })), undefined),
});

const stages: Record<string, Evidence["stage"]> = {
  INITIATED: "placed",
  CONNECTED_TO_SYSTEM: "connected",
  QUEUED: "connected",
  CONNECTED_TO_AGENT: "connected",
  PAUSED: "connected",
  RESUMED: "connected",
  DISCONNECTED: "ended",
  COMPLETED: "ended",
};

/** A message of `contact-events` (EventBridge's envelope) or of `contact-records` (one contact record, bare or as from Kinesis). */
export function readEvidence(body: string): EvidenceReading {
  const message = objectIn(body);
  if (!message) return { kind: "unusable", why: "the body is not a JSON object" };
  if ("detail-type" in message) return readEvent(message);
  if (!("data" in message) || typeof message.data !== "string") return readRecord(message);
  const record = objectIn(Buffer.from(message.data, "base64").toString("utf8"));
  if (!record) return { kind: "unusable", why: "the data of the stream record is not a JSON object" };
  return readRecord(record);
}

function readEvent(message: { "detail-type": unknown }): EvidenceReading {
  const parsed = v.safeParse(eventSchema, message);
  if (!parsed.success) {
    const kind = /contact event/i.test(String(message["detail-type"])) ? "unusable" : "ignored";
    return { kind, why: "not a contact event as documented" };
  }
  const { detail } = parsed.output;
  // The agent's leg and what others start are not calls of ours.
  if (detail.initiationmethod !== "API") return { kind: "ignored", why: "not started by API" };
  const agentConnectedAt = detail.agentinfo?.connectedtoagenttimestamp;
  const known = stages[detail.eventtype];
  const stage = detail.disconnecttimestamp
    ? "ended"
    : (known ?? (detail.connectedtosystemtimestamp ? "connected" : "placed"));
  const evidence: Evidence = {
    contactId: detail.contactid,
    instanceArn: detail.instancearn,
    stage,
    connectedAt: detail.connectedtosystemtimestamp,
    agentConnectedAt,
    endedAt: detail.disconnecttimestamp,
    disconnectReason: detail.disconnectreason,
    answeringMachineDetectionStatus: detail.answeringmachinedetectionstatus,
  };
  return { kind: "evidence", evidence };
}

function readRecord(message: object): EvidenceReading {
  const parsed = v.safeParse(recordSchema, message);
  if (!parsed.success) return { kind: "unusable", why: "neither a contact event nor a contact record" };
  const record = parsed.output;
  if (record.initiationmethod !== "API") return { kind: "ignored", why: "not started by API" };
  const evidence: Evidence = {
    contactId: record.contactid,
    instanceArn: record.instancearn,
    stage: record.disconnecttimestamp ? "ended" : record.connectedtosystemtimestamp ? "connected" : "placed",
    attemptId: record.attributes?.[attemptIdAttribute],
    connectedAt: record.connectedtosystemtimestamp,
    agentConnectedAt: record.agent?.connectedtoagenttimestamp,
    endedAt: record.disconnecttimestamp,
    disconnectReason: record.disconnectreason,
    answeringMachineDetectionStatus: record.answeringmachinedetectionstatus,
    lastUpdateAt: record.lastupdatetimestamp,
  };
  return { kind: "evidence", evidence };
}

function objectIn(json: string): object | undefined {
  try {
    const value = lowerCaseKeys(JSON.parse(json));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Letter case differs between Connect's own samples, so all its keys are read in lower case. Those of attributes are the
 * producer's: two of them may differ in nothing else.
 */
function lowerCaseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCaseKeys);
  if (typeof value !== "object" || value === null) return value;
  const lowered: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const key = name.toLowerCase();
    // Assigned, it would be the object's prototype, and lend it fields.
    if (key === "__proto__") continue;
    lowered[key] = key === "attributes" ? member : lowerCaseKeys(member);
  }
  return lowered;
}
