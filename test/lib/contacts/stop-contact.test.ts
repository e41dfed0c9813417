import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aCallRequest, minutes } from "../../support/builders.ts";
import { aContactRecord, anEvent, World } from "../../support/world.ts";

const aStop = (fields: object = {}) => ({ stopId: "s-1", requestId: "r-1", ...fields });
const notNow = { kind: "not-now", why: "rate" } as const;
const ended = (contactId: string) => anEvent("DISCONNECTED", contactId);

/** What happens elsewhere between the next look at the table and whatever is done about it. */
function afterOneLook(world: World, happens: () => Promise<unknown>): void {
  const look = world.contacts.look.bind(world.contacts);
  world.contacts.look = async (requestIds) => {
    world.contacts.look = look;
    const found = await look(requestIds);
    await happens();
    return found;
  };
}

describe("a stop", () => {
  it("that comes before its request leaves it cancelled, and never dialled", async () => {
    const world = new World();
    expect(await world.stop(aStop({ reason: "the customer has paid" }))).toMatchObject({
      kind: "cancelled",
      record: { state: "cancelled", attempt: 0 },
    });

    expect(await world.startOne(aCallRequest())).toMatchObject({ kind: "cancelled" });
    expect(await world.startOne(aCallRequest())).toMatchObject({ kind: "replayed" });
    expect((await world.startOne(aCallRequest({ destination: "+12065550101" }))).kind).toBe("conflict");
    expect(world.dials).toEqual([]);
    expect(world.notices[0]).toMatchObject({ state: "cancelled", reason: "stopped: the customer has paid" });
    expect(world.told()).toContainEqual(["cancelled", undefined]);
  });

  it.each([
    ["the claim", {}],
    ["what is put on record instead", { notBefore: "2026-11-24T13:00:00Z" }],
  ])("that comes between the look for its request and %s leaves it cancelled at once", async (_, fields) => {
    const world = new World();
    afterOneLook(world, () => world.stop(aStop()));
    expect(await world.startOne(aCallRequest(fields))).toMatchObject({
      kind: "cancelled",
      record: { state: "cancelled", request: expect.stringContaining("r-1") },
    });
    expect(world.dials).toEqual([]);
    expect(world.pacer.state.leases).toEqual({});
  });

  it("cancels a request that waits for its time", async () => {
    const world = new World();
    await world.startOne(aCallRequest({ notBefore: "2026-11-24T13:00:00Z" }));

    expect((await world.stop(aStop())).kind).toBe("cancelled");
    world.advance(minutes(70));
    await world.release();
    expect(world.released).toEqual([]);
    expect(await world.state("r-1")).toBe("cancelled");
    expect(world.told().at(-1)).toEqual(["cancelled", 1]);
  });

  it("ends a call that rings, whose outcome then is `stopped`", async () => {
    const world = new World();
    await world.startOne(aCallRequest());

    expect((await world.stop(aStop())).kind).toBe("stopped");
    await world.track(ended("contact-1"));
    expect(world.stoppedContacts).toEqual(["contact-1"]);
    expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "stopped" });
  });

  it("finds the call by its contact, whether the index knows it or not", async () => {
    for (const lost of [false, true]) {
      const world = new World({ connect: lost ? ["lost"] : [] });
      await world.startOne(aCallRequest());
      const { requestId: _, ...byContact } = aStop({ contactId: "contact-1" });

      await world.stop(byContact);
      if (lost) await world.track(anEvent("INITIATED", "contact-1"));
      await world.deliverStops();
      expect(world.stoppedContacts).toEqual(["contact-1"]);
    }
  });

  it("by its contact ends just that contact, be it of an earlier attempt or of nobody here", async () => {
    const world = new World();
    await world.startOne(aCallRequest({ retry: { attempts: 3, after: { busy: "PT1M" } } }));
    world.hangUp("contact-1", { disconnectReason: "TELECOM_BUSY" });
    await world.track(ended("contact-1"));
    await world.release();
    world.advance(minutes(2));
    await world.release();
    await world.startOne(world.released.at(-1)?.body);
    expect(world.dials).toHaveLength(2);

    await world.stop({ stopId: "s-1", contactId: "contact-1" });
    expect(world.stoppedContacts).toEqual([]);
    expect((await world.record("r-1")).stopAt).toBeUndefined();

    const attributes = { attemptId: "elsewhere#1" };
    world.placed.set("other", { contactId: "other", attributes, clientToken: "" });
    await world.stop({ stopId: "s-2", contactId: "other" });
    expect(world.stoppedContacts).toEqual(["other"]);
    expect(world.contacts.records.has("elsewhere")).toBe(false);
  });

  it("by its contact tells of the next attempt that it cancels, where the contact is over by then", async () => {
    const world = new World();
    await world.startOne(aCallRequest({ retry: { attempts: 3, after: { busy: "PT5M" } } }));
    world.hangUp("contact-1", { disconnectReason: "TELECOM_BUSY" });
    await world.track(ended("contact-1"));
    afterOneLook(world, () => world.release());
    await world.stop({ stopId: "s-1", contactId: "contact-1" });
    expect(await world.record("r-1")).toMatchObject({ state: "cancelled", attempt: 2 });
    expect(world.told().at(-1)).toEqual(["cancelled", 2]);
  });

  it("by its contact ends the call at once although its request does not know it yet", async () => {
    const world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest());
    expect((await world.stop({ stopId: "s-1", contactId: "contact-1" })).kind).toBe("stopped");
    expect(world.stoppedContacts).toEqual(["contact-1"]);
  });

  it("reaches an attempt that was given up for lost and still rings", async () => {
    const world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest({ onUnknown: "redial" }));
    world.advance(minutes(11));
    await world.release();
    expect(await world.record("r-1")).toMatchObject({ state: "deferred", attempt: 2 });

    await world.stop(aStop());
    await world.track(anEvent("CONNECTED_TO_SYSTEM", "contact-1"));
    await world.deliverStops();
    expect(world.stoppedContacts).toEqual(["contact-1"]);
  });

  it("that comes after the end has not ended the call, whatever its record says later", async () => {
    const world = new World();
    await world.startOne(aCallRequest({ retry: { attempts: 3, after: { "no-answer": "PT5M" } } }));
    world.hangUp("contact-1", { disconnectReason: "TELECOM_ORIGINATOR_CANCEL" });
    await world.track(ended("contact-1"));
    const endedAt = world.time;
    world.advance(30_000);
    await world.stop(aStop());
    const DisconnectReason = "TELECOM_ORIGINATOR_CANCEL";
    await world.track(aContactRecord("contact-1", "r-1#1", { at: endedAt, DisconnectReason }));
    expect(await world.record("r-1")).toMatchObject({ outcome: "no-answer" });
  });

  it("is found out by the reason, for which Connect is asked where the event has none", async () => {
    const world = new World();
    await world.startOne(aCallRequest());
    const connectedAt = "2026-11-24T12:00:05.000Z";
    const contact = world.placed.get("contact-1");
    if (contact) contact.connectedAt = connectedAt;
    await world.track(
      anEvent("CONNECTED_TO_SYSTEM", "contact-1", { connectedToSystemTimestamp: connectedAt }),
    );
    await world.stop(aStop({ reason: "paid" }));
    await world.track(ended("contact-1"));
    expect(await world.record("r-1")).toMatchObject({ outcome: "stopped", reason: "stopped: paid" });
  });

  it("leaves the deadline of an unknown attempt as it was", async () => {
    const world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest());
    world.advance(minutes(9));
    await world.stop(aStop());
    world.advance(minutes(1.1));
    await world.release();
    expect(await world.state("r-1")).toBe("parked");
  });

  it("waits for Connect to say whose contact it is, without using up receives", async () => {
    const world = new World();
    await world.startOne(aCallRequest());
    world.lookupFails = true;
    expect(await world.stop({ stopId: "s-1", contactId: "unheard" })).toMatchObject({ kind: "later" });
    expect(world.stops).toMatchObject([{ delaySeconds: 5, stop: { tries: 1 } }]);
  });

  it("gives up for a person to look when Connect never answers clearly", async () => {
    const world = new World();
    await world.startOne(aCallRequest());
    world.stopAnswers.push("unclear");
    expect((await world.stop(aStop({ tries: 10 }))).kind).toBe("failed");
  });

  it("of a contact that is not ours is carried out all the same", async () => {
    const world = new World();
    world.placed.set("other", { contactId: "other", attributes: {}, clientToken: "" });
    expect(await world.stop({ stopId: "s-1", contactId: "other" })).toEqual({ kind: "stopped" });
    expect(world.stoppedContacts).toEqual(["other"]);
  });

  it("of an attempt whose answer was lost is carried out the moment its contact is known", async () => {
    const world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest({ retry: { attempts: 3, after: { "no-answer": "PT1M" } } }));
    expect((await world.stop(aStop())).kind).toBe("noted");
    expect(world.stoppedContacts).toEqual([]);

    await world.track(anEvent("INITIATED", "contact-1"));
    await world.deliverStops();
    expect(world.stoppedContacts).toEqual(["contact-1"]);
  });

  it.each([
    ["places", "contact-1"],
    [notNow, undefined],
  ] as const)(
    "that comes between the claim and Connect's answer (%j) is carried out on it",
    async (connect, stopped) => {
      const world = new World({ connect: [connect] });
      world.duringDials.push(async () => expect((await world.stop(aStop())).kind).toBe("noted"));
      await world.startOne(aCallRequest());
      await world.deliverStops();
      expect(world.stoppedContacts).toEqual(stopped ? [stopped] : []);
      if (!stopped) expect(await world.state("r-1")).toBe("cancelled");
    },
  );

  it("that comes once more while the claim is taken back leaves no state untold", async () => {
    const world = new World({ connect: [notNow] });
    world.duringDials.push(() => world.stop(aStop()));
    const release = world.pacer.release.bind(world.pacer);
    world.pacer.release = async (leases) => {
      world.pacer.release = release;
      await release(leases);
      expect((await world.stop(aStop({ stopId: "s-2" }))).kind).toBe("cancelled");
    };
    await world.startOne(aCallRequest());
    const revisions = world.notices.map((notice) => "revision" in notice && notice.revision);
    expect(revisions).toContain(2);
    expect(revisions).toContain(3);
    expect(await world.record("r-1")).toMatchObject({ state: "cancelled", revision: 3 });
  });

  it("of a request that is parked, or becomes so, keeps it from being redialled", async () => {
    const world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest({ onUnknown: "redial" }));
    await world.stop(aStop());
    world.advance(minutes(11));
    await world.release();
    world.advance(minutes(11));
    await world.release();
    expect(await world.state("r-1")).toBe("parked");
    expect(world.released).toEqual([]);
  });

  it("cancels the retry that an ended attempt waits for, before it is on record and after", async () => {
    for (const released of [false, true]) {
      const world = new World();
      await world.startOne(aCallRequest({ retry: { attempts: 3, after: { busy: "PT5M" } } }));
      world.hangUp("contact-1", { disconnectReason: "TELECOM_BUSY" });
      await world.track(ended("contact-1"));
      if (released) await world.release();

      expect((await world.stop(aStop())).kind).toBe(released ? "cancelled" : "over");
      world.advance(minutes(10));
      await world.release();
      expect(world.released).toEqual([]);
      expect(world.dials).toHaveLength(1);
    }
  });

  it("of a call that has ended, or was refused, is a success that changes nothing", async () => {
    const world = new World({ connect: [{ kind: "refused", reason: "no" }] });
    await world.startOne(aCallRequest());
    const before = await world.record("r-1");
    expect(await world.stop(aStop())).toEqual({ kind: "over", record: before });
    expect(world.stoppedContacts).toEqual([]);
  });

  it("that finds the contact ended at Connect (410) has succeeded", async () => {
    const world = new World();
    await world.startOne(aCallRequest());
    world.hangUp("contact-1", {
      disconnectReason: "CUSTOMER_DISCONNECT",
      connectedAt: "2026-11-24T12:00:05.000Z",
    });
    expect((await world.stop(aStop())).kind).toBe("stopped");
    await world.track(ended("contact-1"));
    expect(await world.record("r-1")).toMatchObject({ outcome: "answered-flow" });
  });

  it.each([
    ["no slot", (world: World) => (world.stopSlots = () => []), 5],
    ["a rejection", (world: World) => world.stopAnswers.push("not-now"), 5],
    ["no clear answer", (world: World) => world.stopAnswers.push("unclear"), 2],
  ])("that meets %s is sent again with a delay, and uses up no receive", async (_, meets, delaySeconds) => {
    const world = new World();
    await world.startOne(aCallRequest());
    meets(world);
    expect((await world.stop(aStop())).kind).toBe("later");
    expect(world.stops).toMatchObject([{ delaySeconds, stop: { requestId: "r-1", tries: 1 } }]);

    world.stopSlots = undefined;
    await world.deliverStops();
    expect(world.stoppedContacts).toEqual(["contact-1"]);
  });

  it("that cannot be handed over fails the message that should have, so that it comes again", async () => {
    const world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest());
    await world.stop(aStop());
    world.stopQueueFails = true;
    expect(await world.track(anEvent("INITIATED", "contact-1"))).toMatchObject([{ kind: "failed" }]);

    world.stopQueueFails = false;
    await world.trackAgain(anEvent("INITIATED", "contact-1"));
    await world.deliverStops();
    expect(world.stoppedContacts).toEqual(["contact-1"]);
  });

  it.each([
    "not json",
    "{}",
    '{"stopId":"s"}',
    '{"stopId":"s","requestId":"r","contactId":"c"}',
    '{"stopId":"s","requestId":"no good"}',
    '{"stopId":"s","requestId":"r","+12065550100":1}',
  ])("that cannot be understood goes to the dead-letter queue with its reason: %s", async (body) => {
    const world = new World();
    expect((await world.stop(body)).kind).toBe("unusable");
    expect(world.deadLetters).toMatchObject([
      { delivery: { body }, why: expect.not.stringContaining("+1206") },
    ]);
  });
});

describe("the stop of a campaign", () => {
  it("stops what is there, what waits, and what has not come yet, with one message", async () => {
    const world = new World();
    const ofCampaign = (requestId: string, more = {}) =>
      aCallRequest({ requestId, campaignId: "spring", ...more });
    await world.startOne(ofCampaign("ringing"));
    await world.startOne(ofCampaign("waiting", { notBefore: "2026-11-24T13:00:00Z" }));
    await world.startOne(aCallRequest({ requestId: "other", campaignId: "autumn" }));

    const stopped = await world.stop({ stopId: "s-1", campaignId: "spring", reason: "it is over" });
    expect(stopped.kind).toBe("campaign");
    await world.deliverStops();
    expect(await world.startOne(ofCampaign("late"))).toMatchObject({
      kind: "cancelled",
      record: { reason: "its campaign was stopped: it is over" },
    });

    expect(world.stoppedContacts).toEqual(["contact-1"]);
    expect(await world.state("waiting")).toBe("cancelled");
    expect(await world.state("other")).toBe("placed");
    expect(world.dials).toHaveLength(2);
  });

  it("goes through all its parts at once and a second time later, for what was just being written", async () => {
    const world = new World();
    await world.stop({ stopId: "s-1", campaignId: "spring" });
    const delays = world.stops.map(({ delaySeconds }) => delaySeconds);
    expect([delays.filter((one) => one === 0).length, delays.filter((one) => one === 60).length]).toEqual([
      16, 16,
    ]);
    await world.deliverStops();
    expect(world.stops).toEqual([]);
  });

  it("reaches a request between its look and its dial", async () => {
    const world = new World();
    world.whileWaiting.push(() => world.stop({ stopId: "s-1", campaignId: "spring" }));
    const started = await world.startOne(aCallRequest({ campaignId: "spring" }));
    expect(started.kind).toBe("cancelled");
    expect(world.dials).toEqual([]);
    expect(world.pacer.state.leases).toEqual({});
  });

  it("goes on where the time of an invocation was up", async () => {
    const world = new World();
    for (const requestId of ["a", "b"]) {
      await world.startOne(aCallRequest({ requestId, campaignId: "spring" }));
    }
    await world.stop({ stopId: "s-1", campaignId: "spring" }, 0);
    for (let round = 0; round < 40 && world.stops.length > 0; round += 1) {
      const { stop } = world.stops.shift() ?? {};
      await world.stop(stop, stop?.shard && !stop.after ? 0 : minutes(1));
    }
    expect(world.stoppedContacts.toSorted()).toEqual(["contact-1", "contact-2"]);
  });
});

describe("stop and start, in any interleaving", () => {
  it("never leave a call running that was stopped, nor dial what was stopped first", async () => {
    const step = fc.constantFrom("start", "stop", "campaign", "track", "release", "wait", "deliver", "busy");
    const connect = fc.array(fc.constantFrom("places" as const, "lost" as const, notNow), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 14 }),
        connect,
        fc.array(fc.boolean(), { maxLength: 3 }),
        fc.boolean(),
        async (steps, script, stopsInMidDial, later) => {
          const world = new World({ connect: script });
          const request = aCallRequest({
            campaignId: "spring",
            onUnknown: "redial",
            retry: { attempts: 3, after: { busy: "PT1M", "no-answer": "PT1M" } },
            ...(later && { notBefore: "2026-11-24T12:10:00Z" }),
          });
          const heard = () =>
            Promise.all([...world.placed.keys()].map((id) => world.track(anEvent("INITIATED", id))));
          let dialsAtStop: number | undefined;
          const stop = async (body: object) => {
            await world.stop(body);
            dialsAtStop ??= world.dials.length;
          };
          // Such a dial is under way when the stop comes, and is the last one.
          for (const comes of stopsInMidDial) {
            world.duringDials.push(async () => {
              if (!comes) return;
              await world.stop(aStop());
              dialsAtStop ??= world.dials.length + 1;
            });
          }
          for (const one of [...steps, "stop", "release"]) {
            if (one === "start") await world.startOne(request);
            if (one === "stop") await stop(aStop());
            if (one === "campaign") await stop({ stopId: "s-2", campaignId: "spring" });
            if (one === "track") await heard();
            if (one === "release") {
              await world.release();
              for (const { body } of world.released.splice(0)) await world.startOne(body);
            }
            if (one === "busy") {
              for (const { contactId, disconnectedAt } of [...world.placed.values()]) {
                if (disconnectedAt) continue;
                world.hangUp(contactId, { disconnectReason: "TELECOM_BUSY" });
                await world.track(ended(contactId));
              }
            }
            if (one === "wait") world.advance(minutes(6));
            if (one === "deliver") await world.deliverStops();
          }
          // In the end every message has been delivered, and every event has been seen.
          await heard();
          await world.deliverStops();

          expect(world.dials.length).toBeLessThanOrEqual(dialsAtStop ?? 0);
          for (const contact of world.placed.values()) {
            expect(contact.disconnectedAt, `${contact.contactId} still runs`).toBeDefined();
          }
        },
      ),
      { numRuns: 300, seed: 5 },
    );
  });
});
