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
  /** Undefined where the route has no authorizer. */
  caller?: Caller | undefined;
}

/** Who asks, as the authorizer of the route has found: the claims of a token, or the ARN of whoever has signed. */
export type Caller = { kind: "token"; claims: Record<string, unknown> } | { kind: "iam"; arn: string };

export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON, a text as it is; nothing is sent where it is missing. */
  body?: object | string;
}

/** RFC 9457. `errors` name places and rules, never values. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: string[];
}

/** The media types that a request wants, the most wanted first; those of the same weight in its own order. */
export function acceptedIn({ headers }: Pick<HttpRequest, "headers">): string[] {
  const wished = (headers["accept"] ?? "").split(",").map((one) => {
    const [type = "", ...parameters] = one.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
    return { type, weight: Number(weight) };
  });
  return wished
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ type }) => type);
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

/** Nothing came of the request, through no fault of its own; the same again is harmless. */
export const unavailable = (): HttpAnswer =>
  problem(503, "Unavailable", {
    detail: "What the request needs cannot be reached: send it again.",
    headers: { "retry-after": "5" },
  });

/** A table or queue that an answer needs cannot be reached. `cause` is logged, and the answer is `unavailable`. */
export class Unreachable extends Error {}

/** @throws Unreachable for whatever is thrown */
export async function reached<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new Unreachable("it cannot be reached", { cause });
  }
}

/**
 * @returns the media type without its parameters, in lower case; undefined where there is none, or more than one
 */
export function mediaTypeOf({ headers }: Pick<HttpRequest, "headers">): string | undefined {
  const [type, ...others] = (headers["content-type"] ?? "").split(",");
  if (others.length > 0) return undefined;
  return type?.split(";")[0]?.trim().toLowerCase() || undefined;
}
