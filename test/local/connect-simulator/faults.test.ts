import { describe, expect, it } from "vitest";
import { aCentre } from "./support.ts";

const operation = "StartOutboundVoiceContact";

describe("a fault", () => {
  it("reply-lost: the call is placed and the connection dies unanswered", async () => {
    const centre = await aCentre();
    centre.simulator.faults({ operation, kind: "reply-lost" });

    await expect(centre.call({ ClientToken: "t-1" })).rejects.toMatchObject({ code: "ECONNRESET" });

    expect(centre.simulator.contacts()).toMatchObject([{ clientToken: "t-1", state: "INITIATED" }]);
    expect(centre.simulator.requests()).toMatchObject([
      { status: 0, fault: "reply-lost", clientToken: "t-1" },
    ]);
    expect(await centre.call({ ClientToken: "t-1" })).toBe(centre.simulator.contacts()[0]?.contactId);
  });

  it("reset: the connection dies before anything is done", async () => {
    const centre = await aCentre();
    centre.simulator.faults({ operation, kind: "reset" });

    await expect(centre.call()).rejects.toMatchObject({ code: "ECONNRESET" });

    expect(centre.simulator.contacts()).toEqual([]);
    expect(centre.simulator.requests()).toMatchObject([{ status: 0, fault: "reset" }]);
  });

  it("refuse: answers an error of one's choice, an internal one by default", async () => {
    const centre = await aCentre();
    centre.simulator.faults({ operation, kind: "refuse" });
    centre.simulator.faults({ operation: "*", kind: "refuse", status: 400, error: "ThrottlingException" });

    await expect(centre.call()).rejects.toMatchObject({
      name: "InternalServiceException",
      $metadata: { httpStatusCode: 500 },
    });
    await expect(centre.call()).rejects.toMatchObject({
      name: "ThrottlingException",
      $metadata: { httpStatusCode: 400 },
    });
    await centre.call();
    expect(centre.simulator.contacts()).toHaveLength(1);
  });

  it("delay: the call is placed and the reply held back", async () => {
    const centre = await aCentre();
    centre.simulator.faults({ operation, kind: "delay", delayMs: 60_000 });
    const reply = centre.call();
    const outcome = expect(reply).rejects.toThrow();

    await expect.poll(() => centre.simulator.contacts()).toHaveLength(1);
    await centre.simulator.stop();

    await outcome;
  });

  it("delay: the reply comes in the end", async () => {
    const centre = await aCentre();
    centre.simulator.faults({ operation, kind: "delay", delayMs: 20 });
    expect(await centre.call()).toBe(centre.simulator.contacts()[0]?.contactId);
  });

  it("meets as many requests as its count says, of its own operation alone", async () => {
    const centre = await aCentre();
    centre.simulator.faults({ operation: "DescribeContact", kind: "refuse", count: 2 });
    const contactId = await centre.call();

    await expect(centre.describe(contactId)).rejects.toThrow();
    expect(centre.simulator.pendingFaults()).toMatchObject([{ count: 1 }]);
    await expect(centre.describe(contactId)).rejects.toThrow();
    await centre.describe(contactId);
  });

  it("shows the tries of one SDK call under one invocation id", async () => {
    const centre = await aCentre();
    centre.simulator.faults({ operation, kind: "refuse", count: 1 });
    await centre.call().catch(() => undefined);
    const [request] = centre.simulator.requests();
    expect(request?.sdkInvocationId).toMatch(/^[0-9a-f-]{36}$/);
  });
});
