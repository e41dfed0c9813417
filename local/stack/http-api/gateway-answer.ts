/** What goes back to the client, `apigw-requestid` and the length of the body aside. */
export interface GatewayAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** API Gateway's own answers, such as 404 `{"message":"Not Found"}`. */
export function message(
  status: number,
  text: string,
  headers: Record<string, string> = {},
): GatewayAnswer & { headers: Record<string, string> } {
  const body = Buffer.from(JSON.stringify({ message: text }));
  return { status, headers: { "content-type": "application/json", ...headers }, body };
}

export const badRequest = () => message(400, "Bad Request");
export const forbidden = (headers?: Record<string, string>) => message(403, "Forbidden", headers);
export const notFound = () => message(404, "Not Found");
export const tooLarge = () => message(413, "Request Entity Too Large");
export const tooMany = () => message(429, "Too Many Requests");
export const internalError = () => message(500, "Internal Server Error");
export const unavailable = () => message(503, "Service Unavailable");
