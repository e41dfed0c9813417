import { randomBytes } from "node:crypto";
import { accountId } from "../emulators.ts";
import type { GatewayRequest } from "./gateway-request.ts";

interface Routed {
  apiId: string;
  routeKey: string;
  pathParameters: Record<string, string>;
  /** What the route's authorizer says of the caller. */
  authorizer: object | undefined;
}

/** Concern one connection only, so API Gateway keeps them to itself; cookies have a member of their own. */
const keptBack = new Set([
  "connection",
  "cookie",
  "expect",
  "keep-alive",
  "te",
  "transfer-encoding",
  "upgrade",
]);
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What API Gateway gives to a function, in payload format 2.0. */
export function proxyEvent(request: GatewayRequest, { apiId, routeKey, pathParameters, authorizer }: Routed) {
  const { headers, path, rawQueryString, method, protocol, sourceIp, at } = request;
  const cookies = headers["cookie"]?.split(/; */).filter((cookie) => cookie !== "");
  const query = queryParameters(rawQueryString);
  const domainName = headers["host"] ?? "";
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookies && { cookies }),
    headers: headersOf(request),
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId,
      apiId,
      ...(authorizer && { authorizer }),
      domainName,
      domainPrefix: domainName.split(".")[0],
      http: { method, path, protocol, sourceIp, userAgent: headers["user-agent"] ?? "" },
      requestId: request.id,
      routeKey,
      stage: "$default",
      time: commonLogTime(new Date(at)),
      timeEpoch: at,
    },
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...bodyOf(request),
  };
}

function headersOf({ headers, body, sourceIp, at }: GatewayRequest): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => !keptBack.has(name));
  const seconds = Math.floor(at / 1000).toString(16);
  return {
    ...Object.fromEntries(own),
    "content-length": String(body.length),
    "x-amzn-trace-id": headers["x-amzn-trace-id"] ?? `Root=1-${seconds}-${randomBytes(12).toString("hex")}`,
    "x-forwarded-for": headers["x-forwarded-for"] ? `${headers["x-forwarded-for"]}, ${sourceIp}` : sourceIp,
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
  };
}

/** Several of one name are joined by commas. */
function queryParameters(rawQueryString: string): Record<string, string> | undefined {
  const all = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return all.size === 0 ? undefined : Object.fromEntries(all);
}

function bodyOf({ body, headers }: GatewayRequest) {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = isTextual(headers["content-type"] ?? "");
  return { body: body.toString(isText ? "utf8" : "base64"), isBase64Encoded: !isText };
}

/** No more than these are passed on as text: forms, and what has no type at all, come as base64. */
function isTextual(contentType: string): boolean {
  const mediaType = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  return mediaType.startsWith("text/") || /^application\/(json|xml|javascript)$/.test(mediaType);
}

/** 12/Mar/2020:19:03:58 +0000 */
function commonLogTime(at: Date): string {
  const [date = "", time = ""] = at.toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
