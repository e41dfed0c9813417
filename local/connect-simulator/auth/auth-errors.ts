import { WireError } from "../wire/wire-error.ts";

export const missingAuthenticationToken = () =>
  new WireError("MissingAuthenticationTokenException", 403, "Missing Authentication Token");
export const incompleteSignature = (message: string) =>
  new WireError("IncompleteSignatureException", 403, message);
export const invalidSignature = (message: string) => new WireError("InvalidSignatureException", 403, message);
export const unrecognizedClient = (reason: string) =>
  new WireError(
    "UnrecognizedClientException",
    403,
    `The security token included in the request is invalid. (${reason})`,
  );
export const expiredToken = () =>
  new WireError("ExpiredTokenException", 403, "The security token included in the request is expired");
