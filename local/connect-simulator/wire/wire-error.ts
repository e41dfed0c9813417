/** An error as Amazon Connect puts it on the wire: its name, HTTP status and message. */
export class WireError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, status: number, message: string) {
    super(message);
    this.name = "WireError";
    this.type = type;
    this.status = status;
  }
}

export const invalidRequest = (message: string) => new WireError("InvalidRequestException", 400, message);
export const invalidParameter = (message: string) => new WireError("InvalidParameterException", 400, message);
export const accessDenied = (message: string) => new WireError("AccessDeniedException", 403, message);
export const destinationNotAllowed = (message: string) =>
  new WireError("DestinationNotAllowedException", 403, message);
export const notPermitted = (message: string) =>
  new WireError("OutboundContactNotPermittedException", 403, message);
export const resourceNotFound = (message: string) => new WireError("ResourceNotFoundException", 404, message);
export const contactNotFound = (message: string) => new WireError("ContactNotFoundException", 410, message);
export const limitExceeded = (message: string) => new WireError("LimitExceededException", 429, message);
export const unsupportedOperation = (message: string) =>
  new WireError("UnsupportedOperationException", 400, message);
export const requestTooLarge = (message: string) =>
  new WireError("RequestEntityTooLargeException", 413, message);
export const internalService = (message: string) => new WireError("InternalServiceException", 500, message);
export const duplicateResource = (message: string) =>
  new WireError("DuplicateResourceException", 409, message);
export const resourceInUse = (message: string) => new WireError("ResourceInUseException", 409, message);
export const userNotFound = (message: string) => new WireError("UserNotFoundException", 404, message);
export const invalidActiveRegion = (message: string) =>
  new WireError("InvalidActiveRegionException", 400, message);
