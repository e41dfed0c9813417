import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type HoldingProxy, startHoldingProxy } from "../support/holding-proxy.ts";
import { type RunningService, startService } from "../support/running-service.ts";

/** Raised, so that the tests do not wait for what they are not about. */
const quotas = {
  StartOutboundVoiceContact: { rate: 500, burst: 500 },
  DescribeContact: { rate: 500, burst: 500 },
};
const environment = {
  CONNECT_RATE_PER_SECOND: "400",
  CONNECT_BURST: "100",
  CONNECT_ACTIVE_CALLS: "500",
  UNKNOWN_DEADLINE_SECONDS: "3",
  POWERTOOLS_LOG_LEVEL: "INFO",
};

describe("Promise 1: at most one dial per attempt, on the running service", () => {
  let service: RunningService;
  let proxy: HoldingProxy;
  let requests = 0;
  const aRequest = (fields = {}) => {
    requests += 1;
    return { requestId: `r-${requests}`, destination: "+12065550155", ...fields };
  };
  const contactsOf = (requestId: string, attempt = 1) =>
    service.stack.simulator
      .contacts()
      .filter(({ attributes }) => attributes["attemptId"] === `${requestId}#${attempt}`);
  const start = (bodies: unknown[]) =>
    service.stack.invoke("start-contact", {
      Records: bodies.map((body) => ({
        messageId: crypto.randomUUID(),
        body: JSON.stringify(body),
        attributes: { ApproximateReceiveCount: "1" },
      })),
    });

  beforeAll(async () => {
    service = await startService({
      // Five deliveries must outlast a claim, as the real 180 seconds do with ease.
      visibilityTimeout: 8,
      environment,
      simulator: { speed: 60, quotas, activeCalls: 500 },
      through: {
        DYNAMODB: async (url) => {
          proxy = await startHoldingProxy(url);
          return proxy.url;
        },
      },
    });
  });
  afterAll(async () => {
    await service.end();
    await proxy.stop();
  });
  afterEach(() => service.stack.simulator.events({}));

  it("when one request is sent ten times", async () => {
    const request = aRequest();
    await Promise.all(Array.from({ length: 10 }, () => service.send(request)));
    await service.until(request.requestId, "ended");
    await service.waitFor(
      "the queue to be empty",
      async () => (await service.depth("CALL_REQUESTS_QUEUE_URL")) === 0,
    );
    expect(contactsOf(request.requestId)).toHaveLength(1);
  });

  it("when twenty workers have the same request at once", async () => {
    const request = aRequest();
    const invocations = await Promise.all(Array.from({ length: 20 }, () => start([request])));
    expect(invocations.map(({ kind }) => kind)).toEqual(Array(20).fill("result"));
    await service.until(request.requestId, "ended");
    expect(contactsOf(request.requestId)).toHaveLength(1);
  });

  it("when its worker is killed before the claim: another dials it", async () => {
    const request = aRequest();
    const held = proxy.hold("PutItem", "request");
    await service.send(request);
    await held;
    expect(service.stack.kill("start-contact")).toBe(1);
    await service.until(request.requestId, "ended");
    expect(contactsOf(request.requestId)).toHaveLength(1);
  });

  it("when its worker is killed between claim and dial: nobody dials it, and it is parked for a decision", async () => {
    const request = aRequest();
    const held = proxy.hold("PutItem", "reply");
    await service.send(request);
    await held;
    expect((await service.record(request.requestId))?.state).toBe("dialling");
    service.stack.kill("start-contact");
    // Its claim lapses with the 30 seconds of its invocation.
    await service.until(request.requestId, "parked", 60_000);
    expect(contactsOf(request.requestId)).toHaveLength(0);
  }, 90_000);

  it("when its worker is killed during the dial: the events settle it", async () => {
    const request = aRequest({ destination: "+12065550150" });
    service.stack.simulator.faults({
      operation: "StartOutboundVoiceContact",
      kind: "delay",
      delayMs: 4_000,
      count: 1,
    });
    await service.send(request);
    await service.waitFor("the call", () => contactsOf(request.requestId).length === 1);
    service.stack.kill("start-contact");
    expect(await service.until(request.requestId, "ended")).toMatchObject({ outcome: "busy" });
    expect(contactsOf(request.requestId)).toHaveLength(1);
  });

  it("when its worker is killed after the dial, before the record: the events settle it", async () => {
    const request = aRequest({ destination: "+12065550150" });
    // Only the holder of a claim names its owner.
    const held = proxy.hold("UpdateItem", "request", ":ifOwner");
    await service.send(request);
    await held;
    service.stack.kill("start-contact");
    expect(await service.until(request.requestId, "ended")).toMatchObject({ outcome: "busy" });
    expect(contactsOf(request.requestId)).toHaveLength(1);
  });

  it("when Connect's answer is lost, and the events come", async () => {
    const request = aRequest({ destination: "+12065550150" });
    service.stack.simulator.faults({ operation: "StartOutboundVoiceContact", kind: "reply-lost", count: 1 });
    await service.send(request);
    expect(await service.until(request.requestId, "ended")).toMatchObject({ outcome: "busy", attempt: 1 });
    expect(contactsOf(request.requestId)).toHaveLength(1);
  });

  it("when Connect's answer is lost and all its events are, too: the contact record settles it", async () => {
    const request = aRequest({ destination: "+12065550150" });
    service.stack.simulator.events({ lose: 1 });
    service.stack.simulator.faults({ operation: "StartOutboundVoiceContact", kind: "reply-lost", count: 1 });
    await service.send(request);
    expect(await service.until(request.requestId, "ended")).toMatchObject({ outcome: "busy" });
    expect(contactsOf(request.requestId)).toHaveLength(1);
  });

  it("when nothing is ever heard: it is parked, with a notice, and not dialled again", async () => {
    const request = aRequest({
      destination: "+12065550150",
      retry: { attempts: 3, after: { busy: "PT1S" } },
    });
    service.stack.simulator.events({ lose: 1, loseRecords: 1 });
    service.stack.simulator.faults({ operation: "StartOutboundVoiceContact", kind: "reply-lost", count: 1 });
    await service.send(request);
    await service.until(request.requestId, "parked");
    await service.send(request);
    await service.waitFor(
      "the queue to be empty",
      async () => (await service.depth("CALL_REQUESTS_QUEUE_URL")) === 0,
    );
    expect(contactsOf(request.requestId)).toHaveLength(1);
    expect(
      service.notices.filter(({ requestId }) => requestId === request.requestId).map(({ state }) => state),
    ).toContain("parked");
  });

  it("when every event comes twice, late and in disorder: each retry is one dial, too", async () => {
    service.stack.simulator.events({ duplicate: 1, shuffle: 0.8, maxDelayMs: 20_000, seed: 4 });
    const request = aRequest({
      destination: "+12065550150",
      retry: { attempts: 3, after: { busy: "PT0S" } },
    });
    await service.send(request);
    await service.waitFor("three attempts to end", async () => {
      await service.stack.invoke("release-due");
      const record = await service.record(request.requestId);
      return record?.state === "ended" && record.attempt === 3;
    });
    for (const attempt of [1, 2, 3]) expect(contactsOf(request.requestId, attempt)).toHaveLength(1);
  });

  it("Promise 2: every request of this run is accounted for, and nothing is in a dead-letter queue", async () => {
    for (let number = 1; number <= requests; number += 1)
      await service.until(`r-${number}`, ["ended", "parked"]);
    expect(await service.depth("CALL_REQUESTS_DLQ_URL")).toBe(0);
    expect(await service.depth("CONTACT_EVENTS_DLQ_URL")).toBe(0);
    expect(await service.depth("CONTACT_RECORDS_DLQ_URL")).toBe(0);
  });

  it("Promise 6: no phone number, token or message body is in any log of this run", () => {
    const logs = service.logs();
    expect(logs).toContain('"result":"placed"');
    expect(logs).not.toMatch(/\+?12065550\d{3}/);
    expect(logs).not.toMatch(/"destination"/);
    for (const { clientToken } of service.stack.simulator.contacts())
      expect(logs).not.toContain(String(clientToken));
  });
});
