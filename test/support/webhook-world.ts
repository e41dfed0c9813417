import { webhookSources } from "../../lib/edge/webhook-sources.ts";
import type { HttpAnswer, HttpRequest } from "../../lib/http/http.ts";
import { type AcceptSteps, acceptWebhook } from "../../lib/webhooks/accept-webhook.ts";
import { answerTo } from "../../lib/webhooks/answer.ts";
import { secretsFrom } from "../../lib/webhooks/secrets.ts";
import { readSources, type Source } from "../../lib/webhooks/source.ts";
import { IntakeInMemory } from "./intake-in-memory.ts";
import {
  signedAsGitHub,
  signedByHubSpot,
  signedByStandard,
  signedByUs,
  signedWithTime,
} from "./webhook-signing.ts";
import { WebhooksInMemory } from "./webhooks-in-memory.ts";

export const now = Date.parse("2026-11-25T12:00:00Z");

const ofForm = (name: string, signature: object) => ({
  name,
  source: JSON.stringify({ signature, messages: "ours" }),
  mapping: undefined,
});

/** The sources that are shipped, and one of each form of signature that none of them has. */
export const sources: ReadonlyMap<string, Source> = new Map([
  ...webhookSources("webhooks"),
  ...readSources([
    ofForm("standard", { form: "standard-webhooks" }),
    ofForm("github", { form: "sha256", idHeader: "x-github-delivery" }),
    ofForm("timed", { form: "sha256", timestampHeader: "x-signed-at" }),
  ]),
]);

/** Base64, as Standard Webhooks wants it; to the other forms it is text. */
export const secretOf = (source: string): string =>
  Buffer.from(`the secret of ${source}, long enough`).toString("base64");

export interface Sent {
  body?: unknown;
  headers?: Record<string, string>;
  at?: number;
  secret?: string;
  id?: string;
}

export const bytesOf = (body: unknown): Buffer => {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
};

export const aCall = { type: "call-request", requestId: "r-1", destination: "+12065550100" };

/** A webhook as its source sends it, signed; a body that is no text or bytes is sent as JSON. */
export function aWebhook(source: string, sent: Sent = {}): HttpRequest {
  const { at = now, secret = secretOf(source), id = "wh-1" } = sent;
  const body = bytesOf("body" in sent ? sent.body : aCall);
  return {
    routeKey: "POST /webhooks/{source}",
    pathParameters: { source },
    query: {},
    headers: {
      host: "example.test",
      "content-type": "application/json",
      ...signed(source, secret, id, body, at),
      ...sent.headers,
    },
    body,
    requestId: "req-1",
  };
}

function signed(source: string, secret: string, id: string, body: Buffer, at: number) {
  switch (sources.get(source)?.signature.form) {
    case "standard-webhooks":
      return signedByStandard(secret, id, body, at);
    case "hubspot-v3":
      return signedByHubSpot(secret, `https://example.test/webhooks/${source}`, body, at);
    case "sha256":
      if (source === "timed") return signedWithTime(secret, body, at);
      return { ...signedAsGitHub(secret, body), ...(source === "github" && { "x-github-delivery": id }) };
    default:
      return signedByUs([secret], body, at);
  }
}

/** Everything that the story touches, in memory. */
export function aWorld({ intake = new IntakeInMemory() } = {}) {
  const parameters = new Map([...sources.keys()].map((name) => [`/test/${name}`, secretOf(name)]));
  let clock = now;
  let reads = 0;
  const read = async (name: string) => {
    reads += 1;
    return parameters.get(name);
  };
  const steps: AcceptSteps = {
    sources,
    secrets: secretsFrom({ get: read, getAgain: read }, "/test"),
    webhooks: new WebhooksInMemory(),
    intake,
    defaults: { contactFlowId: "flow", queueId: "queue" },
    now: () => clock,
  };
  return {
    steps,
    intake,
    parameters,
    reads: () => reads,
    advance: (ms: number) => {
      clock += ms;
    },
    accept: (request: HttpRequest) => acceptWebhook(request, steps),
    post: async (request: HttpRequest): Promise<HttpAnswer> => answerTo(await acceptWebhook(request, steps)),
    /** What the queues hold, as parsed. */
    queued: () => intake.messages.map(({ body }): unknown => JSON.parse(body)),
  };
}
