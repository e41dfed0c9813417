import { createHmac } from "node:crypto";
import type { HttpRequest } from "../../http/http.ts";

/** What a form of signature is over. */
export type SignedRequest = Pick<HttpRequest, "headers" | "body">;

/** What a request says of its signature, read strictly. Nothing of it is proved yet. */
export interface Claim {
  /** One is enough; each is of 32 bytes. */
  signatures: Buffer[];
  /** What is signed, in this order. */
  content: (string | Buffer)[];
  /** The signature that this secret makes; undefined for what is no secret of this form. */
  sign(secret: string): Buffer | undefined;
  /** Epoch milliseconds; signed. */
  signedAt?: number;
  /** The sender's id of the webhook; signed. */
  id?: string;
}

/** Why there is no claim: a closed word, for the log. */
export type NoClaim = "missing" | "malformed";

export const digestBytes = 32;
export const mostSignatures = 5;

export const hmac = (secret: string, content: (string | Buffer)[]): Buffer => {
  const digest = createHmac("sha256", secret);
  for (const part of content) digest.update(part);
  return digest.digest();
};

/** A claim of the usual kind: the secret's own characters are the key. */
export const claimOver = (
  content: (string | Buffer)[],
  signatures: Buffer[],
  signed: Pick<Claim, "signedAt" | "id"> = {},
): Claim => ({ content, signatures, sign: (secret) => hmac(secret, content), ...signed });

/** @returns epoch milliseconds; undefined for anything but whole seconds since 1970, in ten digits */
export const secondsIn = (text: string): number | undefined =>
  /^\d{10}$/.test(text) ? Number(text) * 1000 : undefined;

/** @returns undefined for anything but the 64 hexadecimal digits of a digest */
export const hexDigestIn = (text: string): Buffer | undefined =>
  /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : undefined;

/** @returns undefined for anything but the base64 of a digest */
export const base64DigestIn = (text: string): Buffer | undefined =>
  /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, "base64") : undefined;
