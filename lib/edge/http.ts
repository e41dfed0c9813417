import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { type HttpAnswer, type HttpRequest, problem, Unreachable, unavailable } from "../http/http.ts";
import { callerIn } from "./caller.ts";
import { count, loggable, logger } from "./log.ts";

type Story = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * A function of the HTTP API (payload format 2.0): one story for its routes; what it throws is a problem of ours, without details.
 * @param failed the answer to a request that has failed, in the form of the others
 */
export function onHttp(
  story: Story,
  failed: (isUnreachable: boolean) => HttpAnswer = problemOfOurs,
): (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2> {
  return async (event) => {
    const request = requestOf(event);
    let answer: HttpAnswer;
    try {
      answer = await story(request);
    } catch (error) {
      const isUnreachable = error instanceof Unreachable;
      const cause = isUnreachable ? error.cause : error;
      logger.error("A request failed", { route: request.routeKey, ...loggable(cause) });
      answer = failed(isUnreachable);
    }
    count(`answer-${answer.status}`);
    logger.info("A request was answered", { route: request.routeKey, status: answer.status });
    return resultOf(answer, request.requestId);
  };
}

const problemOfOurs = (isUnreachable: boolean): HttpAnswer =>
  isUnreachable
    ? unavailable()
    : problem(500, "Internal error", { detail: "It is not the request's fault: try again." });

function requestOf(event: APIGatewayProxyEventV2): HttpRequest {
  return {
    routeKey: event.routeKey,
    pathParameters: defined(event.pathParameters),
    query: defined(event.queryStringParameters),
    headers: Object.fromEntries(
      Object.entries(defined(event.headers)).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
    requestId: event.requestContext.requestId,
    caller: callerIn(event.requestContext),
  };
}

const defined = (from: Record<string, string | undefined> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(from).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

function resultOf({ status, headers = {}, body }: HttpAnswer, requestId: string) {
  const sent =
    typeof body === "object" ? JSON.stringify(status >= 400 ? { ...body, requestId } : body) : body;
  return {
    statusCode: status,
    headers: {
      ...(body && { "content-type": "application/json" }),
      "cache-control": "no-store",
      ...headers,
      "x-request-id": requestId,
    },
    ...(sent !== undefined && { body: sent }),
  };
}
