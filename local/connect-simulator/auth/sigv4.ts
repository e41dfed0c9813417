import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { WireError } from "../wire/wire-error.ts";
import { expiredToken, invalidSignature, unrecognizedClient } from "./auth-errors.ts";
import { anonymousCaller, type Caller, type Key } from "./caller.ts";
import { canonicalRequest, headerOf, type SignedRequest, sha256 } from "./canonical-request.ts";
import { type Claim, claimedAccessKeyId, claimOf, timestampOf } from "./claim.ts";

export type FindKey = (accessKeyId: string) => Key | undefined;
export type Verdict = { kind: "accepted"; caller: Caller } | { kind: "refused"; error: WireError };
export type Expected = {
  service: "connect" | "sts" | "execute-api";
  /** Without it any region will do. */
  region?: string;
  /** Epoch milliseconds of the real clock, by which the clients sign. */
  now: number;
};

const skewMinutes = 5;
const unsignedPayload = "UNSIGNED-PAYLOAD";

/** Checks AWS Signature Version 4, in the Authorization header or in a presigned URL. Never throws. */
export function verifySignature(request: SignedRequest, findKey: FindKey, expected: Expected): Verdict {
  try {
    return { kind: "accepted", caller: callerOf(request, findKey, expected) };
  } catch (error) {
    if (error instanceof WireError) return { kind: "refused", error };
    throw error;
  }
}

/** Who the request says it is from, for when signatures are not checked. */
export function callerWithoutCheck(
  request: SignedRequest,
  keys: { find: FindKey; accountId: string },
): Caller {
  const accessKeyId = claimedAccessKeyId(request);
  const key = accessKeyId === undefined ? undefined : keys.find(accessKeyId);
  return key?.caller ?? anonymousCaller(keys.accountId);
}

function callerOf(request: SignedRequest, findKey: FindKey, expected: Expected): Caller {
  const claim = claimOf(request);
  const key = findKey(claim.accessKeyId);
  if (key === undefined) throw unrecognizedClient("no such access key id");
  checkToken(claim, key, expected.now);
  checkScope(claim, expected);
  checkDate(claim, expected.now);
  checkSignedHeaders(claim, request);
  const payloadHash = checkedPayloadHash(claim, request);
  const text = canonicalRequest(request, {
    signedHeaders: claim.signedHeaders,
    payloadHash,
    presigned: claim.expiresSeconds !== null,
  });
  if (!same(claim.signature, signatureOf(text, claim, key.secretAccessKey))) {
    throw invalidSignature(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
  }
  return key.caller;
}

function checkToken({ sessionToken }: Claim, key: Key, now: number): void {
  if (key.sessionToken === undefined && sessionToken !== undefined) {
    throw unrecognizedClient("a session token with a key that is not a session's");
  }
  if (key.sessionToken !== undefined && sessionToken === undefined) {
    throw unrecognizedClient("the session token is missing");
  }
  if (!same(sessionToken ?? "", key.sessionToken ?? "")) {
    throw unrecognizedClient("the session token is not the key's");
  }
  if (key.expiresAt !== undefined && now >= key.expiresAt) throw expiredToken();
}

function checkScope({ scope, timestamp }: Claim, { service, region }: Expected): void {
  const day = timestamp.slice(0, 8);
  if (scope.day !== day) {
    throw invalidSignature(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.day}' != '${day}'.`,
    );
  }
  if (region !== undefined && scope.region !== region) {
    throw invalidSignature(`Credential should be scoped to a valid region, not '${scope.region}'.`);
  }
  if (scope.service !== service) {
    throw invalidSignature(`Credential should be scoped to correct service: '${service}'.`);
  }
  if (scope.terminator !== "aws4_request") {
    throw invalidSignature("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
}

function checkDate({ timestamp, signedAt, expiresSeconds }: Claim, now: number): void {
  const skew = skewMinutes * 60_000;
  if (signedAt - now > skew) {
    throw invalidSignature(
      `Signature not yet current: ${timestamp} is still later than ${timestampOf(now + skew)} (${timestampOf(now)} + ${skewMinutes} min.)`,
    );
  }
  if (expiresSeconds !== null) {
    const end = signedAt + expiresSeconds * 1000;
    if (now <= end) return;
    throw invalidSignature(`Signature expired: ${timestampOf(end)} is now earlier than ${timestampOf(now)}`);
  }
  if (now - signedAt > skew) {
    throw invalidSignature(
      `Signature expired: ${timestamp} is now earlier than ${timestampOf(now - skew)} (${timestampOf(now)} - ${skewMinutes} min.)`,
    );
  }
}

function checkSignedHeaders({ signedHeaders }: Claim, request: SignedRequest): void {
  if (!signedHeaders.includes("host")) throw invalidSignature("'host' must be a signed header.");
  if (signedHeaders.some((name) => headerOf(request, name) === undefined)) {
    throw invalidSignature("A header named in SignedHeaders is not in the request.");
  }
}

function checkedPayloadHash({ contentHash }: Claim, { body }: SignedRequest): string {
  if (contentHash === unsignedPayload) return contentHash;
  const hash = sha256(body);
  if (contentHash !== undefined && contentHash !== hash) {
    throw invalidSignature("x-amz-content-sha256 does not match the body.");
  }
  return hash;
}

function signatureOf(text: string, { scope, timestamp }: Claim, secretAccessKey: string): string {
  const { day, region, service, terminator } = scope;
  const steps = [day, region, service, terminator];
  const hashed = sha256(Buffer.from(text, "latin1"));
  const signed = ["AWS4-HMAC-SHA256", timestamp, steps.join("/"), hashed].join("\n");
  return hmac(signingKeyOf(secretAccessKey, steps), signed).toString("hex");
}

/** Derived keys: the same for all requests of a day, and four fifths of the work of each. */
const signingKeys = new Map<string, KeyObject>();
const mostSigningKeys = 1_000;

function signingKeyOf(secretAccessKey: string, steps: readonly string[]): KeyObject {
  const name = JSON.stringify([secretAccessKey, ...steps]);
  const known = signingKeys.get(name);
  if (known !== undefined) return known;
  const first = createSecretKey(Buffer.from(`AWS4${secretAccessKey}`));
  const key = steps.reduce((last, step) => createSecretKey(hmac(last, step)), first);
  if (signingKeys.size >= mostSigningKeys) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
}

const hmac = (key: KeyObject, data: string): Buffer => createHmac("sha256", key).update(data).digest();

/** In a time that says nothing of where they differ. */
const same = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(sha256(one)), Buffer.from(sha256(other)));
