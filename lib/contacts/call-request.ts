import { createHash } from "node:crypto";
import * as v from "valibot";
import { attributesInBytes, attributesLimitInBytes } from "./attributes.ts";
import { durationInMs } from "./duration.ts";
import { attributes, id, inputOf, instant, mapOf, problemOf, text } from "./message-fields.ts";
import { retryableOutcomes } from "./outcome.ts";
import { readPhoneNumber } from "./phone-number.ts";

/** SQS keeps nothing for longer, so a request that should have been dialled before is a stale copy. */
const stalestInMs = 14 * 86_400_000;
/** What one item of DynamoDB can hold beside all else that is kept of a request. */
const longestRequestInBytes = 262_144;
const farthestInMs = 366 * 86_400_000;

const duration = v.pipe(
  v.string(),
  v.check(
    (text) => durationInMs(text) !== undefined,
    "must be an ISO 8601 duration without years and months, such as PT5M",
  ),
);

const reference = v.strictObject({
  type: v.picklist(["URL", "NUMBER", "STRING", "DATE", "EMAIL"]),
  value: v.pipe(v.string(), v.maxLength(4096, "must have at most 4096 characters")),
});

const retry = v.strictObject({
  attempts: v.pipe(
    v.number(),
    v.integer("must be whole"),
    v.minValue(1, "must be 1 to 10"),
    v.maxValue(10, "must be 1 to 10"),
  ),
  after: v.optional(mapOf(v.picklist(retryableOutcomes), duration), {}),
});

/** What a producer sends, as JSON, in a message of the queue `call-requests`. */
export const callRequestSchema = v.strictObject({
  requestId: id,
  /** E.164, or any national form together with `destinationCountry` (ISO 3166-1 alpha-2). */
  destination: v.string(),
  destinationCountry: v.optional(v.string()),
  contactFlowId: v.optional(text(1, 500)),
  queueId: v.optional(text(1, 256)),
  sourcePhoneNumber: v.optional(v.string()),
  attributes: v.optional(attributes),
  name: v.optional(text(1, 1024)),
  description: v.optional(text(1, 4096)),
  references: v.optional(mapOf(text(1, 4096), reference)),
  relatedContactId: v.optional(text(1, 256)),
  ringTimeoutSeconds: v.optional(
    v.pipe(
      v.number(),
      v.integer("must be whole"),
      v.minValue(15, "must be 15 to 60"),
      v.maxValue(60, "must be 15 to 60"),
    ),
  ),
  trafficType: v.optional(v.picklist(["GENERAL", "CAMPAIGN"])),
  campaignId: v.optional(text(1, 100)),
  answerMachineDetection: v.optional(
    v.strictObject({ enabled: v.boolean(), awaitPrompt: v.optional(v.boolean()) }),
  ),
  notBefore: v.optional(instant),
  expiresAt: v.optional(instant),
  retry: v.optional(retry),
  /** After the deadline: wait for a decision, or make a new attempt at the risk of a second call. */
  onUnknown: v.optional(v.picklist(["park", "redial"]), "park"),
});

/** A call request as it is kept and dialled: `destination` and `sourcePhoneNumber` are E.164. */
export type CallRequest = Omit<v.InferOutput<typeof callRequestSchema>, "destinationCountry">;

/** What a request falls back to, from the settings of the deployment. */
export interface DialDefaults {
  contactFlowId?: string | undefined;
  queueId?: string | undefined;
  sourcePhoneNumber?: string | undefined;
}

export type Reading =
  | { kind: "request"; requestId: string; request: CallRequest; hash: string }
  /** It has an id, so its producer can be told what is wrong with it. */
  | { kind: "wrong"; requestId: string; problems: string[]; hash: string }
  /** Nobody can be told: it belongs in the dead-letter queue. */
  | { kind: "unusable"; why: string };

const identified = v.object({ requestId: id });

/** @param now epoch milliseconds */
export function readCallRequest(body: string, defaults: DialDefaults, now: number): Reading {
  if (Buffer.byteLength(body) > longestRequestInBytes)
    return { kind: "unusable", why: `the body is longer than ${longestRequestInBytes} bytes` };
  const content = inputOf(body);
  if (content.kind === "unusable") return content;
  const { input } = content;
  const parsed = v.safeParse(callRequestSchema, input);
  const requestId = parsed.success ? parsed.output.requestId : idIn(input);
  if (requestId === undefined) return { kind: "unusable", why: "there is no usable requestId" };
  const problems = parsed.success ? [] : [...new Set(parsed.issues.map(problemOf))];
  const request = parsed.typed ? normalised(parsed.output, problems) : undefined;
  if (request) checkTogether(request, defaults, now, problems);
  const hash = hashOf(request ?? input);
  if (request && problems.length === 0) return { kind: "request", requestId, request, hash };
  return { kind: "wrong", requestId, problems: bounded(problems), hash };
}

function idIn(input: unknown): string | undefined {
  const reading = v.safeParse(identified, input);
  return reading.success ? reading.output.requestId : undefined;
}

function normalised(input: v.InferOutput<typeof callRequestSchema>, problems: string[]): CallRequest {
  const { destination, destinationCountry, sourcePhoneNumber, ...rest } = input;
  return {
    ...rest,
    destination: e164("destination", destination, destinationCountry, problems),
    ...(sourcePhoneNumber !== undefined && {
      sourcePhoneNumber: e164("sourcePhoneNumber", sourcePhoneNumber, undefined, problems),
    }),
  };
}

function e164(field: string, number: string, country: string | undefined, problems: string[]): string {
  const reading = readPhoneNumber(number, country);
  if (reading.kind === "valid") return reading.e164;
  problems.push(`${field} ${reading.problem}`);
  return number;
}

function checkTogether(request: CallRequest, defaults: DialDefaults, now: number, problems: string[]): void {
  const { notBefore, expiresAt } = request;
  if (!request.contactFlowId && !defaults.contactFlowId) {
    problems.push("contactFlowId is missing and the settings have no default");
  }
  if (!request.queueId && !request.sourcePhoneNumber && !defaults.queueId && !defaults.sourcePhoneNumber) {
    problems.push("queueId or sourcePhoneNumber is needed: the settings have no default for either");
  }
  if (request.answerMachineDetection?.enabled && request.trafficType !== "CAMPAIGN") {
    problems.push("answerMachineDetection needs trafficType CAMPAIGN");
  }
  const excess = attributesInBytes(request.requestId, request.attributes) - attributesLimitInBytes;
  if (excess > 0) {
    problems.push(
      `attributes are ${excess} bytes over the ${attributesLimitInBytes} that Connect takes, ours included`,
    );
  }
  if (notBefore && Date.parse(notBefore) < now - stalestInMs) {
    problems.push("notBefore lies more than 14 days back: no queue keeps a request for that long");
  }
  if (notBefore && Date.parse(notBefore) > now + farthestInMs)
    problems.push("notBefore lies more than a year ahead");
  if (notBefore && expiresAt && expiresAt <= notBefore) problems.push("expiresAt must come after notBefore");
}

/** Announced and kept, so a hostile request must not make them long. */
function bounded(problems: string[]): string[] {
  const first = problems.slice(0, 20).map((problem) => problem.slice(0, 300));
  return problems.length > first.length ? [...first, `and ${problems.length - first.length} more`] : first;
}

/** The same content has the same hash in whatever order its fields come. */
function hashOf(content: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(content)))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(members)
      .sort()
      .map((key) => [key, sorted(members[key])]),
  );
}
