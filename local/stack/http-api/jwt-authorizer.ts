import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import * as v from "valibot";
import type { Authorizer, Decision } from "./authorizer.ts";
import { forbidden, message } from "./gateway-answer.ts";
import type { GatewayRequest } from "./gateway-request.ts";

/** API Gateway takes RSA only. */
const algorithms = ["RS256", "RS384", "RS512"];
/** Milliseconds. */
const patience = 5_000;
const discovery = v.object({ jwks_uri: v.pipe(v.string(), v.url()) });

interface Expected {
  /** Where the token is, such as `$request.header.Authorization`. */
  identitySource: string;
  issuer: string;
  audiences: string[];
  /** The token needs one of them, if there are any. */
  scopes: string[];
  /** Finds the issuer's keys. */
  keys: JWTVerifyGetKey;
}

/** JWT: a token that the issuer has signed, for one of the audiences, within its time. */
export function jwtAuthorizer({ identitySource, issuer, audiences, scopes, keys }: Expected): Authorizer {
  const required = scopes.join(" ");
  const unauthorized = (why: string): Decision => ({
    kind: "refused",
    answer: message(401, "Unauthorized", { "www-authenticate": challenge(required, "invalid_token", why) }),
  });
  return async (request) => {
    const token = tokenIn(request, identitySource);
    if (token === undefined)
      return { kind: "refused", answer: message(401, "Unauthorized", { "www-authenticate": "Bearer" }) };

    let claims: JWTPayload;
    try {
      const options = { algorithms, issuer, requiredClaims: ["exp"] };
      claims = (await jwtVerify(token, keys, options)).payload;
    } catch (error) {
      return unauthorized(reasonOf(error));
    }
    if (typeof claims.iat === "number" && claims.iat * 1000 > Date.now())
      return unauthorized("the token was issued in the future");
    const meantFor = [claims.aud ?? claims["client_id"]].flat();
    if (!meantFor.some((one) => typeof one === "string" && audiences.includes(one)))
      return unauthorized("the token does not have a valid audience");

    const granted = scopesOf(claims).filter((scope) => scopes.includes(scope));
    if (scopes.length > 0 && granted.length === 0) {
      const why = "the token does not have any of the required scopes";
      const headers = { "www-authenticate": challenge(required, "insufficient_scope", why) };
      return { kind: "refused", answer: forbidden(headers) };
    }
    const jwt = { claims: asStrings(claims), scopes: scopes.length > 0 ? granted : null };
    return { kind: "allowed", authorizer: { jwt } };
  };
}

/** The issuer is asked when the first token comes, and again for as long as it does not answer. */
export function issuerKeys(issuer: string): JWTVerifyGetKey {
  let found: JWTVerifyGetKey | undefined;
  return async (header, token) => {
    found ??= createRemoteJWKSet(await jwksUri(issuer), { timeoutDuration: patience });
    return found(header, token);
  };
}

async function jwksUri(issuer: string): Promise<URL> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(patience) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new URL(v.parse(discovery, await response.json()).jwks_uri);
}

function tokenIn({ headers, rawQueryString }: GatewayRequest, source: string): string | undefined {
  const [, place, name = ""] = /^\$request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  const value =
    place === "header" ? headers[name.toLowerCase()] : new URLSearchParams(rawQueryString).get(name);
  return value?.replace(/^Bearer +/i, "").trim() || undefined;
}

const challenge = (scope: string, error: string, description: string): string =>
  `Bearer scope="${scope}" error="${error}" error_description="${description}"`;

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "the token has expired";
  if (error instanceof errors.JWTClaimValidationFailed) return `the claim ${error.claim} is not valid`;
  if (error instanceof errors.JWSSignatureVerificationFailed) return "the signature is not valid";
  if (error instanceof errors.JWKSNoMatchingKey) return "the issuer has no such key";
  if (error instanceof errors.JOSEAlgNotAllowed) return "the signing method is not valid";
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid)
    return "the token is malformed";
  return "OIDC discovery endpoint communication error";
}

function scopesOf(claims: JWTPayload): string[] {
  const said = [claims["scope"], claims["scp"]].flat();
  return said.flatMap((one) => (typeof one === "string" ? one.split(" ") : []));
}

/** Functions get every claim as text, lists as `[a b]`. */
function asStrings(claims: JWTPayload): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, asString(value)]));
}

function asString(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asString).join(" ")}]`;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
