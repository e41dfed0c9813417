import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { OperationName } from "../defaults.ts";
import { operations } from "../operations/index.ts";
import type { World } from "../world.ts";
import type { Faults } from "./faults.ts";
import { readBody, sendJson, splitTarget } from "./http.ts";
import type { Operation } from "./operation.ts";
import type { Buckets } from "./quotas.ts";
import type { RequestLog, RequestView } from "./request-log.ts";
import {
  internalService,
  invalidRequest,
  tooManyRequests,
  unsupportedOperation,
  WireError,
} from "./wire-error.ts";

export type WireParts = {
  world: World;
  faults: Faults;
  buckets: Buckets;
  requests: RequestLog;
  warn: (message: string) => void;
};

type Answer = { status: number; body: object; error?: WireError };

/** Answers one request in Amazon Connect's REST-JSON. */
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
    const fault = { drop: null as "reset" | "reply-lost" | null, delayMs: 0 };

    const answer = await answerTo(request, entry, parts, fault).catch((error: unknown) =>
      refusal(error, request, parts.warn),
    );
    if (request.socket.destroyed) return;
    if (fault.drop !== null) {
      if (fault.drop === "reset") request.socket.resetAndDestroy();
      else request.socket.destroy();
      return;
    }
    if (fault.delayMs > 0 && !(await pause(fault.delayMs, request))) return;

    entry.status = answer.status;
    if (answer.error) entry.error = answer.error.type;
    sendJson(response, answer.status, answer.body, {
      "x-amzn-requestid": randomUUID(),
      ...(answer.error && { "x-amzn-errortype": answer.error.type }),
    });
  };
}

async function answerTo(
  request: IncomingMessage,
  entry: RequestView,
  { world, faults, buckets }: WireParts,
  effect: { drop: "reset" | "reply-lost" | null; delayMs: number },
): Promise<Answer> {
  const method = request.method ?? "";
  const { path } = splitTarget(request.url ?? "");
  const route = routeOf(method, path);
  if (route === undefined) {
    throw unsupportedOperation(`The simulator has no operation at ${method} ${path.slice(0, 200)}`);
  }
  const { operation, labels } = route;
  entry.operation = operation.name;
  const body = await readBody(request);
  const members = parsedMembers(body);
  entry.clientToken = tokenOf(members);

  const fault = faults.take(operation.name);
  if (fault !== undefined) entry.fault = fault.kind;
  if (fault?.kind === "reset") {
    effect.drop = "reset";
    return { status: 0, body: {} };
  }
  if (fault?.kind === "refuse") {
    throw new WireError(fault.error, fault.status, "Refused by a fault that was asked for.");
  }
  if (fault?.kind === "reply-lost") effect.drop = "reply-lost";
  if (fault?.kind === "delay") effect.delayMs = fault.delayMs;

  checkQuota(buckets, operation.name);
  if (members instanceof WireError) throw members;
  return { status: 200, body: operation.run({ ...members, ...decoded(labels) }, world) };
}

type Route = { operation: Operation; labels: Record<string, string> };

const patterns = operations.map((operation) => ({ operation, segments: operation.path.split("/") }));

// Split first, decode second: an ARN as a label carries encoded slashes.
function routeOf(method: string, path: string): Route | undefined {
  const given = path.split("/");
  for (const { operation, segments } of patterns) {
    if (operation.method !== method || segments.length !== given.length) continue;
    const labels: Record<string, string> = {};
    const fits = segments.every((segment, index) => {
      if (!segment.startsWith("{")) return segment === given[index];
      labels[segment.slice(1, -1)] = given[index] ?? "";
      return true;
    });
    if (fits) return { operation, labels };
  }
  return undefined;
}

function decoded(labels: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(labels).map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    throw invalidRequest("The path is not properly percent-encoded.");
  }
}

function parsedMembers(body: string): Record<string, unknown> | WireError {
  if (body === "") return {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    return invalidRequest("The body is not a JSON object.");
  } catch {
    return invalidRequest("The body is not JSON.");
  }
}

function tokenOf(members: Record<string, unknown> | WireError): string | null {
  if (members instanceof WireError) return null;
  const token = members["ClientToken"];
  return typeof token === "string" ? token.slice(0, 500) : null;
}

function checkQuota(buckets: Buckets, operation: OperationName): void {
  if (!buckets.take(operation)) throw tooManyRequests("Too Many Requests");
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" ? value.slice(0, 200) : null;
}

function refusal(error: unknown, request: IncomingMessage, warn: (message: string) => void): Answer {
  const known = error instanceof WireError ? error : internalService("The simulator failed.");
  // A client that goes away in mid-request fails the reading of its body; nothing is wrong with us.
  const ours = known !== error && !request.socket.destroyed;
  if (ours) warn(`a request failed: ${error instanceof Error ? error.stack : String(error)}`);
  return { status: known.status, body: { __type: known.type, Message: known.message }, error: known };
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
