import type { GatewayAnswer } from "./gateway-answer.ts";
import type { GatewayRequest } from "./gateway-request.ts";

export type Decision =
  /** `authorizer` goes into the event's requestContext. */
  { kind: "allowed"; authorizer?: object } | { kind: "refused"; answer: GatewayAnswer };

export type Authorizer = (request: GatewayRequest) => Decision | Promise<Decision>;
