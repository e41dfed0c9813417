import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Asked, type Call, callsIn } from "./calls.ts";

export interface Recorder {
  /** What was asked for by whom, in the order of asking. */
  calls: Call[];
  /** Before the next call like this goes on: so that somebody else is certainly there first. */
  beforeNext(isMeant: (call: Call) => boolean, work: () => Promise<unknown>): void;
  /** Starts a proxy before a service. @returns its URL */
  before(url: string): Promise<string>;
  stop(): Promise<void>;
}

/** Proxies that write down who asks for what. */
export function recorder(): Recorder {
  const calls: Call[] = [];
  let interludes: { isMeant: (call: Call) => boolean; work: () => Promise<unknown> }[] = [];
  const stops: (() => Promise<void>)[] = [];

  const forward = async (
    target: string,
    agent: Agent,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = "", url = "/", headers } = incoming;
    const body = Buffer.concat(chunks);
    const asked: Asked = { method, url, headers, body: body.toString() };
    const made = callsIn(asked);
    calls.push(...made);
    const interlude = interludes.find(({ isMeant }) => made.some(isMeant));
    interludes = interludes.filter((one) => one !== interlude);
    await interlude?.work();
    const onward = request(new URL(url, target), { method, headers, agent }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(outgoing);
    });
    onward.once("error", () => outgoing.destroy());
    onward.end(body);
  };

  return {
    calls,
    beforeNext: (isMeant, work) => void interludes.push({ isMeant, work }),
    before: async (target) => {
      const agent = new Agent({ keepAlive: true });
      const server = createServer((incoming, outgoing) => {
        forward(target, agent, incoming, outgoing).catch(() => outgoing.destroy());
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
      stops.push(async () => {
        agent.destroy();
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    stop: async () => void (await Promise.all(stops.map((stop) => stop()))),
  };
}
