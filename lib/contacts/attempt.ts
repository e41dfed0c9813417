import { hash } from "node:crypto";

/** The attribute that carries the attempt's id into the contact, its record and DescribeContact. */
export const attemptIdAttribute = "attemptId";

/** Namespace of all our UUIDs of version 5: never change it, tokens and notice ids derive from it. */
const namespace = Buffer.from("c1b3d1a46c2e5f0e9d523f2f6f6a7a10", "hex");

/** `requestId#n`; a requestId cannot contain `#`, so the last one always divides. */
export function attemptIdOf(requestId: string, attempt: number): string {
  return `${requestId}#${attempt}`;
}

export function parseAttemptId(attemptId: string): { requestId: string; attempt: number } | undefined {
  const match = /^([A-Za-z0-9._:-]{1,128})#([1-9]\d{0,6})$/.exec(attemptId);
  if (!match?.[1] || !match[2]) return undefined;
  return { requestId: match[1], attempt: Number(match[2]) };
}

/** The same attempt always has the same ClientToken, whoever dials it. */
export function clientTokenOf(requestId: string, attempt: number): string {
  return deterministicId(attemptIdOf(requestId, attempt));
}

/** A UUID of version 5, as RFC 9562 says. */
export function deterministicId(name: string): string {
  const digits = hash("sha1", Buffer.concat([namespace, Buffer.from(name)]));
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 0b11) | 0b1000).toString(16);
  const version = `5${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}`;
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${version}-${digits.slice(20, 32)}`;
}
