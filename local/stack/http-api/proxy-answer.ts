import { validateHeaderName, validateHeaderValue } from "node:http";
import * as v from "valibot";
import type { Invocation } from "../execution-environment.ts";
import { type GatewayAnswer, internalError } from "./gateway-answer.ts";

const scalar = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));
const structured = v.object({
  statusCode: v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.digits())]),
    v.transform(Number),
    v.integer(),
    v.minValue(200),
    v.maxValue(599),
  ),
  headers: v.optional(v.nullable(v.record(v.string(), scalar)), {}),
  cookies: v.optional(v.nullable(v.array(v.string())), []),
  body: v.optional(v.nullable(v.string()), ""),
  isBase64Encoded: v.optional(v.nullable(v.boolean()), false),
});

/** API Gateway's own affair, whatever the function says. */
const ownHeaders = new Set(["apigw-requestid", "connection", "content-length", "date", "transfer-encoding"]);

/** What the client gets for what the function returned, by the rules of payload format 2.0. */
export function proxyAnswer(invocation: Invocation): GatewayAnswer {
  if (invocation.kind !== "result") return internalError();
  const { result = null } = invocation;
  if (typeof result !== "object" || result === null || !("statusCode" in result)) return bare(result);
  const parsed = v.safeParse(structured, result);
  if (!parsed.success) return internalError();
  const { statusCode: status, headers, cookies, body, isBase64Encoded } = parsed.output;
  const all: GatewayAnswer["headers"] = { "content-type": "text/plain;charset=UTF-8" };
  for (const [name, value] of Object.entries(headers ?? {})) all[name.toLowerCase()] = value;
  if (cookies && cookies.length > 0) all["set-cookie"] = [all["set-cookie"] ?? [], cookies].flat(2);
  for (const name of ownHeaders) delete all[name];
  if (!canBeSent(all)) return internalError();
  return { status, headers: all, body: Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8") };
}

/** Whatever has no status code is the body itself. */
function bare(result: unknown): GatewayAnswer {
  const body = Buffer.from(typeof result === "string" ? result : JSON.stringify(result));
  return { status: 200, headers: { "content-type": "application/json" }, body };
}

function canBeSent(headers: GatewayAnswer["headers"]): boolean {
  try {
    for (const [name, values] of Object.entries(headers)) {
      validateHeaderName(name);
      for (const value of [values].flat()) validateHeaderValue(name, value);
    }
    return true;
  } catch {
    return false;
  }
}
