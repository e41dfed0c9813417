import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface HoldingProxy {
  url: string;
  /**
   * Holds the next request of that operation, of those that contain `text`, until told otherwise. `"request"`: it does not arrive. `"reply"`: it is carried
   * out, and its answer does not come. Resolves once something is held.
   */
  hold(operation: string, what: "request" | "reply", text?: string): Promise<Held>;
  /** Carries out the next such request, and closes the connection in place of an answer. */
  lose(operation: string, text?: string): void;
  /** Closes every connection until it is called with `false`: nobody gets through. */
  sever(severed: boolean): void;
  stop(): Promise<void>;
}

export interface Held {
  /** As if it had never been held. */
  letGo(): void;
  /** Answers it with an error that nobody retries. */
  refuse(): void;
}

interface Hold {
  operation: string;
  what: "request" | "reply" | "lost";
  text: string;
  met(held: Held): void;
}

const refusal = JSON.stringify({ __type: "com.amazonaws.dynamodb.v20120810#AccessDeniedException" });

/** Stands before DynamoDB, so that a worker can be killed at a moment of the test's choice. */
export async function startHoldingProxy(target: string): Promise<HoldingProxy> {
  const holds: Hold[] = [];
  let isSevered = false;
  const server = createServer((incoming, outgoing) => void forward(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (isSevered) return void incoming.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const operation = String(incoming.headers["x-amz-target"]).split(".").at(-1);
    const body = Buffer.concat(chunks);
    const index = holds.findIndex((hold) => hold.operation === operation && body.includes(hold.text));
    const hold = index < 0 ? undefined : holds.splice(index, 1)[0];
    const refuse = () =>
      void outgoing.writeHead(400, { "content-type": "application/x-amz-json-1.0" }).end(refusal);
    const { method, url, headers } = incoming;
    const send = (take: (reply: IncomingMessage) => void) => {
      const onward = request(new URL(url ?? "/", target), { method, headers }, take);
      onward.once("error", () => outgoing.destroy());
      onward.end(body);
    };
    // The SDK would set its clock by it and repeat what failed, where a test has set the clocks.
    outgoing.sendDate = false;
    const answer = (reply: IncomingMessage) => {
      const { date: _, ...rest } = reply.headers;
      outgoing.writeHead(reply.statusCode ?? 500, rest);
      reply.pipe(outgoing);
    };
    if (hold?.what === "request") return hold.met({ letGo: () => send(answer), refuse });
    send((reply) => {
      if (!hold) return answer(reply);
      if (hold.what === "reply") return hold.met({ letGo: () => answer(reply), refuse });
      reply.resume().once("end", () => outgoing.destroy());
    });
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (operation, what, text = "") =>
      new Promise((met) => void holds.push({ operation, what, text, met })),
    lose: (operation, text = "") => void holds.push({ operation, what: "lost", text, met: () => {} }),
    sever: (severed) => {
      isSevered = severed;
      if (severed) server.closeAllConnections();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
