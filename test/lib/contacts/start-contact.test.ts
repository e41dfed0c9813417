import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSettled, mayBeOnCall } from "../../../lib/contacts/contact-states.ts";
import { afterwards } from "../../../lib/contacts/start-contact.ts";
import { aCallRequest, aDelivery, days, minutes, seconds } from "../../support/builders.ts";
import { anEvent, World } from "../../support/world.ts";

describe("start-contact", () => {
  it("places the call, records it and says so", async () => {
    const world = new World();

    const started = await world.startOne(aCallRequest({ attributes: { case: "7" } }));

    expect(started).toMatchObject({
      kind: "placed",
      record: { state: "placed", attempt: 1, contactId: "contact-1" },
    });
    expect(world.dials).toMatchObject([
      {
        destination: "+12065550100",
        contactFlowId: "flow",
        queueId: "queue",
        attributes: { case: "7", attemptId: "r-1#1" },
      },
    ]);
    expect(world.notices).toMatchObject([
      { type: "state-changed", requestId: "r-1", state: "placed", contactId: "contact-1" },
    ]);
    expect(Object.keys(world.pacer.state.leases)).toEqual([(await world.record("r-1")).lease]);
  });

  it("passes on all that Connect accepts for a call", async () => {
    const world = new World();
    const fields = {
      contactFlowId: "other-flow",
      sourcePhoneNumber: "+12065550199",
      name: "Reminder",
      description: "About tomorrow",
      references: { case: { type: "URL", value: "https://example.com/7" } },
      relatedContactId: "related",
      ringTimeoutSeconds: 30,
      trafficType: "CAMPAIGN",
      campaignId: "spring",
      answerMachineDetection: { enabled: true, awaitPrompt: false },
    };

    await world.startOne(aCallRequest(fields));

    expect(world.dials).toMatchObject([fields]);
    // A source of its own means just that caller id: the default queue does not mix in.
    expect(world.dials[0]).not.toHaveProperty("queueId");
  });

  it("announces a replay of the same content again, with the same noticeId, and dials nothing", async () => {
    const world = new World();
    await world.startOne(aCallRequest());

    const again = await world.startOne(aCallRequest());

    expect(again.kind).toBe("replayed");
    expect(world.dials).toHaveLength(1);
    expect(new Set(world.notices.map(({ noticeId }) => noticeId)).size).toBe(1);
    expect(world.notices).toHaveLength(2);
  });

  it("reports other content under the same requestId as a conflict, and changes nothing", async () => {
    const world = new World();
    await world.startOne(aCallRequest());
    const before = await world.record("r-1");

    const conflict = await world.startOne(aCallRequest({ destination: "+12065550101" }));

    expect(conflict.kind).toBe("conflict");
    expect(await world.record("r-1")).toEqual(before);
    expect(world.notices.at(-1)).toMatchObject({ type: "conflict", state: "placed" });
    expect(world.dials).toHaveLength(1);
  });

  it("dials once for two copies in one batch, and takes one slot", async () => {
    const world = new World();
    const batch = [
      aDelivery(aCallRequest()),
      aDelivery(aCallRequest()),
      aDelivery(aCallRequest({ name: "other" })),
    ];

    const results = await world.start(batch);

    expect([...results.values()].map(({ kind }) => kind).sort()).toEqual(["conflict", "placed", "replayed"]);
    expect(world.dials).toHaveLength(1);
    expect(Object.keys(world.pacer.state.leases)).toHaveLength(1);
  });

  it("dials what is due although other content under its requestId comes in the same batch, and before it", async () => {
    const world = new World();
    const body = aCallRequest({ notBefore: "2026-11-24T13:00:00Z" });
    await world.startOne(body);
    world.advance(minutes(60));

    const other = aCallRequest({ destination: "+12065550101" });
    const results = await world.start([aDelivery(other), aDelivery(body)]);

    expect([...results.values()].map(({ kind }) => kind).sort()).toEqual(["conflict", "placed"]);
    expect(world.dials).toMatchObject([{ destination: "+12065550100" }]);
  });

  it("refuses what is wrong with every problem listed, dead-letters what cannot be read, and disturbs nothing else", async () => {
    const world = new World();
    const batch = [
      aDelivery("not json"),
      aDelivery({ destination: "+12065550100" }),
      aDelivery(aCallRequest({ requestId: "wrong", destination: 1, ringTimeoutSeconds: 1 })),
      aDelivery(aCallRequest({ requestId: "right" })),
    ];

    const results = await world.start(batch);

    expect([...results.values()].map(({ kind }) => kind).sort()).toEqual([
      "placed",
      "refused",
      "unusable",
      "unusable",
    ]);
    expect(world.deadLetters.map(({ why }) => why)).toEqual([
      "the body is not JSON",
      "there is no usable requestId",
    ]);
    expect(world.notices.find(({ requestId }) => requestId === "wrong")).toMatchObject({
      state: "refused",
      problems: [expect.stringContaining("destination"), expect.stringContaining("ringTimeoutSeconds")],
    });
    expect(world.dials).toHaveLength(1);
  });

  it("has nothing to do for an empty batch", async () => {
    expect((await new World().start([])).size).toBe(0);
  });

  it("defers what is not yet due, and says until when", async () => {
    const world = new World();
    await world.startOne(aCallRequest({ notBefore: "2026-11-24T13:00:00Z" }));
    expect(await world.record("r-1")).toMatchObject({
      state: "deferred",
      dueAt: "2026-11-24T13:00:00.000Z",
      attempt: 1,
    });
    expect(world.dials).toEqual([]);
  });

  it("does not dial what has expired, new or deferred", async () => {
    const world = new World();
    await world.startOne(aCallRequest({ requestId: "late", expiresAt: "2026-11-24T11:59:59Z" }));
    const body = aCallRequest({ notBefore: "2026-11-24T13:00:00Z", expiresAt: "2026-11-24T13:05:00Z" });
    await world.startOne(body);
    world.advance(minutes(70));
    await world.startOne(body);
    expect([await world.state("late"), await world.state("r-1")]).toEqual(["expired", "expired"]);
    expect(world.dials).toEqual([]);
  });

  it.each([
    ["refused", { kind: "refused", reason: "DestinationNotAllowedException" }, "refused"],
    ["not now", { kind: "not-now", why: "rate" }, "deferred"],
    ["unclear", { kind: "unclear", reason: "TimeoutError" }, "unknown"],
  ] as const)("when Connect's answer is %s", async (_, answer, state) => {
    const world = new World({ connect: [answer] });
    await world.startOne(aCallRequest());
    expect(await world.state("r-1")).toBe(state);
    // A lease is held for as long as the customer may be on the line.
    expect(Object.keys(world.pacer.state.leases)).toHaveLength(mayBeOnCall(state) ? 1 : 0);
  });

  it("pushes everybody back when Connect throttles, dials the same attempt later and doubles the wait", async () => {
    const world = new World({
      connect: [
        { kind: "not-now", why: "rate" },
        { kind: "not-now", why: "rate" },
      ],
    });
    await world.startOne(aCallRequest());
    const first = await world.record("r-1");
    expect(Date.parse(first.dueAt ?? "") - world.time).toBe(seconds(2));
    world.advance(seconds(2));
    await world.startOne(aCallRequest());
    const second = await world.record("r-1");
    expect(Date.parse(second.dueAt ?? "") - world.time).toBe(seconds(4));
    world.advance(seconds(4));
    await world.startOne(aCallRequest());
    expect(await world.record("r-1")).toMatchObject({ state: "placed", attempt: 1 });
    expect(world.dials).toHaveLength(1);
  });

  it("defers what gets no slot in time, each to its own moment", async () => {
    const world = new World({ pace: { ratePerSecond: 2, burst: 5, activeCalls: 3 } });
    const batch = Array.from({ length: 10 }, (_, index) =>
      aDelivery(aCallRequest({ requestId: `r-${index}` })),
    );

    await world.start(batch);

    const records = [...world.contacts.records.values()];
    expect(records.filter(({ state }) => state === "placed")).toHaveLength(3);
    const due = records.filter(({ state }) => state === "deferred").map(({ dueAt }) => dueAt);
    expect(new Set(due).size).toBe(7);
  });

  it("begins no call that the end of the invocation could cut off, and hands the message back", async () => {
    const world = new World();
    const delivery = aDelivery(aCallRequest());
    const results = await world.start([delivery], { forMs: seconds(5) });
    const result = results.get(delivery.messageId);
    expect(world.dials).toEqual([]);
    expect(result && ["deliver again", "delete"]).toContain(afterwards[result?.kind ?? "failed"]);
    expect(Object.keys(world.pacer.state.leases)).toEqual([]);
  });

  it("delivers again what it could not announce, and then only announces", async () => {
    const world = new World();
    world.noticesFail = true;
    const delivery = aDelivery(aCallRequest());
    expect((await world.start([delivery])).get(delivery.messageId)?.kind).toBe("failed");
    world.noticesFail = false;
    expect((await world.start([delivery])).get(delivery.messageId)?.kind).toBe("replayed");
    expect(world.dials).toHaveLength(1);
    expect(world.notices).toHaveLength(1);
  });

  it("never sends a token that Connect may have forgotten: the attempt is renumbered", async () => {
    const world = new World({ connect: [{ kind: "not-now", why: "rate" }] });
    await world.startOne(aCallRequest());
    const token = (await world.record("r-1")).clientToken;
    world.advance(days(6) + 1);
    await world.startOne(aCallRequest());
    expect(await world.record("r-1")).toMatchObject({ state: "placed", attempt: 2 });
    expect(world.dials[0]?.clientToken).not.toBe(token);
  });

  describe("at most one dial per attempt", () => {
    it("whoever of twenty workers comes first", async () => {
      const world = new World();
      await Promise.all(Array.from({ length: 20 }, () => world.startOne(aCallRequest())));
      expect(world.dials).toHaveLength(1);
      expect(await world.state("r-1")).toBe("placed");
    });

    it("wherever its worker dies, and however often the message comes back", async () => {
      // Half steps die after the effect, as a worker does that is killed before it hears of it.
      for (let killAt = 0; killAt <= 8; killAt += 0.5) {
        const world = new World();
        const delivery = aDelivery(aCallRequest());
        await world.start([delivery], { killAt }).catch(() => undefined);
        for (let redelivery = 0; redelivery < 10; redelivery += 1) {
          world.advance(minutes(3));
          await world.start([{ ...delivery, redelivered: true }]);
        }
        expect(world.dials.length).toBeLessThanOrEqual(1);
        const record = await world.record("r-1");
        expect(record.state).toBe(world.dials.length === 1 && record.contactId ? "placed" : "unknown");
      }
    });

    it("in any history of workers, deaths, redeliveries, answers and evidence (property)", async () => {
      const answer = fc.constantFrom(
        "places" as const,
        "lost" as const,
        { kind: "not-now", why: "rate" } as const,
        {
          kind: "unclear",
          reason: "TimeoutError",
        } as const,
      );
      const step = fc.oneof(
        {
          weight: 5,
          arbitrary: fc.record({
            do: fc.constant("deliver" as const),
            request: fc.nat(2),
            killAt: fc.option(
              fc.nat(16).map((n) => n / 2),
              { nil: undefined },
            ),
          }),
        },
        { weight: 2, arbitrary: fc.record({ do: fc.constant("release" as const) }) },
        { weight: 2, arbitrary: fc.record({ do: fc.constant("advance" as const), minutes: fc.nat(15) }) },
        {
          weight: 3,
          arbitrary: fc.record({
            do: fc.constant("event" as const),
            contact: fc.nat(5),
            ended: fc.boolean(),
          }),
        },
      );
      const histories = fc.record({
        connect: fc.array(answer, { maxLength: 6 }),
        steps: fc.array(step, { maxLength: 40 }),
      });
      await fc.assert(
        fc.asyncProperty(histories, async ({ connect, steps }) => {
          const world = new World({ connect });
          const retry = { attempts: 3, after: { busy: "PT1M" } };
          const deliveries = [0, 1, 2].map((n) => aDelivery(aCallRequest({ requestId: `r-${n}`, retry })));
          for (const one of steps) {
            if (one.do === "advance") world.advance(minutes(one.minutes));
            if (one.do === "release") await world.release();
            if (one.do === "deliver") {
              const options = one.killAt === undefined ? {} : { killAt: one.killAt };
              await world.start([deliveries[one.request] ?? aDelivery("{}")], options).catch(() => undefined);
            }
            if (one.do === "event" && world.placed.has(`contact-${one.contact}`)) {
              const contactId = `contact-${one.contact}`;
              const facts = one.ended ? { disconnectReason: "TELECOM_BUSY" } : {};
              if (one.ended) world.hangUp(contactId, facts);
              await world.track(anEvent(one.ended ? "DISCONNECTED" : "INITIATED", contactId, facts));
            }
          }
          const attempts = world.dials.map(({ attributes }) => attributes["attemptId"]);
          expect(new Set(attempts).size).toBe(attempts.length);

          // However it went: with time, and with the events that were lost, every request is accounted for.
          for (let round = 0; round < 40; round += 1) {
            world.advance(minutes(11));
            for (const contactId of world.placed.keys())
              world.hangUp(contactId, { disconnectReason: "TELECOM_TIMEOUT" });
            await world.release();
            await world.start(world.released.splice(0).map(({ body }) => aDelivery(body)));
          }
          for (const record of world.contacts.records.values())
            expect(isSettled(record.state), record.state).toBe(true);
          expect(Object.keys(world.pacer.state.leases)).toEqual([]);
          const again = world.dials.map(({ attributes }) => attributes["attemptId"]);
          expect(new Set(again).size).toBe(again.length);
        }),
        { numRuns: 300, seed: 42 },
      );
    }, 60_000);
  });
});
