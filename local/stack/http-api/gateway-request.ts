import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** A request whose body has come in full. */
export interface GatewayRequest {
  method: string;
  /** As it came: path and query string, undecoded. */
  target: string;
  /** Decoded, as API Gateway matches and passes it on. */
  path: string;
  rawQueryString: string;
  /** Names and values in turn, as they came. */
  rawHeaders: readonly string[];
  /** Names in lower case; several of one name are joined by commas, cookies by semicolons. */
  headers: Record<string, string>;
  body: Buffer;
  protocol: string;
  sourceIp: string;
  /** As in `apigw-requestid`. */
  id: string;
  /** Epoch milliseconds. */
  at: number;
}

/** 16 characters, as API Gateway's own. */
export const requestId = (): string => randomBytes(11).toString("base64");

/** @returns undefined for a target that is no path, or whose path is not UTF-8 once it is decoded */
export function gatewayRequest(
  request: IncomingMessage,
  body: Buffer,
  id: string,
  at: number,
): GatewayRequest | undefined {
  const { method = "", url: target = "", rawHeaders } = request;
  const [, rawPath, rawQueryString = ""] = /^(\/[^?]*)(?:\?(.*))?$/s.exec(target) ?? [];
  const path = rawPath === undefined ? undefined : decoded(rawPath);
  if (path === undefined) return undefined;
  return {
    method,
    target,
    path,
    rawQueryString,
    rawHeaders,
    headers: joined(rawHeaders),
    body,
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
    id,
    at,
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function joined(rawHeaders: readonly string[]): Record<string, string> {
  const all = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = [rawHeaders[at]?.toLowerCase(), rawHeaders[at + 1]];
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before}${name === "cookie" ? "; " : ","}${value}`);
  }
  return Object.fromEntries(all);
}
