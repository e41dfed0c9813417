import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Contacts, iso } from "../../../lib/contacts/contacts.ts";
import { trackContacts } from "../../../lib/contacts/track-contact.ts";
import { aCallRequest, aDelivery, minutes, seconds } from "../../support/builders.ts";
import { aContactRecord, anEvent, World } from "../../support/world.ts";

const answered = { connectedToSystemTimestamp: "2026-11-24T12:00:05.000Z" };
const agent = { agentInfo: { agentArn: "a", connectedToAgentTimestamp: "2026-11-24T12:00:20.000Z" } };
const hungUp = { disconnectTimestamp: "2026-11-24T12:01:00.000Z", disconnectReason: "CUSTOMER_DISCONNECT" };
const hungUpOnRecord = {
  DisconnectTimestamp: hungUp.disconnectTimestamp,
  DisconnectReason: hungUp.disconnectReason,
};
const agentOnRecord = { Agent: { ARN: "a", ConnectedToAgentTimestamp: "2026-11-24T12:00:20Z" } };
const theWholeCall = [
  anEvent("INITIATED", "contact-1"),
  anEvent("CONNECTED_TO_SYSTEM", "contact-1", answered),
  anEvent("QUEUED", "contact-1", answered),
  anEvent("CONNECTED_TO_AGENT", "contact-1", { ...answered, ...agent }),
  anEvent("DISCONNECTED", "contact-1", { ...answered, ...agent, ...hungUp }),
  anEvent("COMPLETED", "contact-1", { ...answered, ...agent, ...hungUp }),
];

/** Connect is there, and must not be asked. */
const notAsked = { describe: () => Promise.reject(new Error("Connect was asked")) };

async function aPlacedCall(fields = {}): Promise<World> {
  const world = new World();
  await world.startOne(aCallRequest(fields));
  world.notices.length = 0;
  return world;
}

describe("track-contact", () => {
  it("follows a call to its outcome, announces each change once and gives its lease back", async () => {
    const world = await aPlacedCall();

    await world.track(...theWholeCall);

    expect(await world.record("r-1")).toMatchObject({
      state: "ended",
      outcome: "answered-agent",
      endedAt: hungUp.disconnectTimestamp,
    });
    expect(world.notices.map(({ state, outcome }) => [state, outcome])).toEqual([
      ["connected", undefined],
      ["ended", "answered-agent"],
    ]);
    expect(world.pacer.state.leases).toEqual({});
    expect(world.pacer.state.ended).toBe(1);
  });

  it.each([
    ["INITIATED", {}, "placed"],
    ["CONNECTED_TO_SYSTEM", {}, "connected"],
    ["QUEUED", {}, "connected"],
    ["CONNECTED_TO_AGENT", {}, "connected"],
    ["PAUSED", {}, "connected"],
    ["RESUMED", {}, "connected"],
    ["DISCONNECTED", {}, "ended"],
    ["COMPLETED", {}, "ended"],
    ["CONTACT_DATA_UPDATED", {}, "placed"],
    ["CONTACT_DATA_UPDATED", answered, "connected"],
    ["CONTACT_DATA_UPDATED", { ...answered, ...hungUp }, "ended"],
  ])("needs no other event to see by %s, with %j, that the call is %s", async (eventType, detail, state) => {
    const world = await aPlacedCall();
    expect(await world.track(anEvent(eventType, "contact-1", detail))).toMatchObject([
      { kind: state === "placed" ? "known" : "tracked" },
    ]);
    expect(await world.state("r-1")).toBe(state);
  });

  it("asks Connect nothing about a call whose contact is on record", async () => {
    const world = await aPlacedCall();
    const steps = { ...world.trackSteps(), lookup: notAsked };
    await trackContacts(
      theWholeCall.map((event) => aDelivery(event)),
      steps,
    );
    expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "answered-agent" });
  });

  it("ends alike in any order and with any repetition of the events (property)", async () => {
    const shuffled = fc.shuffledSubarray([...theWholeCall, ...theWholeCall], { minLength: 7 });
    await fc.assert(
      fc.asyncProperty(shuffled, async (events) => {
        fc.pre(
          events.some(
            ({ detail }) => detail.eventType === "DISCONNECTED" || detail.eventType === "COMPLETED",
          ),
        );
        const world = await aPlacedCall();
        for (const event of events) await world.track(event);
        const { state, outcome, contactId } = await world.record("r-1");
        expect({ state, outcome, contactId }).toEqual({
          state: "ended",
          outcome: "answered-agent",
          contactId: "contact-1",
        });
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it("ends alike when each event tells only its own part, in any order (property)", async () => {
    const parts = [
      anEvent("CONNECTED_TO_SYSTEM", "contact-1", answered),
      anEvent("CONNECTED_TO_AGENT", "contact-1", agent),
      anEvent("DISCONNECTED", "contact-1", hungUp),
    ];
    const machine = [
      anEvent("CONNECTED_TO_SYSTEM", "contact-1", answered),
      anEvent("DISCONNECTED", "contact-1", { ...hungUp, answeringMachineDetectionStatus: "VOICEMAIL_BEEP" }),
    ];
    for (const [events, expected] of [
      [parts, "answered-agent"],
      [machine, "voicemail"],
    ] as const) {
      await fc.assert(
        fc.asyncProperty(
          fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }),
          async (order) => {
            const world = await aPlacedCall();
            for (const event of order) await world.track(event);
            expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: expected });
          },
        ),
        { numRuns: 60, seed: 9 },
      );
    }
  });

  it.each([
    ["TELECOM_BUSY", "busy"],
    ["TELECOM_TIMEOUT", "no-answer"],
    ["TELECOM_UNANSWERED", "no-answer"],
    ["TELECOM_ORIGINATOR_CANCEL", "no-answer"],
    ["TELECOM_NUMBER_INVALID", "invalid-number"],
    ["TELECOM_POTENTIAL_BLOCKING", "blocked"],
    ["TELECOM_PROBLEM", "network-problem"],
  ])("puts %s down as %s", async (disconnectReason, outcome) => {
    const world = await aPlacedCall();
    await world.track(anEvent("DISCONNECTED", "contact-1", { disconnectReason }));
    expect((await world.record("r-1")).outcome).toBe(outcome);
  });

  it("asks Connect for the reason when the event lacks it, and waits when Connect cannot tell just now", async () => {
    const world = await aPlacedCall();
    world.hangUp("contact-1", { disconnectReason: "TELECOM_BUSY" });
    world.lookupFails = true;
    expect(await world.track(anEvent("DISCONNECTED", "contact-1"))).toEqual([{ kind: "not-now" }]);
    expect(await world.state("r-1")).toBe("placed");
    world.lookupFails = false;
    await world.track(anEvent("DISCONNECTED", "contact-1"));
    expect((await world.record("r-1")).outcome).toBe("busy");
  });

  it("takes 1970 for a time that was never set", async () => {
    const world = await aPlacedCall();
    const never = "1970-01-01T00:00:00.001Z";
    const unset = {
      connectedToSystemTimestamp: never,
      disconnectReason: "TELECOM_BUSY",
      agentInfo: { connectedToAgentTimestamp: never },
    };
    await world.track(
      anEvent("DISCONNECTED", "contact-1", { ...unset, disconnectTimestamp: "2026-11-24T12:00:30.000Z" }),
    );
    expect((await world.record("r-1")).outcome).toBe("busy");
  });

  it("reads events whatever the case of their letters, and ignores what it does not know in them", async () => {
    const world = await aPlacedCall();
    const { detail } = anEvent("DISCONNECTED", "contact-1");
    const shouted = Object.fromEntries(
      Object.entries({
        ...detail,
        channel: "Voice",
        disconnectReason: "TELECOM_BUSY",
        novelty: { a: [1] },
      }).map(([key, value]) => [`${key[0]?.toUpperCase()}${key.slice(1)}`, value]),
    );
    await world.track({ ...anEvent("DISCONNECTED", "contact-1"), detail: shouted });
    expect((await world.record("r-1")).outcome).toBe("busy");
  });

  it.each([
    [
      "of another instance",
      anEvent("DISCONNECTED", "contact-1", { instanceArn: "arn:aws:connect:x:1:instance/other" }),
    ],
    ["not started by API", anEvent("DISCONNECTED", "contact-1", { initiationMethod: "INBOUND" })],
    ["of a contact that Connect does not know", anEvent("DISCONNECTED", "contact-of-nobody")],
    ["of other kinds", { "detail-type": "Amazon Connect Rule Event", detail: { contactId: "contact-1" } }],
  ])("ignores events %s", async (_, event) => {
    const world = await aPlacedCall();
    expect(await world.track(event)).toMatchObject([{ kind: "ignored" }]);
    expect(await world.state("r-1")).toBe("placed");
  });

  it.each([
    ["of another application, which names no attempt", {}],
    ["of another application, which means something else by the attempt's id", { attemptId: "third try" }],
    ["of another deployment", { attemptId: "r-of-theirs#1" }],
    ["that is not the one on record for its attempt", { attemptId: "r-1#1" }],
  ])("ignores a contact %s", async (_, attributes) => {
    const world = await aPlacedCall();
    world.placed.set("theirs", { contactId: "theirs", initiationMethod: "API", attributes, clientToken: "" });
    const event = anEvent("DISCONNECTED", "theirs", { disconnectReason: "TELECOM_BUSY" });
    expect(await world.track(event)).toMatchObject([{ kind: "ignored" }]);
    expect(await world.state("r-1")).toBe("placed");
  });

  it("leaves the contact of an earlier attempt alone, unless it still rings although the request was stopped", async () => {
    const world = await aPlacedCall({ retry: { attempts: 2, after: { busy: "PT5M" } } });
    const busy = anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_BUSY" });
    await world.track(busy);
    await world.release();
    const ignored = [{ kind: "ignored" }];

    expect(await world.track(anEvent("CONNECTED_TO_SYSTEM", "contact-1"))).toMatchObject(ignored);
    expect(world.stops).toEqual([]);

    await world.stop({ stopId: "s-1", requestId: "r-1" });
    world.stops.length = 0;
    expect(await world.track(busy)).toMatchObject(ignored);
    expect(world.stops).toEqual([]);
    expect(await world.track(anEvent("CONNECTED_TO_SYSTEM", "contact-1"))).toMatchObject(ignored);
    expect(world.stops).toMatchObject([{ stop: { contactId: "contact-1" } }]);
  });

  it("follows a call whose event does not name its instance", async () => {
    const world = await aPlacedCall();
    await world.track(anEvent("CONNECTED_TO_SYSTEM", "contact-1", { instanceArn: undefined }));
    expect(await world.state("r-1")).toBe("connected");
  });

  it("waits with a contact that is not on record while Connect cannot tell whose it is", async () => {
    const world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest());
    world.lookupFails = true;
    const event = anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_BUSY" });
    expect(await world.track(event)).toEqual([{ kind: "not-now" }]);
    world.lookupFails = false;
    await world.trackAgain(event);
    expect((await world.record("r-1")).outcome).toBe("busy");
  });

  it("lets no message hold up the others, be it unreadable or its record out of reach", async () => {
    const world = await aPlacedCall();
    const contacts: Contacts = Object.assign(Object.create(world.contacts), {
      requestIdOf: async (contactId: string) => {
        if (contactId !== "contact-1") throw new Error("the table cannot be reached");
        return world.contacts.requestIdOf(contactId);
      },
    });
    const deliveries = [
      { data: 5 },
      anEvent("DISCONNECTED", "contact-2"),
      anEvent("CONNECTED_TO_SYSTEM", "contact-1"),
    ].map((body) => aDelivery(body));
    const results = await trackContacts(deliveries, { ...world.trackSteps(), contacts });
    expect(deliveries.map(({ messageId }) => results.get(messageId)?.kind)).toEqual([
      "unusable",
      "failed",
      "tracked",
    ]);
    expect(world.notices).toMatchObject([{ state: "connected" }]);
  });

  it.each([
    ["not json"],
    [5],
    ["null"],
    [{ data: Buffer.from("null").toString("base64") }],
    [{ data: "not of a JSON object" }],
    [{ "detail-type": "Amazon Connect Contact Event", detail: {} }],
    [{ something: "else" }],
  ])("leaves to the dead-letter queue what cannot be understood (%#)", async (body) => {
    expect(await new World().track(body)).toMatchObject([{ kind: "unusable" }]);
  });

  it("traces an unknown contact back by the attempt's id that it carries, before Connect's own answer came", async () => {
    const world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest());
    expect(await world.state("r-1")).toBe("unknown");
    await world.track(anEvent("INITIATED", "contact-1"));
    expect(await world.record("r-1")).toMatchObject({ state: "placed", contactId: "contact-1" });
  });

  it("keeps what evidence said when Connect's answer arrives after it", async () => {
    const world = new World();
    const steps = world.startSteps();
    const { dialler } = steps;
    world.startSteps = () => ({
      ...steps,
      dialler: {
        dial: async (order) => {
          const answer = await dialler.dial(order);
          world.hangUp("contact-1", { disconnectReason: "TELECOM_BUSY" });
          await world.track(anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_BUSY" }));
          return answer;
        },
      },
    });
    await world.startOne(aCallRequest());
    expect(await world.record("r-1")).toMatchObject({
      state: "ended",
      outcome: "busy",
      contactId: "contact-1",
    });
    expect(world.notices.at(-1)).toMatchObject({ state: "ended" });
  });

  it("defers the next attempt as the retry policy says, with a new token, until the last", async () => {
    const world = await aPlacedCall({ retry: { attempts: 2, after: { busy: "PT5M" } } });
    const event = (contactId: string) =>
      anEvent("DISCONNECTED", contactId, {
        disconnectReason: "TELECOM_BUSY",
        disconnectTimestamp: iso(world.time),
      });
    await world.track(event("contact-1"));
    await world.release();
    expect(await world.record("r-1")).toMatchObject({
      state: "deferred",
      attempt: 2,
      outcome: "busy",
      dueAt: iso(world.time + minutes(5)),
    });
    expect(world.told()).toEqual([
      ["ended", 1],
      ["deferred", 2],
    ]);

    world.advance(minutes(5));
    await world.startOne(aCallRequest({ retry: { attempts: 2, after: { busy: "PT5M" } } }));
    await world.track(event("contact-1"), event("contact-2"));
    expect(await world.record("r-1")).toMatchObject({ state: "ended", attempt: 2, outcome: "busy" });
    expect(new Set(world.dials.map(({ clientToken }) => clientToken)).size).toBe(2);
  });

  it("announces what a message brought that is twice in one batch", async () => {
    const world = await aPlacedCall();
    const before = world.notices.length;
    const delivery = aDelivery(anEvent("CONNECTED_TO_SYSTEM", "contact-1", answered));
    await world.trackAll([delivery, delivery]);
    expect(world.notices.slice(before).map(({ state }) => state)).toContain("connected");
  });

  it("announces again what it brought when its message comes back, and keeps quiet about other repetitions", async () => {
    const world = await aPlacedCall();
    const event = anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_BUSY" });
    world.noticesFail = true;
    expect(await world.track(event)).toMatchObject([{ kind: "failed" }]);
    world.noticesFail = false;
    await world.track(event);
    expect(world.notices).toEqual([]);
    await world.trackAgain(event);
    expect(world.notices).toMatchObject([{ state: "ended", outcome: "busy" }]);
  });

  it("tells again what may not have been told when the message comes back out of its dead-letter queue, as a new one", async () => {
    const world = await aPlacedCall();
    world.notices.length = 0;
    const event = anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_BUSY" });
    world.noticesFail = true;
    expect(await world.track(event)).toMatchObject([{ kind: "failed" }]);
    world.noticesFail = false;
    world.advance(minutes(3));
    await world.track(event);
    expect(world.notices).toMatchObject([{ state: "ended", outcome: "busy" }]);
  });

  it.each([
    ["the end", anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_BUSY" }), "busy"],
    [
      "another outcome",
      aContactRecord("contact-1", "r-1#1", { at: 1e12, DisconnectReason: "TELECOM_PROBLEM" }),
      "network-problem",
    ],
  ])(
    "tells of %s although its write was repeated, and did not know itself again",
    async (what, message, outcome) => {
      const world = await aPlacedCall();
      if (what === "another outcome")
        await world.track(anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_BUSY" }));
      world.notices.length = 0;
      const inMemory = world.contacts;
      const contacts: Contacts = Object.assign(Object.create(inMemory), {
        change: async (...write: Parameters<Contacts["change"]>) => {
          await inMemory.change(...write);
          return { ...(await inMemory.change(...write)), repeated: true };
        },
      });
      await trackContacts([aDelivery(message)], { ...world.trackSteps(), contacts });
      expect(world.notices).toMatchObject([{ state: "ended", outcome }]);
    },
  );

  describe("with contact records", () => {
    it("settles an unknown attempt even when all events are lost", async () => {
      const world = new World({ connect: ["lost"] });
      await world.startOne(aCallRequest());
      await world.track(
        aContactRecord("contact-1", "r-1#1", {
          DisconnectReason: "TELECOM_BUSY",
          at: world.time + seconds(30),
        }),
      );
      expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "busy" });
    });

    it("settles an unknown attempt by the id that the record carries, which Connect need not be asked for", async () => {
      const world = new World({ connect: ["lost"] });
      await world.startOne(aCallRequest());
      const record = aContactRecord("contact-1", "r-1#1", {
        DisconnectReason: "TELECOM_BUSY",
        at: world.time,
      });
      // The others are the producer's, or a contact flow's.
      const Attributes = { AttemptId: "first of three", ...record.Attributes, attemptID: "third" };
      const delivery = aDelivery({ ...record, Attributes });
      await trackContacts([delivery], { ...world.trackSteps(), lookup: notAsked });
      expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "busy" });
    });

    it("takes it for the call of its contact where the record carries no attributes", async () => {
      const world = await aPlacedCall();
      const record = aContactRecord("contact-1", "", { DisconnectReason: "TELECOM_BUSY", at: world.time });
      await world.track({ ...record, Attributes: null });
      expect((await world.record("r-1")).outcome).toBe("busy");
    });

    it("asks Connect nothing about contacts that no API started", async () => {
      const world = new World();
      const record = aContactRecord("inbound", "", {
        DisconnectReason: "CUSTOMER_DISCONNECT",
        at: world.time,
      });
      const delivery = aDelivery({ ...record, InitiationMethod: "INBOUND", Attributes: {} });
      const results = await trackContacts([delivery], { ...world.trackSteps(), lookup: notAsked });
      expect(results.get(delivery.messageId)).toMatchObject({ kind: "ignored" });
    });

    it.each([
      [{ ConnectedToSystemTimestamp: null }, "placed", undefined],
      [{}, "connected", undefined],
      [hungUpOnRecord, "ended", "answered-flow"],
      [{ ...hungUpOnRecord, ...agentOnRecord }, "ended", "answered-agent"],
    ])("believes of %j that the call is %s, with the outcome %s", async (fields, state, outcome) => {
      const world = new World({ connect: ["lost"] });
      await world.startOne(aCallRequest());
      const record = aContactRecord("contact-1", "r-1#1", { DisconnectReason: "", at: world.time });
      const open = { ...record, ConnectedToSystemTimestamp: iso(world.time), DisconnectTimestamp: null };
      await world.track({ ...open, ...fields });
      const { state: found, outcome: told } = await world.record("r-1");
      expect([found, told]).toEqual([state, outcome]);
    });

    it("takes the record out of Kinesis's envelope as well", async () => {
      const world = await aPlacedCall();
      const record = aContactRecord("contact-1", "r-1#1", {
        DisconnectReason: "TELECOM_BUSY",
        at: world.time,
      });
      await world.track({
        sequenceNumber: "1",
        data: Buffer.from(JSON.stringify(record)).toString("base64"),
      });
      expect((await world.record("r-1")).outcome).toBe("busy");
    });

    it("lets the newest LastUpdateTimestamp that tells win in any order of delivery (property)", async () => {
      const versions = ["TELECOM_BUSY", "TELECOM_PROBLEM", "TELECOM_TIMEOUT", "TELLS_NOTHING"].map(
        (DisconnectReason, index) =>
          aContactRecord("contact-1", "r-1#1", {
            DisconnectReason,
            at: Date.parse("2026-11-24T12:02:00Z") + seconds(index),
          }),
      );
      const events = ["TELECOM_NUMBER_INVALID", "TELECOM_TIMEOUT"].map((disconnectReason) =>
        anEvent("DISCONNECTED", "contact-1", { disconnectReason }),
      );
      for (const event of events) {
        await fc.assert(
          fc.asyncProperty(
            fc.shuffledSubarray([...versions, ...versions, event], { minLength: 5 }),
            async (messages) => {
              fc.pre(messages.some((message) => message === versions[2]));
              const world = await aPlacedCall();
              for (const message of messages) await world.track(message);
              expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "no-answer" });
            },
          ),
          { numRuns: 100, seed: 3 },
        );
      }
    });
  });
});
