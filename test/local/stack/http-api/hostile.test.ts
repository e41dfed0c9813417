import { connect, type Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { until } from "../small-service.ts";
import { answering, type RunningApi, startApi, stopApi } from "./small-api.ts";

let api: RunningApi;
let port: number;
let started = 0;

beforeAll(async () => {
  api = await startApi({ routes: { "ANY /{path+}": {}, "POST /signed": { AuthorizationType: "AWS_IAM" } } });
  port = Number(new URL(api.url).port);
  api.stack.onInvocation(({ phase }) => void (phase === "started" && started++));
});
afterAll(() => stopApi(api));

function aSocket(bytes: string): Socket {
  const socket = connect({ port, host: "127.0.0.1" }, () => socket.write(bytes));
  socket.on("error", () => {});
  return socket;
}

/** @returns everything that comes until the server ends the connection */
async function replyTo(bytes: string): Promise<string> {
  const socket = aSocket(bytes);
  let reply = "";
  socket.on("data", (chunk) => {
    reply += chunk.toString("latin1");
  });
  await new Promise<void>((resolve) => socket.once("close", () => resolve()));
  return reply;
}

const request = (line: string, ...headers: string[]) =>
  [line, "host: x", "connection: close", ...headers, "", ""].join("\r\n");
const isAlive = async () => expect((await fetch(`${api.url}/alive`)).status).toBe(200);

it.each<[string, string, number]>([
  ["no HTTP", "\0\x01\x02 nonsense\r\n\r\n", 400],
  ["a path that is not UTF-8", request("GET /%ff HTTP/1.1"), 400],
  ["half an escape", request("GET /%4 HTTP/1.1"), 400],
  ["a target that is no path", request("OPTIONS * HTTP/1.1"), 400],
  ["an absolute target", request("GET http://elsewhere/a HTTP/1.1"), 400],
  ["a wish for a tunnel", request("CONNECT elsewhere:443 HTTP/1.1"), 400],
  ["two lengths", request("POST /a HTTP/1.1", "content-length: 1", "content-length: 2"), 400],
  [
    "a length and chunks",
    request("POST /a HTTP/1.1", "content-length: 1", "transfer-encoding: chunked"),
    400,
  ],
  ["a length below zero", request("POST /a HTTP/1.1", "content-length: -1"), 400],
  ["a chunk of no length", `${request("POST /a HTTP/1.1", "transfer-encoding: chunked")}zz\r\n`, 400],
  ["headers without end", request("GET /a HTTP/1.1", `x-long: ${"a".repeat(20_000)}`), 431],
  ["a path without end", request(`GET /${"a".repeat(20_000)} HTTP/1.1`), 431],
  ["a body announced as endless", request("POST /a HTTP/1.1", `content-length: ${"9".repeat(15)}`), 413],
  ["a wish that nobody grants", request("GET /a HTTP/1.1", "expect: miracles"), 200],
  ["an upgrade", request("GET /a HTTP/1.1", "upgrade: websocket").replace("close", "close, upgrade"), 200],
  [
    "names from the prototype",
    request("GET /__proto__?__proto__=1&constructor=2 HTTP/1.1", "__proto__: x"),
    200,
  ],
])("survives %s", async (_, bytes, status) => {
  const reply = await replyTo(bytes);
  expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(reply).toMatch(/^apigw-requestid: \S{16}\r$/im);
  if (status !== 200) expect(reply).toMatch(/\r\n\r\n\{"message":"[A-Z][\w ]+"\}$/);
  await isAlive();
});

it("waits for a body that comes slowly", async () => {
  const socket = aSocket(`${request("POST /a HTTP/1.1", "content-type: text/plain", "content-length: 3")}a`);
  let reply = "";
  socket.on("data", (chunk) => {
    reply += chunk;
  });
  const before = started;
  await isAlive();
  socket.write("b");
  await isAlive();
  expect(started).toBe(before + 2);
  socket.write("c");
  await until(() => expect(reply).toContain('"body":"abc"'));
});

it("forgets a request that is given up in mid-body, before any function sees it", async () => {
  const before = started;
  for (const path of ["/a", "/signed"]) {
    const socket = aSocket(`${request(`POST ${path} HTTP/1.1`, "content-length: 1000")}abc`);
    await new Promise<void>((resolve) => socket.write("d", () => resolve()));
    socket.resetAndDestroy();
  }
  await isAlive();
  expect(started).toBe(before + 1);
  expect(api.stack.busy()).toBe(0);
  expect(api.warnings).toEqual([]);
});

it("survives a wish for a tunnel whose client is gone when it reads on", async () => {
  const bytes = request("CONNECT elsewhere:443 HTTP/1.1");
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => socket.write(bytes));
  await new Promise<void>((resolve) => socket.once("data", () => resolve()));
  socket.resetAndDestroy();
  await isAlive();
});

it("lets a function end whose client has gone away", async () => {
  const ended: string[] = [];
  const end = api.stack.onInvocation(
    (seen) => void (seen.phase === "ended" && ended.push(seen.invocation.kind)),
  );
  const { "x-answer": answer } = answering({ sleeps: 100, returns: "late" });
  const socket = aSocket(request("GET /a HTTP/1.1", `x-answer: ${answer}`));
  await until(() => expect(api.stack.busy("answer")).toBe(1));
  socket.resetAndDestroy();
  await until(() => expect(ended).toEqual(["result"]));
  end();
  await isAlive();
});

it("survives any bytes at all", async () => {
  const line = fc.stringMatching(/^(GET|POST|PUT) \/[!-~]{0,40} HTTP\/1\.1$/);
  const header = fc.stringMatching(/^[!-~]{1,12}: ?[\t -~]{0,30}$/);
  const wild = fc.tuple(line, fc.array(header, { maxLength: 5 }), fc.uint8Array({ maxLength: 50 }));
  await fc.assert(
    fc.asyncProperty(wild, async ([first, headers, tail]) => {
      const bytes = Buffer.concat([Buffer.from([first, ...headers, "", ""].join("\r\n")), tail]);
      const socket = connect({ port, host: "127.0.0.1" }, () => socket.end(bytes));
      socket.on("error", () => {}).resume();
      await new Promise<void>((resolve) => socket.once("close", () => resolve()));
    }),
    { numRuns: 500, seed: 4 },
  );
  await isAlive();
});
