import { connect } from "node:net";
import { afterEach, expect, it } from "vitest";
import { readBody, startServer, type WireServer } from "../../../local/stack/wire-server.ts";

const servers: WireServer[] = [];
const warnings: string[] = [];
const start = async (answer: Parameters<typeof startServer>[1]["answer"]) => {
  const refusal = (status: number) => ({ headers: { "x-refused": "yes" }, body: `refused ${status}` });
  const warn = (message: string) => void warnings.push(message);
  const server = await startServer(0, { answer, refusal, warn, requestTimeout: 100 });
  servers.push(server);
  return server;
};
afterEach(async () => {
  warnings.length = 0;
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

function replyTo({ url }: WireServer, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let reply = "";
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => {
      reply += chunk;
    });
    socket.once("close", () => resolve(reply));
  });
}

it("gives up on a request that takes too long to come", async () => {
  const server = await start(async (request, response) => void response.end(await readBody(request, 100)));
  const reply = await replyTo(server, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc");
  expect(reply).toMatch(/^HTTP\/1.1 408 Request Timeout\r\nx-refused: yes\r\n.*\r\n\r\nrefused 408$/s);
  expect(warnings).toEqual([]);
});

it("outlives an answer that fails, ends its connection and says so", async () => {
  const server = await start(async () => {
    throw new Error("a mistake of ours");
  });
  await expect(fetch(server.url)).rejects.toThrow();
  expect(warnings).toEqual([expect.stringContaining("a mistake of ours")]);
});

it("ends at once when it is stopped, whatever is open", async () => {
  const server = await start(() => new Promise(() => {}));
  const pending = fetch(server.url).catch(() => "ended");
  await replyTo(server, "nonsense\r\n\r\n");
  await server.stop();
  expect(await pending).toBe("ended");
});
