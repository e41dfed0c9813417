import type { DialAnswer, NotNow } from "./contact-centre.ts";

/** As much of an error of the AWS SDK as decides what it means. */
export interface CallFailure {
  /** Connect's error name, or the SDK's. */
  name: string;
  /** HTTP status, when there was an answer at all. */
  status?: number | undefined;
  /** Node's error code, such as ECONNREFUSED. */
  code?: string | undefined;
}

type Meaning = "refused" | NotNow | "unclear";

/**
 * Every error of StartOutboundVoiceContact, and what it means for the attempt. A refusal is certain: nothing was dialled.
 * Unclear means that a call may have been placed, so nobody may dial this attempt again.
 */
export const startErrors: Record<string, Meaning> = {
  InvalidRequestException: "refused",
  InvalidParameterException: "refused",
  ResourceNotFoundException: "refused",
  DestinationNotAllowedException: "refused",
  OutboundContactNotPermittedException: "refused",
  // A resource is used up, which for this operation is the calls that may be active at once.
  LimitExceededException: "active-calls",
  ServiceQuotaExceededException: "active-calls",
  // Connect answers throttling with the last of these, although its model names only the second.
  ThrottlingException: "rate",
  Throttling: "rate",
  TooManyRequestsException: "rate",
  RequestLimitExceeded: "rate",
  // Ours to mend, not the customer's to lose a call by.
  AccessDeniedException: "not-authorised",
  UnrecognizedClientException: "not-authorised",
  InvalidSignatureException: "not-authorised",
  SignatureDoesNotMatch: "not-authorised",
  ExpiredTokenException: "not-authorised",
  IncompleteSignature: "not-authorised",
  CredentialsProviderError: "not-authorised",
  InvalidActiveRegionException: "not-authorised",
  InternalServiceException: "unclear",
  TimeoutError: "unclear",
  AbortError: "unclear",
};

/** Failures of the way to Connect in which no byte of the request can have left. */
const nothingSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"]);

export function answerTo(failure: CallFailure): Exclude<DialAnswer, { kind: "accepted" }> {
  const meaning = meaningOf(failure);
  if (meaning === "refused" || meaning === "unclear") return { kind: meaning, reason: reasonOf(failure) };
  return { kind: "not-now", why: meaning };
}

function meaningOf({ name, status, code }: CallFailure): Meaning {
  if (status === undefined && code !== undefined && nothingSent.has(code)) return "unreachable";
  const known = startErrors[name];
  if (known !== undefined) return known;
  if (status === 429) return "rate";
  if (status === 401 || status === 403) return "not-authorised";
  // A proxy's 408 tells that it gave up waiting, not that nothing was done.
  if (status !== undefined && status >= 400 && status < 500 && status !== 408) return "refused";
  return "unclear";
}

const timedOut: ReadonlySet<string> = new Set(["TimeoutError", "AbortError"]);

/** Whether it failed on the way or was answered, and not in code of ours. */
export const isOnTheWay = ({ name, status, code }: CallFailure): boolean =>
  status !== undefined || code !== undefined || timedOut.has(name);

/** Error names only: messages may quote what was sent. */
function reasonOf({ name, status, code }: CallFailure): string {
  return [name, code, status === undefined ? undefined : `HTTP ${status}`].filter(Boolean).join(" ");
}
