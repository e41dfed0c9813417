import { Agent, request as httpRequest } from "node:http";
import { inputMembers, operationOf } from "./model.ts";
import type { Input } from "./sample.ts";

export type RawRequest = {
  method: string;
  /** With the query. */
  target: string;
  headers: Record<string, string>;
  body?: string | Buffer;
};

export type Reply = { status: number; headers: Record<string, string>; text: string };

export type Answer = Reply & {
  errorType: string | null;
  /** Undefined when it is not JSON. */
  body: unknown;
};

/** As an SDK would put it on the wire, valid or not. */
export function requestOf(operation: string, input: Input): RawRequest {
  const { method } = operationOf(operation);
  const body = bodyOf(operation, input);
  return {
    method,
    target: pathOf(operation, input) + queryOf(operation, input),
    headers: body === undefined ? {} : { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}

/** `rawLabels` stand in the path as they are. */
export function pathOf(operation: string, input: Input, rawLabels: Record<string, string> = {}): string {
  return operationOf(operation).uri.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => rawLabels[name] ?? encodeURIComponent(String(input[name] ?? "")),
  );
}

export function queryOf(operation: string, input: Input): string {
  const pairs = inputMembers(operation)
    .filter(({ location }) => location === "querystring")
    .flatMap(({ name, wireName }) =>
      [input[name] ?? []].flat().map((value) => `${wireName}=${encodeURIComponent(String(value))}`),
    );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/** Undefined for an operation whose input has no place in a body. */
export function bodyOf(operation: string, input: Input): Input | undefined {
  const members = inputMembers(operation).filter(({ location }) => location === "body");
  if (members.length === 0) return undefined;
  return Object.fromEntries(members.map(({ name }) => [name, input[name]]));
}

/** One for all: what its sockets are kept alive for is speed. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export const closeConnections = (): void => agent.destroy();

const patience = 20_000;

export function send(port: number, { method, target, headers, body }: RawRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const length: Record<string, number> =
      body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const options = {
      port,
      host: "127.0.0.1",
      agent,
      method,
      path: target,
      headers: { ...length, ...headers },
    };
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(flat),
          text: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    request.setTimeout(patience, () => request.destroy(new Error("no reply in time")));
    request.on("error", reject);
    request.end(body);
  });
}

/** Sends the input of an operation and reads the reply. */
export async function ask(port: number, operation: string, input: Input): Promise<Answer> {
  const reply = await send(port, requestOf(operation, input));
  return { ...reply, errorType: reply.headers["x-amzn-errortype"] ?? null, body: parsed(reply.text) };
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
