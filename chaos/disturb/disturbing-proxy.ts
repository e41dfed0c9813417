import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { routeOf } from "../../local/connect-simulator/wire/routes.ts";

export interface Asked {
  /** As AWS calls it, where the request tells; else its path. */
  operation: string;
  body: string;
}

/** What becomes of one request. */
export interface Fate {
  /** Milliseconds for which it waits before it is carried out, if it is. */
  holdMs?: number;
  /** The connection is cut: before the request is carried out, or before its answer is sent. */
  cut?: "before" | "after";
  /** Carried out even if whoever asked has given up meanwhile. */
  late?: boolean;
}

export interface DisturbingProxy {
  url: string;
  stop(): Promise<void>;
}

/** Stands before a service; `fateOf` is asked for each request the moment that it comes. */
export async function startDisturbingProxy(
  target: string,
  fateOf: (asked: Asked) => Fate,
): Promise<DisturbingProxy> {
  const agent = new Agent({ keepAlive: true });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const { method, url = "/", headers } = incoming;
    const { holdMs = 0, cut, late } = fateOf({ operation: operationOf(incoming), body: body.toString() });
    if (holdMs > 0) await sleep(holdMs);
    if (cut === "before") return void outgoing.destroy();
    if (outgoing.destroyed && !late) return;
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      request(new URL(url, target), { method, headers, agent }, resolve).on("error", reject).end(body);
    });
    const answer = await buffer(reply);
    if (cut === "after") return void outgoing.destroy();
    const { "transfer-encoding": _, connection: __, ...replyHeaders } = reply.headers;
    outgoing
      .writeHead(reply.statusCode ?? 500, { ...replyHeaders, "content-length": answer.length })
      .end(answer);
  }

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

function operationOf({ method = "", url = "/", headers }: IncomingMessage): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.slice(target.indexOf(".") + 1);
  const [path = ""] = url.split("?");
  return routeOf(method, path)?.operation.name ?? `${method} ${url}`;
}
