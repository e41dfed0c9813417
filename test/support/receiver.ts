import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";

export interface Received {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  stop(): Promise<void>;
}

type Answering = (received: Received, answer: ServerResponse) => void;

/** Of the receiver by HTTPS: for `localhost`, and its own authority. */
export const receiverCertificate = readFileSync(new URL("./tls/cert.pem", import.meta.url), "utf8");

/** A producer's endpoint for notices. @param answering 204 in its absence */
export async function startReceiver(
  answering: Answering = (_, answer) => void answer.writeHead(204).end(),
  { tls = false } = {},
): Promise<Receiver> {
  const received: Received[] = [];
  const take = async (incoming: IncomingMessage, answer: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = "", url: path = "", headers } = incoming;
    const body = Buffer.concat(chunks).toString();
    const one = { method, path, headers: headers as Record<string, string>, body };
    received.push(one);
    answering(one, answer);
  };
  const listener = (incoming: IncomingMessage, answer: ServerResponse) =>
    void take(incoming, answer).catch(() => answer.destroy());
  const key = readFileSync(new URL("./tls/key.pem", import.meta.url), "utf8");
  const server = tls
    ? createHttpsServer({ key, cert: receiverCertificate }, listener)
    : createHttpServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    url: tls ? `https://localhost:${port}/notices` : `http://127.0.0.1:${port}/notices`,
    received,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
