import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { sendJson } from "./http.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
type Parts = { answer: (request: IncomingMessage) => Answer; warn: (message: string) => void };

/** Lets a server answer whatever comes, and always in AWS's form. */
export function serve(server: Server, { answer, warn }: Parts): void {
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request)(request, response).catch((error: unknown) => {
      // A client that goes away in mid-request is its own affair; everything else is ours.
      if (request.socket.destroyed) return;
      warn(`a request failed: ${error instanceof Error ? error.stack : String(error)}`);
      if (response.headersSent) request.socket.destroy();
      else sendJson(response, 500, { __type: "InternalServiceException", Message: "The simulator failed." });
    });
  };
  server.on("request", respond);
  server.on("checkExpectation", respond);
  server.on("connect", (_request, socket) => {
    // From here on the socket is nobody's, and an error that nobody listens for would end the process.
    socket.on("error", () => socket.destroy());
    refuseBytes(socket);
  });
  server.on("clientError", (_error, socket) => refuseBytes(socket));
}

/** The answer to what is no request at all. */
function refuseBytes(socket: Duplex): void {
  if (!socket.writable) return;
  const body = JSON.stringify({ __type: "InvalidRequestException", Message: "This is not HTTP." });
  const headers = [
    "x-amzn-errortype: InvalidRequestException",
    `x-amzn-requestid: ${randomUUID()}`,
    "content-type: application/json",
    `content-length: ${body.length}`,
    "connection: close",
  ];
  socket.end(["HTTP/1.1 400 Bad Request", ...headers, "", body].join("\r\n"));
}
