import type { LookupAddress, lookup } from "node:dns";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Destination, readDestination } from "../../../lib/subscribers/destination.ts";
import { guardedLookup, HttpsPoster, type PosterOptions } from "../../../lib/subscribers/poster.https.ts";
import { type Receiver, receiverCertificate, startReceiver } from "../../support/receiver.ts";

const message = { headers: { "content-type": "application/json" }, body: '{"noticeId":"ü"}' };
const now = Date.parse("2026-11-24T12:00:00Z");

const receivers: Receiver[] = [];
const listening = async (...settings: Parameters<typeof startReceiver>) => {
  const receiver = await startReceiver(...settings);
  receivers.push(receiver);
  return receiver;
};
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
});

const here = (url: string): Destination => {
  const reading = readDestination(url, { ports: [443], mayBeLocal: true });
  if (reading.kind === "unfit") throw new Error(reading.why);
  return reading.destination;
};
const post = (url: string, options: Partial<PosterOptions> = {}) =>
  new HttpsPoster({ timeoutMs: 5_000, now: () => now, ...options }).post(here(url), message);

type Found = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
/** A resolver that has another answer each time, and the names that it was asked for. */
function aResolver(...answers: (string[] | NodeJS.ErrnoException)[]) {
  const asked: string[] = [];
  const resolve = (name: string, _options: unknown, found: Found) => {
    const answer = answers[asked.length] ?? [];
    asked.push(name);
    if (answer instanceof Error) found(answer, []);
    else
      found(
        null,
        answer.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      );
  };
  return { asked, resolve: resolve as unknown as typeof lookup };
}

describe("a POST", () => {
  it("arrives as it was signed, by HTTPS with a certificate that is trusted", async () => {
    const receiver = await listening(undefined, { tls: true });
    expect(await post(receiver.url, { ca: receiverCertificate })).toEqual({ kind: "answered", status: 204 });
    expect(receiver.received).toMatchObject([{ method: "POST", path: "/notices", ...message }]);
  });

  it("is not made where the certificate is not trusted", async () => {
    const receiver = await listening(undefined, { tls: true });
    const answer = await post(receiver.url);
    expect(answer).toEqual({ kind: "unanswered", why: "no answer (DEPTH_ZERO_SELF_SIGNED_CERT)" });
    expect(receiver.received).toEqual([]);
  });

  it("is not made to it either where the environment has the checks switched off", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    const receiver = await listening(undefined, { tls: true });
    expect((await post(receiver.url)).kind).toBe("unanswered");
    expect(receiver.received).toEqual([]);
  });

  it("is not made where the certificate is for another name", async () => {
    const receiver = await listening(undefined, { tls: true });
    const answer = await post(receiver.url.replace("localhost", "127.0.0.1"), { ca: receiverCertificate });
    expect(answer).toEqual({ kind: "unanswered", why: "no answer (ERR_TLS_CERT_ALTNAME_INVALID)" });
    expect(receiver.received).toEqual([]);
  });

  it("follows no redirect", async () => {
    const target = await listening();
    const receiver = await listening(
      (_, answer) => void answer.writeHead(307, { location: target.url }).end(),
    );
    expect(await post(receiver.url)).toEqual({ kind: "answered", status: 307 });
    expect(target.received).toEqual([]);
  });

  it("takes Retry-After in seconds and as a date, and nothing else for it", async () => {
    const said = ["120", new Date(now + 90_000).toUTCString(), new Date(now - 1).toUTCString(), "soon", "-5"];
    const receiver = await listening((_, answer) => {
      const header = said[receiver.received.length - 1] ?? "";
      answer.writeHead(503, { "retry-after": header }).end();
    });
    const waits = [];
    for (const _ of said) waits.push(await post(receiver.url));
    const status = { kind: "answered", status: 503 };
    expect(waits).toEqual([
      { ...status, retryAfterMs: 120_000 },
      { ...status, retryAfterMs: 90_000 },
      status,
      status,
      status,
    ]);
  });

  it("is over in time when no answer comes", async () => {
    const receiver = await listening(() => {});
    expect(await post(receiver.url, { timeoutMs: 50 })).toEqual({
      kind: "unanswered",
      why: "no answer in time",
    });
    expect(receiver.received).toHaveLength(1);
  });

  it("has its answer by the status, and hangs up on an answer that does not end", async () => {
    let hungUp: () => void = () => {};
    const end = new Promise<void>((resolve) => {
      hungUp = resolve;
    });
    const receiver = await listening((_, answer) => {
      answer.once("close", hungUp).writeHead(200);
      const more = () => {
        while (!answer.destroyed && answer.write("x".repeat(4_096)));
        if (!answer.destroyed) answer.once("drain", more);
      };
      more();
    });
    expect(await post(receiver.url)).toEqual({ kind: "answered", status: 200 });
    await end;
  });

  it.each([
    ["an upgrade", "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n"],
    ["only a promise of an answer", "HTTP/1.1 103 Early Hints\r\n\r\n"],
    ["something else than HTTP", "220 mail.example ESMTP\r\n"],
    ["more headers than one takes", `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(20_000)}\r\n`],
  ])("comes to an end with %s", async (_, reply) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(reply));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    const { port } = server.address() as AddressInfo;
    const answer = await post(`http://127.0.0.1:${port}/`);
    expect(answer.kind).toBe("unanswered");
    await new Promise((resolve) => server.close(resolve));
  });

  it("tells of a failure by its code alone", async () => {
    const receiver = await listening();
    await receiver.stop();
    expect(await post(receiver.url)).toEqual({ kind: "unanswered", why: "no answer (ECONNREFUSED)" });
  });
});

describe("names", () => {
  const notAllowed = { kind: "unanswered", why: "its host has an address that is not allowed" };

  it("are resolved once for each POST, and what they give is what is connected to", async () => {
    const receiver = await listening();
    const url = receiver.url.replace("127.0.0.1", "localhost");
    const { asked, resolve } = aResolver(["127.0.0.1"], ["169.254.169.254"], ["127.0.0.1"]);
    expect(await post(url, { resolve })).toEqual({ kind: "answered", status: 204 });
    expect(asked).toHaveLength(1);
    // The name now leads elsewhere, and no connection of before is used.
    expect(await post(url, { resolve })).toEqual(notAllowed);
    expect(await post(url, { resolve })).toEqual({ kind: "answered", status: 204 });
    expect(asked).toEqual(["localhost", "localhost", "localhost"]);
    expect(receiver.received).toHaveLength(2);
  });

  it("that give one address of many that is not allowed are not connected to at all", async () => {
    const receiver = await listening();
    const url = receiver.url.replace("127.0.0.1", "localhost");
    for (const addresses of [
      ["127.0.0.1", "10.0.0.1"],
      ["::ffff:169.254.169.254", "127.0.0.1"],
      ["8.8.8.8"],
      [],
    ])
      expect(await post(url, aResolver(addresses))).toEqual(notAllowed);
    expect(receiver.received).toEqual([]);
  });

  it("that are public may not become inner ones between one look and the next", async () => {
    const { destination } = readDestination("https://producer.example/", {
      ports: [443],
      mayBeLocal: false,
    }) as { destination: Destination };
    const { resolve } = aResolver(
      ["8.8.8.8", "2606:4700::1111"],
      ["169.254.169.254"],
      ["127.0.0.1"],
      ["8.8.4.4"],
    );
    const guarded = guardedLookup(destination, resolve);
    const looked = (all: boolean) =>
      new Promise((found) =>
        guarded("producer.example", { all }, (error, address) => found(error ? error.code : address)),
      );
    expect(await looked(true)).toEqual([
      { address: "8.8.8.8", family: 4 },
      { address: "2606:4700::1111", family: 6 },
    ]);
    expect(await looked(true)).toBe("ADDRESS_NOT_ALLOWED");
    expect(await looked(false)).toBe("ADDRESS_NOT_ALLOWED");
    expect(await looked(false)).toBe("8.8.4.4");
  });

  it("that nobody knows are a failure like others", async () => {
    const unknown = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
    const { resolve } = aResolver(unknown);
    expect(await post("http://localhost:1/", { resolve })).toEqual({
      kind: "unanswered",
      why: "no answer (ENOTFOUND)",
    });
  });
});
