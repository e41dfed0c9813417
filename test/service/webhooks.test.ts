import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningService, startService } from "../support/running-service.ts";
import { signedAsGitHub, signedByHubSpot, signedByUs } from "../support/webhook-signing.ts";

describe("webhooks, on the running service", () => {
  const secrets = {
    ours: "the-secret-of-ours",
    hubspot: "the-secret-of-hubspot",
    form: "the-secret-of-forms",
  };
  let service: RunningService;
  beforeAll(async () => {
    service = await startService({
      visibilityTimeout: 5,
      environment: { CONNECT_RATE_PER_SECOND: "100", CONNECT_BURST: "50", POWERTOOLS_LOG_LEVEL: "INFO" },
      // The calls ring and talk for long, so that there is something to stop.
      simulator: {
        speed: 1,
        quotas: { StartOutboundVoiceContact: { rate: 200, burst: 200 } },
        durations: { ring: [50, 50], flow: [300, 300] },
      },
      parameters: Object.fromEntries(
        Object.entries(secrets).map(([source, secret]) => [
          `/contact-automation-local/webhooks/${source}`,
          JSON.stringify({ secrets: [secret] }),
        ]),
      ),
    });
  });
  afterAll(() => service.end());

  const post = (source: string, body: string, headers: Record<string, string>) =>
    fetch(`${service.apiUrl}/webhooks/${source}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
  const postOurs = (message: object, secret = secrets.ours) => {
    const body = JSON.stringify(message);
    return post("ours", body, signedByUs([secret], Buffer.from(body), Date.now()));
  };
  const call = { type: "call-request", destination: "+12065550100" };

  it("place a call, and end it", async () => {
    const answer = await postOurs({ ...call, requestId: "hook-1" });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ messages: [{ type: "call-request", id: "hook-1" }] });
    await service.until("hook-1", "placed");

    expect((await postOurs({ type: "stop-request", requestId: "hook-1" })).status).toBe(202);
    expect(await service.until("hook-1", "ended")).toMatchObject({ outcome: "stopped" });
  });

  it("change the attributes of a call that rings, of a request not yet dialled, and of a call that has ended", async () => {
    const update = (requestId: string, attributes: Record<string, string>) =>
      postOurs({ type: "attribute-update", requestId, attributes });
    const attributesOf = (requestId: string) =>
      service.stack.simulator
        .contacts()
        .find(({ attributes }) => attributes["attemptId"]?.startsWith(`${requestId}#`))?.attributes;
    const ringing = { ...call, requestId: "hook-ringing", attributes: { tier: "silver" } };
    expect((await postOurs(ringing)).status).toBe(202);
    await service.until("hook-ringing", "placed");
    expect((await update("hook-ringing", { tier: "gold" })).status).toBe(202);
    await service.waitFor("the ringing call", () => attributesOf("hook-ringing")?.["tier"] === "gold");

    expect((await update("hook-later", { tier: "gold" })).status).toBe(202);
    await service.until("hook-later", "deferred");
    expect((await postOurs({ ...ringing, requestId: "hook-later" })).status).toBe(202);
    await service.until("hook-later", "placed");
    expect(attributesOf("hook-later")).toMatchObject({ tier: "gold" });

    await service.stop({ stopId: "s", requestId: "hook-ringing" });
    await service.until("hook-ringing", "ended");
    expect((await update("hook-ringing", { result: "declined" })).status).toBe(202);
    await service.waitFor("the ended call", () => attributesOf("hook-ringing")?.["result"] === "declined");
  });

  it("are acknowledged when they come again, and dialled once", async () => {
    const body = JSON.stringify({ ...call, requestId: "hook-2" });
    const headers = signedByUs([secrets.ours], Buffer.from(body), Date.now());
    const first = await (await post("ours", body, headers)).json();
    const second = await post("ours", body, headers);
    expect({ status: second.status, said: await second.json() }).toEqual({ status: 202, said: first });
    await service.until("hook-2", "placed");
    const dialled = service.stack.simulator
      .contacts()
      .filter(({ attributes }) => attributes["attemptId"]?.startsWith("hook-2#"));
    expect(dialled).toHaveLength(1);
  });

  it("come in the shape of the system that sends them", async () => {
    const { body } = JSON.parse(readFileSync("events/webhooks/07-hubspot-events.json", "utf8"));
    const [event] = body;
    const events = JSON.stringify([{ ...event, objectId: 2001 }]);
    const url = `${service.apiUrl.replace("http:", "https:")}/webhooks/hubspot`;
    const signature = signedByHubSpot(secrets.hubspot, url, Buffer.from(events), Date.now());
    expect((await post("hubspot", events, signature)).status).toBe(202);

    const fields = new URLSearchParams({
      submission: "3001",
      phone: "(206) 555-0101",
      country: "US",
      consent: "on",
    });
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const signed = signedAsGitHub(secrets.form, Buffer.from(fields.toString()));
    expect((await post("form", fields.toString(), { ...form, ...signed })).status).toBe(202);

    await service.until("hubspot-62515-2001", "placed");
    await service.until("form-3001", "placed");
  });

  it("are refused without their source's secret, and before it has one", async () => {
    const forged = await postOurs({ ...call, requestId: "hook-3" }, "not the secret at all");
    expect(forged.status).toBe(401);
    expect(forged.headers.get("content-type")).toBe("application/problem+json");
    const body = JSON.stringify({ action: "call", case: { id: "hook-4", phone: "+12065550100" } });
    const signature = signedByUs(["whatever-it-would-be"], Buffer.from(body), Date.now());
    expect((await post("salesforce", body, signature)).status).toBe(503);
    expect((await post("nobody", "{}", {})).status).toBe(404);
    expect(await service.record("hook-3")).toBeUndefined();
    expect(service.logs()).toContain("A webhook was dealt with");
    expect(service.logs()).not.toMatch(/the-secret-of|5550100/);
  });
});
