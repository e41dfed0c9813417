/** A request as a story sees it, whatever carried it. */
export interface HttpRequest {
  /** As in serverless.yml, such as `POST /webhooks/{source}`. */
  routeKey: string;
  pathParameters: Record<string, string>;
  query: Record<string, string>;
  /** Names in lower case; several of one name are joined by commas. */
  headers: Record<string, string>;
  /** The very bytes that were sent: signatures are over them. */
  body: Buffer;
  /** API Gateway's id of the request, in its access log and in every problem document. */
  requestId: string;
  /** Who is asking, as the authorizer says: a JWT's `sub`, or an IAM user's or role's ARN. */
  caller?: string;
}

export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON; nothing is sent where it is missing. */
  body?: object;
}

/** RFC 9457. `errors` name places and rules, never values. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: string[];
}

export const problemMediaType = "application/problem+json";

/** @param title the same for every problem of that kind; what differs goes into `detail` */
export function problem(
  status: number,
  title: string,
  more: { detail?: string; errors?: string[]; headers?: Record<string, string> } = {},
): HttpAnswer {
  const { headers, ...members } = more;
  const body: Problem = { type: "about:blank", title, status, ...members };
  return { status, headers: { ...headers, "content-type": problemMediaType }, body };
}

/**
 * @returns the media type without its parameters, in lower case; undefined where there is none, or more than one
 */
export function mediaTypeOf({ headers }: Pick<HttpRequest, "headers">): string | undefined {
  const [type, ...others] = (headers["content-type"] ?? "").split(",");
  if (others.length > 0) return undefined;
  return type?.split(";")[0]?.trim().toLowerCase() || undefined;
}
