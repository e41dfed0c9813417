import { createHash } from "node:crypto";
import type { DialDefaults } from "../contacts/call-request.ts";
import { type HttpRequest, mediaTypeOf, reached } from "../http/http.ts";
import type { Intake } from "../intake/intake.ts";
import { type BodyFlaw, readBody } from "./body.ts";
import type { Mapped } from "./mapping.ts";
import { checkMessages } from "./messages.ts";
import type { Secrets } from "./secrets.ts";
import type { Claim, NoClaim } from "./signatures/claim.ts";
import { claimIn, isSignedBy, untimely } from "./signatures/verify.ts";
import type { contentTypes, Source } from "./source.ts";
import { translate } from "./translate.ts";
import { type AcceptedWebhook, type Webhooks, webhookKeyOf } from "./webhooks.ts";

type ContentType = (typeof contentTypes)[number];

export type Outcome =
  | { kind: "accepted" | "repeated"; webhookId: string; messages: AcceptedWebhook["messages"] }
  | { kind: "unknown-source" }
  | { kind: "too-large"; limitInBytes: number }
  | { kind: "wrong-type"; accepted: ContentType[] }
  | { kind: "encoded" }
  | { kind: "not-ready" }
  | { kind: "refused"; why: NoClaim | "too-old" | "too-new" | "no-match" }
  | { kind: "without-id"; header: string }
  | { kind: "conflict"; webhookId: string }
  | { kind: "unreadable"; why: BodyFlaw }
  | Extract<Mapped, { kind: "not-mapped" }>
  | { kind: "unfit"; problems: string[] }
  | { kind: "not-taken"; webhookId: string };

/** All that this story can touch. */
export interface AcceptSteps {
  sources: ReadonlyMap<string, Source>;
  secrets: Secrets;
  webhooks: Webhooks;
  intake: Intake;
  defaults: DialDefaults;
  now(): number;
}

const keepSeconds = 14 * 86_400;

/**
 * Takes what another system tells: find source ▸ verify signature ▸ parse ▸ translate ▸ check ▸ enqueue ▸ remember ▸ answer.
 * Safe to repeat: the same webhook always makes the same messages, and a crash before the record only sends them again.
 */
export async function acceptWebhook(request: HttpRequest, steps: AcceptSteps): Promise<Outcome> {
  const source = steps.sources.get(request.pathParameters["source"] ?? "");
  if (!source) return { kind: "unknown-source" };
  const type = contentTypeOf(request, source);
  if (typeof type === "object") return type;

  const proof = await verified(request, source, steps);
  if (proof.kind !== "genuine") return proof;
  const webhookId = idOf(request, source, proof.claim);
  if (typeof webhookId === "object") return webhookId;
  const webhookKey = webhookKeyOf(source.name, webhookId);
  const bodyHash = sha256([request.body]);
  const before = await reached(steps.webhooks.find(webhookKey, steps.now()));
  if (before) return sameAs(before, bodyHash, "repeated", webhookId);

  const body = readBody(request.body, type);
  if (body.kind === "unreadable") return body;
  const translation = await translate(body.value, request, source);
  if (translation.kind !== "translated") return translation;
  const origin = { webhookKey, signedAt: proof.claim.signedAt };
  const checked = checkMessages(translation.messages, origin, steps.defaults, steps.now());
  if (checked.kind === "unfit") return checked;

  const taken = await steps.intake.put(checked.messages);
  // Nothing is remembered: the sender comes again, with the same ids for those that were taken.
  if (taken.includes(false)) return { kind: "not-taken", webhookId };
  const now = steps.now();
  const webhook: AcceptedWebhook = {
    webhookKey,
    bodyHash,
    messages: checked.messages.map(({ kind, id }) => ({ type: kind, id })),
    acceptedAt: new Date(now).toISOString(),
    ttl: Math.ceil(now / 1000) + keepSeconds,
  };
  const record = await reached(steps.webhooks.remember(webhook, now));
  return sameAs(record, bodyHash, "accepted", webhookId);
}

/** What can be told before the body is looked at. */
function contentTypeOf(request: HttpRequest, source: Source): ContentType | Outcome {
  const limitInBytes = source.bodyLimitInBytes;
  if (request.body.length > limitInBytes) return { kind: "too-large", limitInBytes };
  const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding !== "identity") return { kind: "encoded" };
  const type = source.contentTypes.find((one) => one === mediaTypeOf(request));
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(request.headers["content-type"] ?? "")?.[1];
  if (type && (charset === undefined || charset.toLowerCase() === "utf-8")) return type;
  return { kind: "wrong-type", accepted: source.contentTypes };
}

type Proof = { kind: "genuine"; claim: Claim } | Extract<Outcome, { kind: "refused" | "not-ready" }>;

/** The store of secrets is asked only for what looks like a webhook of now. */
async function verified(request: HttpRequest, source: Source, steps: AcceptSteps): Promise<Proof> {
  const claim = claimIn(request, source);
  if (typeof claim === "string") return { kind: "refused", why: claim };
  const why = untimely(claim, source.signature.windowSeconds * 1000, steps.now());
  if (why) return { kind: "refused", why };
  if (isSignedBy(await reached(steps.secrets.of(source.name)), claim)) return { kind: "genuine", claim };
  // It may be signed with a secret that is newer than what was read.
  const latest = await reached(steps.secrets.again(source.name));
  if (latest.length === 0) return { kind: "not-ready" };
  return isSignedBy(latest, claim) ? { kind: "genuine", claim } : { kind: "refused", why: "no-match" };
}

/** The sender's id, or else the hash of what it signed. */
function idOf({ headers }: HttpRequest, { signature }: Source, claim: Claim): string | Outcome {
  const header = signature.form === "standard-webhooks" ? "webhook-id" : signature.idHeader;
  if (header === undefined) return sha256(claim.content);
  const id = claim.id ?? headers[header] ?? "";
  return /^[\x21-\x7e]{1,256}$/.test(id) ? id : { kind: "without-id", header };
}

function sameAs(
  { bodyHash, messages }: AcceptedWebhook,
  hash: string,
  kind: "accepted" | "repeated",
  webhookId: string,
): Outcome {
  return bodyHash === hash ? { kind, webhookId, messages } : { kind: "conflict", webhookId };
}

function sha256(parts: (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
