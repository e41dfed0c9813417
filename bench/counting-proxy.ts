import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from "node:http";
import { listen } from "./listen.ts";

export type Service = "dynamodb" | "sqs" | "sns" | "connect";

export interface AwsRequest {
  service: Service;
  operation: string;
  status: number;
  /** Epoch milliseconds of the reply, comparable between the processes of one machine. */
  at: number;
}

export interface Exchange {
  target: string;
  requestHeaders: IncomingMessage["headers"];
  requestBody: Buffer;
  status: number;
  replyBody: Buffer;
}

/** Makes good what an emulator leaves out: another reply body, or undefined to let it pass as it is. */
export type Mend = (exchange: Exchange) => Promise<Buffer | undefined>;

/**
 * Stands before one emulator and writes down every request. Nothing is patched in the process that is measured.
 * @param upstream asked at every request, so that another emulator can take over
 */
export async function countingProxy(
  service: Service,
  upstream: () => string,
  journal: Pick<AwsRequest[], "push">,
  mend?: Mend,
): Promise<string> {
  const agent = new Agent({ keepAlive: true });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method, headers, url: path } = incoming;
    const target = upstream();
    const requestBody = await bodyOf(incoming);
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      request(new URL(path ?? "/", target), { method, headers, agent }, resolve)
        .on("error", reject)
        .end(requestBody);
    });
    const [status, received] = [reply.statusCode ?? 0, await bodyOf(reply)];
    const exchange = { target, requestHeaders: headers, requestBody, status, replyBody: received };
    const mended = await mend?.(exchange);
    const body = mended ?? received;

    const replyHeaders: OutgoingHttpHeaders = { ...reply.headers, "content-length": String(body.length) };
    delete replyHeaders["transfer-encoding"];
    delete replyHeaders["connection"];
    // The checksum is of the body that the emulator sent.
    if (mended) delete replyHeaders["x-amz-crc32"];
    outgoing.writeHead(status, replyHeaders).end(body);
    journal.push({ service, operation: operationOf(incoming, requestBody), status, at: epochMs() });
  }

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  return listen(server);
}

export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const connectOperations: Record<string, string> = {
  "PUT /contact/outbound-voice": "StartOutboundVoiceContact",
  "POST /contact/stop": "StopContact",
  "POST /contact/attributes": "UpdateContactAttributes",
};

function operationOf({ method, url, headers }: IncomingMessage, body: Buffer): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.slice(target.indexOf(".") + 1);
  const route = `${method} ${url?.split("?")[0]}`;
  return connectOperations[route] ?? new URLSearchParams(body.toString()).get("Action") ?? route;
}
