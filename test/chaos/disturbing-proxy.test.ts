import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type DisturbingProxy,
  type Fate,
  startDisturbingProxy,
} from "../../chaos/disturb/disturbing-proxy.ts";

describe("The disturbing proxy", () => {
  const arrived: string[] = [];
  let server: Server;
  let proxy: DisturbingProxy;
  let fate: Fate;
  const ask = (signal?: AbortSignal) =>
    fetch(proxy.url, {
      method: "POST",
      headers: { "x-amz-target": "DynamoDB_20120810.PutItem" },
      body: "asked",
      ...(signal && { signal }),
    }).then((answer) => answer.text());

  beforeEach(async () => {
    arrived.length = 0;
    fate = {};
    server = createServer(async (incoming, outgoing) => {
      for await (const chunk of incoming) arrived.push(String(chunk));
      outgoing.end("answered");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    proxy = await startDisturbingProxy(`http://127.0.0.1:${port}`, ({ operation, body }) => {
      expect({ operation, body }).toEqual({ operation: "PutItem", body: "asked" });
      return fate;
    });
  });
  afterEach(async () => {
    await proxy.stop();
    server.close();
  });

  it("passes on what nothing befalls", async () => {
    expect(await ask()).toBe("answered");
  });

  it("cuts a request before it arrives", async () => {
    fate = { cut: "before" };
    await expect(ask()).rejects.toThrow();
    expect(arrived).toEqual([]);
  });

  it("cuts an answer after the request was carried out", async () => {
    fate = { cut: "after" };
    await expect(ask()).rejects.toThrow();
    expect(arrived).toEqual(["asked"]);
  });

  it.each([
    { late: true, times: 2 },
    { late: false, times: 1 },
  ])("carries out what its caller has given up only if it may be late: $late", async ({ late, times }) => {
    fate = { holdMs: 100, late };
    await expect(ask(AbortSignal.timeout(20))).rejects.toThrow();
    // Comes later and waits for longer, so the fate of the first one is decided by then.
    fate = { holdMs: 150 };
    await ask();
    expect(arrived).toHaveLength(times);
  });
});
