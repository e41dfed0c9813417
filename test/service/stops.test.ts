import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningService, startService } from "../support/running-service.ts";

describe("stops, on the running service", () => {
  let service: RunningService;
  beforeAll(async () => {
    const environment = { CONNECT_RATE_PER_SECOND: "100", CONNECT_BURST: "50" };
    const quotas = { StartOutboundVoiceContact: { rate: 200, burst: 200 } };
    // The calls ring and talk for long, so that there is something to stop.
    service = await startService({
      visibilityTimeout: 5,
      environment,
      simulator: { speed: 1, quotas, durations: { ring: [50, 50], flow: [300, 300] } },
    });
  });
  afterAll(() => service.end());

  let requestId: string;
  let number = 0;
  beforeEach(() => {
    number += 1;
    requestId = `stop-${number}`;
  });
  const running = () =>
    service.stack.simulator.contacts().filter(({ attributes, disconnectedAt }) => {
      return attributes["attemptId"]?.startsWith(`${requestId}#`) && disconnectedAt === null;
    });
  const call = { destination: "+12065550100" };

  it("end a ringing call, and its record says so", async () => {
    await service.send({ requestId, ...call });
    await service.until(requestId, "placed");
    expect(running()).toHaveLength(1);

    await service.stop({ stopId: "s", requestId });

    expect(await service.until(requestId, "ended")).toMatchObject({
      outcome: "stopped",
      disconnectReason: "TELECOM_ORIGINATOR_CANCEL",
    });
    expect(running()).toEqual([]);
  });

  it("come before their request, which is then cancelled and never dialled", async () => {
    await service.stop({ stopId: "s", requestId, reason: "paid" });
    await service.until(requestId, "cancelled");
    await service.send({ requestId, ...call });
    await service.waitFor("the request to be on record", async () =>
      Boolean((await service.record(requestId))?.request),
    );
    expect(await service.record(requestId)).toMatchObject({ state: "cancelled", reason: "stopped: paid" });
    expect(running()).toEqual([]);
    await service.waitFor("the notice", () =>
      service.notices.some((notice) => notice.requestId === requestId && notice.state === "cancelled"),
    );
  });

  it("meet a call whose answer was lost, and end it once an event tells of it", async () => {
    service.stack.simulator.faults({ operation: "StartOutboundVoiceContact", kind: "reply-lost", count: 1 });
    await service.stack.pause("track-contact");
    await service.send({ requestId, ...call });
    await service.until(requestId, "unknown");
    await service.stop({ stopId: "s", requestId });
    await service.waitFor("the stop to be noted", async () =>
      Boolean((await service.record(requestId))?.stopAt),
    );
    expect(running()).toHaveLength(1);

    service.stack.resume("track-contact");
    expect(await service.until(requestId, "ended")).toMatchObject({ outcome: "stopped" });
    expect(running()).toEqual([]);
  });

  it("of a campaign end its calls, cancel what waits and refuse what comes later", async () => {
    const campaignId = "spring";
    const notBefore = new Date(Date.now() + 3_600_000).toISOString();
    await service.send({ requestId, ...call, campaignId });
    await service.send({ requestId: `${requestId}.later`, ...call, campaignId, notBefore });
    await service.until(requestId, "placed");
    await service.until(`${requestId}.later`, "deferred");

    await service.stop({ stopId: "s", campaignId });

    await service.until(requestId, "ended");
    await service.until(`${requestId}.later`, "cancelled");
    await service.send({ requestId: `${requestId}.new`, ...call, campaignId });
    await service.until(`${requestId}.new`, "cancelled");
    expect(running()).toEqual([]);
    expect(await service.depth("STOP_REQUESTS_DLQ_URL")).toBe(0);
  });
});
