import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface HoldingProxy {
  url: string;
  /**
   * Holds the next request of that operation, of those that contain `text`, for good. `"request"`: it never arrives. `"reply"`: it is carried out, and its
   * answer never comes. Resolves once something is held.
   */
  hold(operation: string, what: "request" | "reply", text?: string): Promise<void>;
  stop(): Promise<void>;
}

/** Stands before DynamoDB, so that a worker can be killed at a moment of the test's choice. */
export async function startHoldingProxy(target: string): Promise<HoldingProxy> {
  const holds: { operation: string; what: "request" | "reply"; text: string; held: () => void }[] = [];
  const server = createServer((incoming, outgoing) => void forward(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const operation = String(incoming.headers["x-amz-target"]).split(".").at(-1);
    const body = Buffer.concat(chunks);
    const index = holds.findIndex((hold) => hold.operation === operation && body.includes(hold.text));
    const hold = index < 0 ? undefined : holds.splice(index, 1)[0];
    if (hold?.what === "request") return hold.held();
    const { method, url, headers } = incoming;
    const onward = request(new URL(url ?? "/", target), { method, headers }, (reply) => {
      if (hold) {
        reply.resume();
        reply.once("end", hold.held);
        return;
      }
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(outgoing);
    });
    onward.once("error", () => outgoing.destroy());
    onward.end(body);
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (operation, what, text = "") =>
      new Promise((resolve) => void holds.push({ operation, what, text, held: resolve })),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
