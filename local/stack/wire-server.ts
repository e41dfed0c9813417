import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

export interface WireServer {
  url: string;
  /** Takes no more connections; resolves when every request that has come is answered. */
  drain(): Promise<void>;
  /** Ends what is open at once. */
  stop(): Promise<void>;
}

/** What is said to what is no HTTP request. */
const reasons = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
} as const;
type Refused = keyof typeof reasons;

interface Parts {
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The whole answer to what is no HTTP request. */
  refusal(status: Refused, reason: string): { headers: Record<string, string>; body: string };
  /** Bytes of request line and headers. */
  maxHeaderSize?: number;
  /** Milliseconds within which a request has to come in full. */
  requestTimeout?: number;
  warn(message: string): void;
}

/** An HTTP server that outlives whatever is sent to it. */
export async function startServer(port: number, parts: Parts): Promise<WireServer> {
  const { answer, warn, maxHeaderSize = 16_384, requestTimeout = 30_000 } = parts;
  const connectionsCheckingInterval = Math.min(requestTimeout, 1_000);
  const server = createServer({ maxHeaderSize, requestTimeout, connectionsCheckingInterval });
  const underWay = new Set<Promise<void>>();
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    const work = answer(request, response)
      .catch((error: unknown) => {
        // A client that goes away in mid-request is its own affair; everything else is ours.
        if (request.socket.destroyed) return;
        warn(`A request failed: ${error instanceof Error ? error.stack : String(error)}`);
        request.socket.destroy();
      })
      .finally(() => underWay.delete(work));
    underWay.add(work);
  };
  const refuse = (socket: Duplex, status: Refused) => {
    if (socket.writable) socket.end(raw(status, parts.refusal(status, reasons[status])));
    else socket.destroy();
  };
  server.on("request", respond);
  server.on("checkContinue", (request, response) => {
    response.writeContinue();
    respond(request, response);
  });
  server.on("checkExpectation", respond);
  server.on("connect", (_request, socket) => {
    // Of this one socket node looks after the errors no longer.
    socket.on("error", () => socket.destroy());
    refuse(socket, 400);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuse(socket, statusOf(error)));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    drain: async () => {
      server.close();
      await Promise.all(underWay);
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function statusOf({ code }: NodeJS.ErrnoException): Refused {
  if (code === "HPE_HEADER_OVERFLOW") return 431;
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
}

function raw(status: Refused, { headers, body }: ReturnType<Parts["refusal"]>): string {
  const all = { ...headers, "content-length": String(Buffer.byteLength(body)), connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${reasons[status]}`, ...lines, "", body].join("\r\n");
}

/** @returns the whole body, or undefined as soon as it is longer than `most` bytes */
export async function readBody(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > most) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What is left of an unread body would be taken for the next request. */
export const closingIfUnread = (request: IncomingMessage): { connection?: "close" } =>
  request.complete ? {} : { connection: "close" };
