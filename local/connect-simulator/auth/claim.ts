import { splitTarget } from "../wire/http.ts";
import { incompleteSignature, missingAuthenticationToken } from "./auth-errors.ts";
import { headerOf, queryPairs, type SignedRequest } from "./canonical-request.ts";

/** What a request says of its signature, not yet checked. */
export type Claim = {
  accessKeyId: string;
  scope: { day: string; region: string; service: string; terminator: string };
  signedHeaders: readonly string[];
  signature: string;
  /** As in X-Amz-Date: 20260131T235959Z. */
  timestamp: string;
  /** Epoch milliseconds of `timestamp`. */
  signedAt: number;
  sessionToken: string | undefined;
  /** What the request says of its body's hash, if it does. */
  contentHash: string | undefined;
  /** Null unless the URL is presigned. */
  expiresSeconds: number | null;
};

const algorithm = "AWS4-HMAC-SHA256";
const longestExpiry = 604_800;

/** Throws a WireError when there is no signature or it is malformed. */
export function claimOf(request: SignedRequest): Claim {
  const authorization = headerOf(request, "authorization");
  if (authorization !== undefined) return headerClaim(request, authorization);
  const query = presignedQuery(request);
  if (query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature")) return presignedClaim(request, query);
  throw missingAuthenticationToken();
}

/** The access key id that the request names, however malformed the rest of it is. */
export function claimedAccessKeyId(request: SignedRequest): string | undefined {
  const authorization = headerOf(request, "authorization") ?? "";
  const credential =
    authorizationParts(authorization).get("Credential") ?? presignedQuery(request).get("X-Amz-Credential");
  return credential?.split("/").slice(0, -4).join("/");
}

function headerClaim(request: SignedRequest, authorization: string): Claim {
  const source = "Authorization header";
  if (authorization.split(" ", 1)[0] !== algorithm) {
    throw incompleteSignature(`Authorization header does not begin with ${algorithm}.`);
  }
  const parts = authorizationParts(authorization);
  return {
    ...credentialOf(required(parts, "Credential", source)),
    ...dateOf(headerOf(request, "x-amz-date")),
    signedHeaders: required(parts, "SignedHeaders", source).split(";"),
    signature: required(parts, "Signature", source),
    sessionToken: headerOf(request, "x-amz-security-token"),
    contentHash: headerOf(request, "x-amz-content-sha256"),
    expiresSeconds: null,
  };
}

function presignedClaim(request: SignedRequest, query: Map<string, string>): Claim {
  const source = "Presigned URL";
  if (required(query, "X-Amz-Algorithm", source) !== algorithm) {
    throw incompleteSignature(`X-Amz-Algorithm is not ${algorithm}.`);
  }
  const expires = required(query, "X-Amz-Expires", source);
  const expiresSeconds = /^\d{1,6}$/.test(expires) ? Number(expires) : 0;
  if (expiresSeconds < 1 || expiresSeconds > longestExpiry) {
    throw incompleteSignature(`X-Amz-Expires is not a number of seconds from 1 to ${longestExpiry}.`);
  }
  return {
    ...credentialOf(required(query, "X-Amz-Credential", source)),
    ...dateOf(required(query, "X-Amz-Date", source)),
    signedHeaders: required(query, "X-Amz-SignedHeaders", source).split(";"),
    signature: required(query, "X-Amz-Signature", source),
    sessionToken: query.get("X-Amz-Security-Token") ?? headerOf(request, "x-amz-security-token"),
    contentHash:
      headerOf(request, "x-amz-content-sha256") ??
      query.get("X-Amz-Content-Sha256") ??
      query.get("x-amz-content-sha256"),
    expiresSeconds,
  };
}

const presignedQuery = ({ target }: SignedRequest): Map<string, string> =>
  new Map(queryPairs(splitTarget(target).query));

function authorizationParts(authorization: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const part of authorization.slice(authorization.indexOf(" ") + 1).split(",")) {
    const at = part.indexOf("=");
    if (at > 0) parts.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return parts;
}

function required(parts: Map<string, string>, name: string, source: string): string {
  const value = parts.get(name);
  if (value === undefined || value === "")
    throw incompleteSignature(`${source} requires '${name}' parameter.`);
  return value;
}

function credentialOf(credential: string): Pick<Claim, "accessKeyId" | "scope"> {
  const parts = credential.split("/");
  const [day, region, service, terminator] = parts.slice(-4);
  if (parts.length < 5 || day === undefined || !region || !service || terminator === undefined) {
    throw incompleteSignature("Credential must have the form KEY-ID/YYYYMMDD/REGION/SERVICE/aws4_request.");
  }
  return { accessKeyId: parts.slice(0, -4).join("/"), scope: { day, region, service, terminator } };
}

function dateOf(timestamp: string | undefined): Pick<Claim, "timestamp" | "signedAt"> {
  if (timestamp === undefined) throw incompleteSignature("The request requires an 'X-Amz-Date' header.");
  const signedAt = /^\d{8}T\d{6}Z$/.test(timestamp)
    ? Date.parse(timestamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"))
    : Number.NaN;
  if (Number.isNaN(signedAt)) throw incompleteSignature("The date is not of the form YYYYMMDDTHHMMSSZ.");
  return { timestamp, signedAt };
}

/** 20260131T235959Z */
export const timestampOf = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/[-:]|\.\d{3}/g, "");
