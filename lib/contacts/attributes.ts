import { attemptIdAttribute, attemptIdOf } from "./attempt.ts";

/** Amazon Connect: over all pairs of one contact, in UTF-8 bytes. */
export const attributesLimitInBytes = 32_768;

const highestAttempt = 1_000_000;

/** What a contact of the request will carry: the producer's attributes and ours, for the longest attempt number there can be. */
export const attributesInBytes = (requestId: string, attributes: Record<string, string> = {}): number =>
  bytesOf({ ...attributes, [attemptIdAttribute]: attemptIdOf(requestId, highestAttempt) });

export const bytesOf = (attributes: Record<string, string>): number =>
  Object.entries(attributes).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
