import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authentication } from "../auth/authentication.ts";
import type { World } from "../world.ts";
import type { Faults } from "./faults.ts";
import { readBytes, send, splitTarget } from "./http.ts";
import { membersOf, parsedBody, tokenOf } from "./members.ts";
import type { Buckets } from "./quotas.ts";
import type { RequestLog, RequestView } from "./request-log.ts";
import { routeOf, unknownRoute } from "./routes.ts";
import { internalService, WireError } from "./wire-error.ts";

export type WireParts = {
  world: () => World;
  authentication: Authentication;
  faults: Faults;
  buckets: Buckets;
  requests: RequestLog;
  warn: (message: string) => void;
};

type Answer = { status: number; body: string; contentType?: string; requestId?: string; error?: WireError };
/** What a fault does to the reply. */
type Effect = { drop: "reset" | "reply-lost" | null; delayMs: number };

/** Answers one request in Amazon Connect's REST-JSON, or in the Query protocol of STS. */
export function connectWire(parts: WireParts) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const entry: RequestView = {
      operation: "unknown",
      at: new Date().toISOString(),
      status: 0,
      clientToken: null,
      sdkInvocationId: headerOf(request, "amz-sdk-invocation-id"),
    };
    parts.requests.add(entry);
    const effect: Effect = { drop: null, delayMs: 0 };

    const answer = await answerTo(request, entry, parts, effect).catch((error: unknown) =>
      refusal(error, request, parts.warn),
    );
    if (request.socket.destroyed) return;
    if (effect.drop !== null) {
      if (effect.drop === "reset") request.socket.resetAndDestroy();
      else request.socket.destroy();
      return;
    }
    if (effect.delayMs > 0 && !(await pause(effect.delayMs, request))) return;

    entry.status = answer.status;
    if (answer.error) entry.error = answer.error.type;
    send(response, answer.status, answer.body, {
      "content-type": answer.contentType ?? "application/json",
      "x-amzn-requestid": answer.requestId ?? randomUUID(),
      ...(answer.error && { "x-amzn-errortype": answer.error.type }),
    });
  };
}

async function answerTo(
  request: IncomingMessage,
  entry: RequestView,
  { world, authentication, faults, buckets }: WireParts,
  effect: Effect,
): Promise<Answer> {
  const method = request.method ?? "";
  const target = request.url ?? "";
  const { path, query } = splitTarget(target);
  const route = routeOf(method, path);
  if (route !== undefined) entry.operation = route.operation.name;
  const body = await readBytes(request);
  const signed = { method, target, rawHeaders: request.rawHeaders, body };

  const sts = authentication.sts(signed);
  if (sts !== undefined) {
    entry.operation = sts.operation;
    return { ...sts, contentType: "text/xml" };
  }
  const caller = authentication.caller(signed);
  if (route === undefined) throw unknownRoute(method, path);
  const { operation, labels } = route;
  const parsed = parsedBody(operation, body);
  entry.clientToken = tokenOf(parsed);

  const fault = faults.take(operation.name);
  if (fault !== undefined) entry.fault = fault.kind;
  if (fault?.kind === "reset") {
    effect.drop = "reset";
    return { status: 0, body: "" };
  }
  if (fault?.kind === "refuse") {
    throw new WireError(fault.error, fault.status, "Refused by a fault that was asked for.");
  }
  if (fault?.kind === "reply-lost") effect.drop = "reply-lost";
  if (fault?.kind === "delay") effect.delayMs = fault.delayMs;

  const now = world();
  if (!buckets.take(operation.name)) {
    const name = now.deviations.throttlingError;
    throw new WireError(name, 429, name === "ThrottlingException" ? "Rate exceeded" : "Too Many Requests");
  }
  if (parsed instanceof WireError) throw parsed;
  try {
    const reply = operation.run(membersOf(operation, parsed, labels, query), now, caller);
    return { status: 200, body: reply === undefined ? "" : JSON.stringify(reply) };
  } finally {
    now.journal.commit(now.clock.now());
  }
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" && value.length <= 200 ? value : null;
}

function refusal(error: unknown, request: IncomingMessage, warn: (message: string) => void): Answer {
  const known = error instanceof WireError ? error : internalService("The simulator failed.");
  // A client that goes away in mid-request fails the reading of its body; nothing is wrong with us.
  const ours = known !== error && !request.socket.destroyed;
  if (ours) warn(`a request failed: ${error instanceof Error ? error.stack : String(error)}`);
  const body = JSON.stringify({ __type: known.type, Message: known.message });
  return { status: known.status, body, error: known };
}

/** False when the client went away meanwhile. */
function pause(milliseconds: number, request: IncomingMessage): Promise<boolean> {
  return new Promise((resolve) => {
    const gone = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      request.socket.off("close", gone);
      resolve(true);
    }, milliseconds);
    request.socket.once("close", gone);
  });
}
