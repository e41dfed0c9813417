import { problemMediaType } from "../../lib/http/http.ts";
import { ref } from "./schemas.ts";

const requestIdHeader = { "x-request-id": ref("headers", "RequestId") };
export const retryAfter = { "retry-after": ref("headers", "RetryAfter") };

/** An answer in JSON. */
export const answer = (description: string, schema: string, headers: object = {}, example?: unknown) => ({
  description,
  headers: { ...requestIdHeader, ...headers },
  content: {
    "application/json": { schema: ref("schemas", schema), ...(example !== undefined && { example }) },
  },
});

export const problem = (description: string, headers: object = {}) => ({
  description,
  headers: { ...requestIdHeader, ...headers },
  content: { [problemMediaType]: { schema: ref("schemas", "Problem") } },
});

const gateway = (description: string) => ({ description, content: gatewayContent });

/** API Gateway answers by itself where the function cannot. */
export const problemOrGateway = (description: string, headers: object = {}) => {
  const ours = problem(description, headers);
  return { ...ours, content: { ...ours.content, ...gatewayContent } };
};

const gatewayContent = { "application/json": { schema: ref("schemas", "GatewayMessage") } };

export const headers = {
  RequestId: { description: "API Gateway's id of the request.", schema: { type: "string" } },
  RetryAfter: { description: "Seconds.", schema: { type: "integer" } },
  ETag: { description: "Of all that is shown.", schema: { type: "string" } },
  Link: { description: 'The next page, as rel="next", relative to this one.', schema: { type: "string" } },
};

/** What is answered to requests that come to nothing, by status. */
export const refusals = {
  400: ["BadRequest", problem("The path, the query, the cursor or the JSON cannot be read.")],
  401: ["Unauthorized", gateway("There is no valid token (JWT authorizer).")],
  403: ["Forbidden", gateway("There is no valid signature, or the caller may not ask for this.")],
  404: [
    "NotFound",
    problem("There is none of this name. A call request that was just accepted may still be in its queue."),
  ],
  409: ["Conflict", problem("A webhook of this id came before, with another body.")],
  413: ["ContentTooLarge", problemOrGateway("The body is longer than is taken.")],
  415: ["UnsupportedMediaType", problem("The body is of another media type than is taken.")],
  422: ["Unfit", problem("It is understood and not fit: errors names each place and rule.")],
  429: ["TooManyRequests", gateway("All callers together are over the rate of this deployment.")],
  500: ["InternalError", problemOrGateway("It is not the request's fault.")],
  503: [
    "Unavailable",
    problemOrGateway("A queue or table cannot be reached: send the same again.", retryAfter),
  ],
} as const satisfies Record<number, readonly [string, object]>;

export type Refusal = keyof typeof refusals;

/** Any route may be answered with the last three. */
export const refusedWith = (...statuses: Refusal[]) => {
  const all: Refusal[] = [...statuses, 429, 500, 503];
  return Object.fromEntries(all.map((status) => [status, ref("responses", refusals[status][0])]));
};

/** Of the routes that have an authorizer. */
export const refusedToCallers = (...statuses: Refusal[]) => refusedWith(401, 403, ...statuses);
