import { createHash, timingSafeEqual } from "node:crypto";
import type { HttpRequest } from "../http/http.ts";
import type { ScimSteps } from "./steps.ts";

/** Whether the request has one of the tokens; two of them are valid while one takes the other's place. */
export async function isAuthorized(
  { headers }: Pick<HttpRequest, "headers">,
  { tokens }: Pick<ScimSteps, "tokens">,
): Promise<boolean> {
  const token = /^Bearer +(\S+) *$/i.exec(headers["authorization"] ?? "")?.[1];
  if (token === undefined) return false;
  return isOneOf(token, await tokens.valid()) || isOneOf(token, await tokens.validNow());
}

/** Digests are of one length, and all of them are compared, so the time taken tells nothing of any token. */
function isOneOf(token: string, tokens: string[]): boolean {
  const digest = digestOf(token);
  return tokens.map((one) => timingSafeEqual(digestOf(one), digest)).includes(true);
}

const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();
