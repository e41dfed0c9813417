import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCallRequest } from "../../lib/contacts/call-request.ts";
import { readEvidence } from "../../lib/contacts/evidence.ts";
import { readStopRequest } from "../../lib/contacts/stop-request.ts";
import { type RunningService, startService } from "../support/running-service.ts";

const files = (kind: string) =>
  readdirSync(`events/${kind}`).map(
    (name) => [name, readFileSync(join("events", kind, name), "utf8")] as const,
  );

describe("the samples in events/", () => {
  const wrong = ["10-wrong.json"];
  it.each(files("call-requests"))("call request %s is what its name says", (name, body) => {
    const reading = readCallRequest(body, { contactFlowId: "f", queueId: "q" }, Date.now());
    expect(reading.kind).toBe(wrong.includes(name) ? "wrong" : "request");
  });

  it.each([...files("contact-events"), ...files("contact-records")])("%s is evidence", (_, body) => {
    expect(readEvidence(body).kind).toBe("evidence");
  });
});

describe("the stops in events/", () => {
  it.each(files("stop-requests"))("%s is a stop", (_, body) => {
    expect(readStopRequest(body).kind).toBe("stop");
  });
});

describe("requests to the running service", () => {
  let service: RunningService;
  beforeAll(async () => {
    const environment = { CONNECT_RATE_PER_SECOND: "100", CONNECT_BURST: "50" };
    const quotas = { StartOutboundVoiceContact: { rate: 200, burst: 200 } };
    service = await startService({ visibilityTimeout: 5, environment, simulator: { speed: 60, quotas } });
  });
  afterAll(() => service.end());

  it("agree in record, notice and contact", async () => {
    await service.send({
      requestId: "agree",
      destination: "(206) 555-0150",
      destinationCountry: "US",
      attributes: { case: "7" },
    });
    const record = await service.until("agree", "ended");
    await service.waitFor("the notice", () =>
      service.notices.some(({ requestId, state }) => requestId === "agree" && state === "ended"),
    );
    const [contact, ...others] = service.stack.simulator
      .contacts()
      .filter(({ attributes }) => attributes["case"] === "7");
    expect(others).toEqual([]);
    expect(contact).toMatchObject({
      contactId: record.contactId,
      clientToken: record.clientToken,
      destination: "+12065550150",
      attributes: { case: "7", attemptId: "agree#1" },
      disconnectReason: "TELECOM_BUSY",
    });
    expect(record).toMatchObject({ outcome: "busy", attempt: 1 });
    expect(service.notices.filter(({ requestId }) => requestId === "agree").at(-1)).toMatchObject({
      outcome: "busy",
    });
  });

  it("of every bad kind end as they should, and disturb nothing else", async () => {
    const bad: Record<string, object> = {
      "wrong-types": { destination: 12, attributes: [], retry: "often" },
      "too-many-attributes": { destination: "+12065550100", attributes: { a: "x".repeat(33 * 1024) } },
      "unknown-country": { destination: "2065550100", destinationCountry: "ZZ" },
      "dead-number": { destination: "+1206555" },
      "a-year-old": { destination: "+12065550100", notBefore: "2025-01-01T00:00:00Z" },
      "outbound-strategy": { destination: "+12065550100", outboundStrategy: { type: "AGENT_FIRST" } },
    };
    for (const [requestId, fields] of Object.entries(bad)) await service.send({ requestId, ...fields });
    for (const body of ["not json", "{}", "[]", '{"requestId":"no good"}']) await service.send(body);
    await service.send({ requestId: "good", destination: "+12065550155" });

    for (const requestId of Object.keys(bad)) {
      const { problems } = await service.until(requestId, "refused");
      expect(problems?.length).toBeGreaterThan(0);
    }
    await service.until("good", "ended");
    await service.waitFor(
      "the dead-letter queue",
      async () => (await service.depth("CALL_REQUESTS_DLQ_URL")) === 4,
    );
    await service.waitFor(
      "the queue to be empty",
      async () => (await service.depth("CALL_REQUESTS_QUEUE_URL")) === 0,
    );
    expect(service.logs()).toContain("the body is not JSON");
    await service.waitFor("the notices", () =>
      Object.keys(bad).every((id) =>
        service.notices.some(({ requestId, state }) => requestId === id && state === "refused"),
      ),
    );
  });

  it("do nothing in an empty batch", async () => {
    expect(await service.stack.invoke("start-contact", { Records: [] })).toEqual({
      kind: "result",
      result: { batchItemFailures: [] },
    });
  });

  it.each([
    ["+12065550152", "ended", "invalid-number"],
    ["+12065550153", "ended", "blocked"],
    ["+12065550154", "ended", "network-problem"],
    ["+12065550155", "ended", "answered-flow"],
    ["+12065550160", "refused", undefined],
    ["+12065550161", "refused", undefined],
    ["+12065550162", "deferred", undefined],
  ])("to %s become %s (%s)", async (destination, state, outcome) => {
    const requestId = `to-${destination.slice(-4)}`;
    await service.send({ requestId, destination });
    expect((await service.until(requestId, state)).outcome).toBe(outcome);
  });
});
