import { v5 as uuidV5 } from "uuid";

/** The attribute that carries the attempt's id into the contact, its record and DescribeContact. */
export const attemptIdAttribute = "attemptId";

/** Namespace of all our UUIDs of version 5: never change it, tokens and notice ids derive from it. */
const namespace = "c1b3d1a4-6c2e-5f0e-9d52-3f2f6f6a7a10";

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

export function deterministicId(name: string): string {
  return uuidV5(name, namespace);
}
