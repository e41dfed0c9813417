import type { IncomingMessage, ServerResponse } from "node:http";
import { requestTooLarge } from "./wire-error.ts";

const bodyLimit = 1_048_576;

/** The whole body, or a 413 as soon as it is too long. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > bodyLimit) throw requestTooLarge(`The request has more than ${bodyLimit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function send(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string>,
): void {
  // What is left of an unread body would be taken for the next request.
  const unread = response.req.complete ? {} : { connection: "close" };
  response.writeHead(status, { "content-length": Buffer.byteLength(text), ...unread, ...headers });
  response.end(text);
}

export const sendJson = (response: ServerResponse, status: number, body: object): void =>
  send(response, status, JSON.stringify(body), { "content-type": "application/json" });

/** The path before decoding, and the query string. */
export function splitTarget(target: string): { path: string; query: string } {
  const at = target.indexOf("?");
  return at < 0 ? { path: target, query: "" } : { path: target.slice(0, at), query: target.slice(at + 1) };
}
