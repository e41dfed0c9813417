import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { groupOf } from "../../lib/contacts/attribute-update.ts";
import { type RunningService, startService } from "../support/running-service.ts";

interface Update {
  updateId: string;
  requestId?: string;
  contactId?: string;
  attributes: Record<string, string>;
  occurredAt: string;
}

describe("attribute updates, on the running service", () => {
  let service: RunningService;
  beforeAll(async () => {
    const environment = { CONNECT_RATE_PER_SECOND: "100", CONNECT_BURST: "50", CONNECT_ACTIVE_CALLS: "100" };
    const quotas = { StartOutboundVoiceContact: { rate: 200, burst: 200 } };
    // The calls ring for long, so that there is time to change something.
    service = await startService({
      visibilityTimeout: 5,
      environment,
      simulator: { speed: 1, quotas, activeCalls: 100, durations: { ring: [50, 50], flow: [300, 300] } },
    });
  });
  afterAll(() => service.end());

  let requestId: string;
  let number = 0;
  beforeEach(() => {
    number += 1;
    requestId = `update-${number}`;
  });
  const call = { destination: "+12065550100" };
  const contactOf = (id = requestId) =>
    service.stack.simulator
      .contacts()
      .find(({ attributes }) => attributes["attemptId"]?.startsWith(`${id}#`));
  const attributesOf = (id = requestId) => contactOf(id)?.attributes ?? {};
  const anUpdate = (attributes: Record<string, string>, fields: Partial<Update> = {}): Update => ({
    updateId: `${requestId}-${Object.keys(attributes).join("-")}`,
    ...("contactId" in fields ? {} : { requestId }),
    attributes,
    occurredAt: new Date().toISOString(),
    ...fields,
  });
  const send = async (...updates: Update[]) => {
    for (let from = 0; from < updates.length; from += 10) {
      const Entries = updates.slice(from, from + 10).map((update, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify(update),
        MessageGroupId: groupOf(update),
        MessageDeduplicationId: `${update.updateId}-${from + index}`,
      }));
      const QueueUrl = service.stack.env["ATTRIBUTE_UPDATES_QUEUE_URL"];
      await service.stack.clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  const writes = () =>
    service.stack.simulator.requests().filter(({ operation }) => operation === "UpdateContactAttributes");
  const idle = () =>
    service.waitFor(
      "the queue to be empty",
      async () => (await service.depth("ATTRIBUTE_UPDATES_QUEUE_URL")) === 0,
      60_000,
    );

  it("change what a ringing call carries", async () => {
    await service.send({ requestId, ...call, attributes: { tier: "silver", shop: "7" } });
    await service.until(requestId, "placed");
    await send(anUpdate({ tier: "gold" }), anUpdate({ language: "fr" }));
    await service.waitFor("both at the contact", () => attributesOf()["language"] === "fr");
    expect(attributesOf()).toMatchObject({ tier: "gold", shop: "7", attemptId: `${requestId}#1` });
  });

  it("that come before their request are there when it is dialled", async () => {
    await send(anUpdate({ tier: "gold" }));
    await service.until(requestId, "deferred");
    await service.send({ requestId, ...call, attributes: { tier: "silver" } });
    await service.until(requestId, "placed");
    expect(attributesOf()).toMatchObject({ tier: "gold" });
  });

  it("reach a contact that has ended, named by its own id", async () => {
    await service.send({ requestId, ...call });
    const { contactId } = await service.until(requestId, "placed");
    await service.stop({ stopId: "s", requestId });
    await service.until(requestId, "ended");
    await send(anUpdate({ result: "sold" }, { contactId: String(contactId) }));
    await service.waitFor("it at the contact", () => attributesOf()["result"] === "sold");
  });

  it("reach a contact whose answer was lost, once an event tells of it", async () => {
    service.stack.simulator.faults({ operation: "StartOutboundVoiceContact", kind: "reply-lost", count: 1 });
    await service.stack.pause("track-contact");
    await service.send({ requestId, ...call });
    await service.until(requestId, "unknown");
    await send(anUpdate({ tier: "gold" }));
    await idle();
    expect(attributesOf()).not.toHaveProperty("tier");
    service.stack.resume("track-contact");
    await service.waitFor("it at the contact", () => attributesOf()["tier"] === "gold");
  });

  it("are told of where they would be too large, and nothing of them is applied", async () => {
    await service.send({ requestId, ...call, attributes: { own: "x".repeat(30_000) } });
    await service.until(requestId, "placed");
    await send(anUpdate({ large: "x".repeat(3_000), tier: "gold" }));
    await service.waitFor("the notice", () =>
      service.notices.some((notice) => notice.requestId === requestId && notice.type === "update-refused"),
    );
    await idle();
    expect(Object.keys(attributesOf()).toSorted()).toEqual(["attemptId", "own"]);
  });

  it("survive workers that are killed, answers that are lost and throttles", async () => {
    await service.send({ requestId, ...call });
    await service.until(requestId, "placed");
    const operation = "UpdateContactAttributes";
    service.stack.simulator.faults({ operation, kind: "reply-lost", count: 1 });
    service.stack.simulator.faults({
      operation,
      kind: "refuse",
      status: 429,
      error: "TooManyRequestsException",
      count: 2,
    });
    service.stack.simulator.faults({ operation, kind: "refuse", count: 1 });
    let kills = 2;
    const stopKilling = service.stack.onInvocation(({ functionName, phase }) => {
      if (phase !== "started" || !functionName.endsWith("update-attributes") || kills === 0) return;
      kills -= 1;
      service.stack.kill("update-attributes");
    });
    const start = Date.now();
    const ordered = Array.from({ length: 30 }, (_, index) =>
      anUpdate(
        { [`key-${index % 5}`]: String(index) },
        { updateId: `${requestId}-${index}`, occurredAt: new Date(start - 60_000 + index).toISOString() },
      ),
    );
    await send(...ordered.toReversed(), ...ordered);
    const newest = { "key-0": "25", "key-1": "26", "key-2": "27", "key-3": "28", "key-4": "29" };
    await service.waitFor(
      "the newest of each",
      () => Object.entries(newest).every(([key, value]) => attributesOf()[key] === value),
      60_000,
    );
    stopKilling();
    expect(kills).toBe(0);
  }, 90_000);

  it("of one burst become few requests: 1,000 of 10 contacts at most 110", async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `${requestId}-burst-${index}`);
    for (const id of ids) await service.send({ requestId: id, ...call });
    for (const id of ids) await service.until(id, "placed");
    await idle();
    const before = writes().length;
    const start = Date.now() - 60_000;
    const burst = Array.from({ length: 1_000 }, (_, index) => ({
      updateId: `burst-${index}`,
      requestId: ids[index % 10] ?? "",
      attributes: { [`key-${Math.floor(index / 10) % 20}`]: String(index) },
      occurredAt: new Date(start + index).toISOString(),
    }));
    await send(...burst);
    const hasAll = (id: string, contact: number) =>
      Array.from(
        { length: 20 },
        (_, key) => attributesOf(id)[`key-${key}`] === String((80 + key) * 10 + contact),
      );
    await service.waitFor("the newest of each", () => ids.every((id, index) => hasAll(id, index)), 90_000);
    await idle();
    expect(writes().length - before).toBeGreaterThan(9);
    expect(writes().length - before).toBeLessThanOrEqual(110);
    process.stdout.write(`requests for 1,000 updates of 10 contacts: ${writes().length - before}\n`);
  }, 120_000);
});
