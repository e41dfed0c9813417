import { describe, expect, it } from "vitest";
import { defaultInstanceId, defaultQueueId } from "../../../local/connect-simulator/defaults.ts";
import { startConnectSimulator } from "../../../local/connect-simulator/simulator.ts";
import { requestLog } from "../../../local/connect-simulator/wire/request-log.ts";
import { aCentre, minutes } from "./support.ts";

describe("the control API", () => {
  it("lists its routes", async () => {
    const centre = await aCentre();
    const { body } = await centre.raw("GET", "/_sim/");
    expect(JSON.stringify(body)).toContain("POST /_sim/faults");
  });

  it("shows every contact and every request", async () => {
    const centre = await aCentre();
    const contactId = await centre.call({ ClientToken: "t-1", Attributes: { a: "1" } });
    await centre.call({ DestinationPhoneNumber: "nope" }).catch(() => undefined);

    expect((await centre.raw("GET", "/_sim/contacts")).body).toEqual([
      {
        contactId,
        instanceId: defaultInstanceId,
        initiationMethod: "API",
        queueId: defaultQueueId,
        agentId: null,
        clientToken: "t-1",
        destination: "+12065550100",
        attributes: { a: "1" },
        state: "INITIATED",
        initiatedAt: expect.stringMatching(/Z$/),
        connectedAt: null,
        enqueuedAt: null,
        agentConnectedAt: null,
        disconnectedAt: null,
        disconnectReason: null,
      },
    ]);
    expect((await centre.raw("GET", "/_sim/requests")).body).toMatchObject([
      { operation: "StartOutboundVoiceContact", status: 200, clientToken: "t-1" },
      { operation: "StartOutboundVoiceContact", status: 400, error: "InvalidParameterException" },
    ]);
  });

  it("moves the clock, and the calls with it", async () => {
    const centre = await aCentre({ startAt: new Date("2026-11-23T10:00:00Z") });
    await centre.call();

    const { body } = await centre.raw("POST", "/_sim/clock", { advanceSeconds: 300 });

    expect(body).toEqual({ now: "2026-11-23T10:05:00.000Z", speed: 0 });
    expect(centre.simulator.contacts()[0]?.state).toBe("COMPLETED");
    expect(centre.events).toHaveLength(6);
  });

  it("lets the clock run at a speed", async () => {
    const centre = await aCentre();
    await centre.call();
    await centre.raw("POST", "/_sim/clock", { speed: 10_000 });
    await expect.poll(() => centre.records).toHaveLength(1);
  });

  it("takes faults and event settings", async () => {
    const centre = await aCentre();
    const fault = { operation: "StartOutboundVoiceContact", kind: "refuse", status: 503, count: 1 };
    expect(await centre.raw("POST", "/_sim/faults", fault)).toMatchObject({ status: 200, body: [fault] });
    await expect(centre.call()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    await centre.raw("POST", "/_sim/events", { lose: 1 });
    await centre.call();
    expect(centre.events).toEqual([]);
  });

  it("forgets everything on reset, and what was under way stays away", async () => {
    const centre = await aCentre({ quotas: { StartOutboundVoiceContact: { rate: 0.001, burst: 1 } } });
    centre.simulator.faults({ operation: "DescribeContact", kind: "refuse" });
    centre.simulator.events({ lose: 1 });
    await centre.call();

    await centre.raw("POST", "/_sim/reset");
    await centre.advance(minutes(5));

    expect(centre.simulator.contacts()).toEqual([]);
    expect(centre.simulator.requests()).toEqual([]);
    expect(centre.simulator.pendingFaults()).toEqual([]);
    expect(centre.events).toEqual([]);
    await centre.call();
    expect(centre.events).toHaveLength(1);
  });

  it.each([
    ["/_sim/faults", {}],
    ["/_sim/faults", { operation: "Unheard", kind: "reset" }],
    ["/_sim/faults", { operation: "StopContact", kind: "delay" }],
    ["/_sim/faults", { operation: "StopContact", kind: "reset", count: 0 }],
    ["/_sim/faults", { operation: "StopContact", kind: "refuse", status: 200 }],
    ["/_sim/events", { lose: 1.1 }],
    ["/_sim/events", { loose: 1 }],
    ["/_sim/clock", {}],
    ["/_sim/clock", { speed: -1 }],
    ["/_sim/clock", { advanceSeconds: 0 }],
    ["/_sim/clock", { speed: 1, advanceSeconds: 1 }],
    ["/_sim/clock", "{"],
    ["/_sim/clock", "null"],
  ])("answers 400 with the problems: %s %j", async (path, body) => {
    const centre = await aCentre();
    expect(await centre.raw("POST", path, body)).toMatchObject({
      status: 400,
      body: { error: expect.any(String), problems: expect.arrayContaining([expect.any(String)]) },
    });
  });

  it("answers 404 and 405 with the list of what there is", async () => {
    const centre = await aCentre();
    expect(await centre.raw("GET", "/_sim/unheard")).toMatchObject({
      status: 404,
      body: { routes: expect.any(Array) },
    });
    expect(await centre.raw("GET", "/_sim/reset")).toMatchObject({ status: 405 });
  });
});

describe("the simulator as a whole", () => {
  it("says that a port is taken", async () => {
    const centre = await aCentre();
    await expect(startConnectSimulator({ port: centre.simulator.port })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });

  it("keeps only the newest requests", () => {
    const log = requestLog(10);
    const request = { at: "", status: 200, clientToken: null, sdkInvocationId: null };
    for (let index = 0; index < 1_000; index += 1) log.add({ ...request, operation: String(index) });
    expect(log.all()).toHaveLength(10);
    expect(log.all().at(-1)?.operation).toBe("999");
  });
});
