import type { IncomingMessage, ServerResponse } from "node:http";
import { closingIfUnread, readBody, startServer, type WireServer } from "../wire-server.ts";
import { badRequest, type GatewayAnswer, message, tooLarge, unavailable } from "./gateway-answer.ts";
import { gatewayRequest, requestId } from "./gateway-request.ts";
import type { HttpApi } from "./http-api.ts";

/** Bytes. */
const mostOfBody = 10 * 1024 * 1024;
/** API Gateway's quota of bytes for request line and headers. */
const mostOfHead = 10_240;

export interface Gateway extends WireServer {
  /** Until then every request gets 503: functions can be told the URL before there are any. */
  open(api: HttpApi): void;
}

/** The server of an HTTP API. */
export async function startGateway(port: number, warn: (message: string) => void): Promise<Gateway> {
  let api: HttpApi = async () => unavailable();

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const at = Date.now();
    const id = requestId();
    const body = await readBody(request, mostOfBody);
    if (body === undefined) return send(response, id, tooLarge());
    const whole = gatewayRequest(request, body, id, at);
    send(response, id, whole ? await api(whole) : badRequest());
  };
  const refusal = (status: number, reason: string) => {
    const { body, headers } = message(status, reason);
    return { headers: { ...headers, "apigw-requestid": requestId() }, body: body.toString() };
  };
  const server = await startServer(port, { answer, refusal, maxHeaderSize: mostOfHead, warn });
  return {
    ...server,
    open: (opened) => {
      api = opened;
    },
  };
}

function send(response: ServerResponse, id: string, { status, headers, body }: GatewayAnswer): void {
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, {
    ...headers,
    "apigw-requestid": id,
    ...(hasBody && { "content-length": body.length }),
    ...closingIfUnread(response.req),
  });
  response.end(hasBody ? body : undefined);
}
