import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Contacts, iso } from "../../../lib/contacts/contacts.ts";
import { aCallRequest, aDelivery, minutes, seconds } from "../../support/builders.ts";
import { aContactRecord, anEvent, type ConnectDoes, World } from "../../support/world.ts";

const answered = { connectedToSystemTimestamp: "2026-11-24T12:00:05.000Z" };
const agent = { agentInfo: { agentArn: "a", connectedToAgentTimestamp: "2026-11-24T12:00:20.000Z" } };
const hungUp = { disconnectTimestamp: "2026-11-24T12:01:00.000Z", disconnectReason: "CUSTOMER_DISCONNECT" };
const busy = anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_BUSY" });
const aRecord = (DisconnectReason: string, at: number) =>
  aContactRecord("contact-1", "r-1#1", { DisconnectReason, at });

/** One call was dialled, and everybody was told. */
async function aCall({ request = {}, connect = "places" as ConnectDoes } = {}): Promise<World> {
  const world = new World({ connect: [connect] });
  await world.startOne(aCallRequest(request));
  world.notices.length = 0;
  return world;
}

/** The worker died before it heard Connect's answer. */
async function aClaimedCall(): Promise<World> {
  const world = new World();
  await world.start([aDelivery(aCallRequest())], { killAt: 3.5 }).catch(() => undefined);
  expect([world.dials.length, await world.state("r-1")]).toEqual([1, "dialling"]);
  return world;
}

describe("workers that bring evidence of one call at the same time", () => {
  const parts = [
    anEvent("INITIATED", "contact-1"),
    anEvent("CONNECTED_TO_SYSTEM", "contact-1", answered),
    anEvent("CONNECTED_TO_AGENT", "contact-1", agent),
    anEvent("DISCONNECTED", "contact-1", hungUp),
  ];

  it.each([
    ["placed", () => aCall()],
    ["unknown", () => aCall({ connect: "lost" })],
    ["dialling", aClaimedCall],
  ])(
    "leave it %s to ended alike, and tell of every change once, in any interleaving (property)",
    async (_, make) => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), async (scheduler) => {
          const world = await make();
          const from = await world.record("r-1");
          const { look, change } = world.contacts;
          Object.assign(world.contacts, {
            look: scheduler.scheduleFunction(look.bind(world.contacts)),
            change: scheduler.scheduleFunction(change.bind(world.contacts)),
          });

          await scheduler.waitFor(Promise.all(parts.map((event) => world.track(event))));

          const record = world.contacts.records.get("r-1");
          expect(record).toMatchObject({
            state: "ended",
            outcome: "answered-agent",
            agentConnectedAt: agent.agentInfo.connectedToAgentTimestamp,
          });
          const changes = Array.from(
            { length: (record?.revision ?? 0) - from.revision },
            (_, index) => from.revision + index + 1,
          );
          expect(world.notices.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual(changes);
          expect(world.pacer.state).toMatchObject({ leases: {}, ended: 1 });
        }),
        { numRuns: 200, seed: 11 },
      );
    },
  );
});

/** Something else happens just before the first change to that state, or before each. */
function meanwhile(world: World, to: string, happens: () => Promise<unknown>, { each = false } = {}): void {
  const change = world.contacts.change.bind(world.contacts);
  let happened = false;
  Object.assign(world.contacts, {
    change: async (...write: Parameters<Contacts["change"]>) => {
      if (write[0].to === to && !write[0].amend && (each || !happened)) {
        happened = true;
        await happens();
      }
      return change(...write);
    },
  });
}

const anUpdate = (tier: string) => ({
  updateId: tier,
  requestId: "r-1",
  attributes: { tier },
  occurredAt: "2026-11-24T11:00:00.000Z",
});

describe("evidence", () => {
  it("of another contact than the one on record tells nothing of this call", async () => {
    const world = await aCall();
    const known = await world.record("r-1");
    const other = aContactRecord("contact-2", "r-1#1", { DisconnectReason: "TELECOM_BUSY", at: world.time });
    expect(await world.track(other)).toMatchObject([{ kind: "ignored" }]);
    expect(await world.record("r-1")).toEqual(known);
  });

  it.each([
    ["refused", { kind: "refused", reason: "no" }],
    ["deferred", { kind: "not-now", why: "rate" }],
  ] as const)(
    "of a call where there can be none, of a request that is %s, is ignored",
    async (state, connect) => {
      const world = await aCall({ connect });
      const known = await world.record("r-1");
      expect(known.state).toBe(state);
      expect(await world.track(aRecord("TELECOM_BUSY", world.time))).toMatchObject([{ kind: "ignored" }]);
      expect(await world.record("r-1")).toEqual(known);
    },
  );

  it("that was overtaken by the next attempt is not taken for that attempt's", async () => {
    const request = { retry: { attempts: 2, after: { busy: "PT0S" } } };
    const world = await aCall({ request });
    meanwhile(world, "connected", async () => {
      await world.track(busy);
      await world.release();
      world.duringDials.push(() => Promise.reject(new Error("the worker is gone")));
      await world.startOne(aCallRequest(request));
    });
    const answer = anEvent("CONNECTED_TO_SYSTEM", "contact-1", answered);
    expect(await world.track(answer)).toMatchObject([{ kind: "ignored" }]);
    const second = await world.record("r-1");
    expect([second.state, second.attempt, second.contactId]).toEqual(["dialling", 2, undefined]);
  });

  it("that was overtaken half-way is told of as far as it came", async () => {
    const world = await aClaimedCall();
    meanwhile(world, "connected", () => world.track(anEvent("DISCONNECTED", "contact-1")));
    await world.track(anEvent("CONNECTED_TO_SYSTEM", "contact-1", answered));
    expect(await world.record("r-1")).toMatchObject({
      state: "ended",
      outcome: "answered-flow",
      revision: 3,
    });
    expect(world.notices.map(({ revision }) => revision).sort()).toEqual([2, 3]);
  });

  it("is told of where one of its writes was repeated, and did not know itself again", async () => {
    const world = await aClaimedCall();
    const change = world.contacts.change.bind(world.contacts);
    Object.assign(world.contacts, {
      change: async (...write: Parameters<Contacts["change"]>) => {
        const written = await change(...write);
        return write[0].to === "placed" ? { ...(await change(...write)), repeated: true } : written;
      },
    });
    await world.track(anEvent("CONNECTED_TO_SYSTEM", "contact-1", answered));
    expect(world.told()).toEqual([["connected", 1]]);
  });

  it("of progress is taken though Connect cannot be asked", async () => {
    const world = await aCall();
    world.lookupFails = true;
    await world.track(anEvent("CONNECTED_TO_SYSTEM", "contact-1", answered));
    expect(await world.state("r-1")).toBe("connected");
  });

  it("of a call that Connect shows to be further counts for as much", async () => {
    const world = await aCall({ connect: "lost" });
    const contact = world.placed.get("contact-1");
    if (contact) contact.connectedAt = answered.connectedToSystemTimestamp;
    await world.track(anEvent("INITIATED", "contact-1"));
    expect(await world.state("r-1")).toBe("connected");
  });

  it("that only adds facts is no change, and kept for the end", async () => {
    const world = await aCall();
    await world.track(anEvent("CONNECTED_TO_SYSTEM", "contact-1", answered));
    const { revision, updatedAt } = await world.record("r-1");
    world.advance(seconds(20));
    await world.track(anEvent("CONNECTED_TO_AGENT", "contact-1", agent));
    expect(await world.record("r-1")).toMatchObject({
      revision,
      updatedAt,
      agentConnectedAt: agent.agentInfo.connectedToAgentTimestamp,
    });
    expect(world.told()).toEqual([["connected", 1]]);
  });

  it("of a call whose dial got no answer says when it was placed, and nothing any more of the doubt", async () => {
    const world = await aCall({ connect: "lost" });
    expect((await world.record("r-1")).reason).toContain("no clear answer");
    world.advance(seconds(30));
    const placedAt = iso(world.time);
    await world.track(anEvent("INITIATED", "contact-1"));
    expect(await world.record("r-1")).toMatchObject({ state: "placed", placedAt });
    world.advance(seconds(5));
    await world.track(anEvent("CONNECTED_TO_SYSTEM", "contact-1", answered));
    expect(await world.record("r-1")).toMatchObject({ state: "connected", placedAt });
    expect(world.notices.map(({ reason }) => reason)).toEqual([undefined, undefined]);
  });

  it("is the last for long: the call is asked after in its time, and not before", async () => {
    const world = await aCall({ connect: "lost" });
    world.advance(seconds(30));
    await world.track(anEvent("INITIATED", "contact-1"));
    world.hangUp("contact-1", { disconnectReason: "TELECOM_BUSY" });
    world.advance(minutes(9.9));
    await world.release();
    expect(await world.state("r-1")).toBe("placed");
    world.advance(minutes(0.1));
    await world.release();
    expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "busy" });
  });
});

describe("the end of a call", () => {
  it.each([
    ["busy", { disconnectReason: "TELECOM_BUSY" }],
    ["answered-flow", answered],
    ["stopped", { disconnectReason: "TELECOM_ORIGINATOR_CANCEL" }],
  ])("as %s is put down without asking Connect, where the event tells", async (outcome, facts) => {
    const world = await aCall();
    if (outcome === "stopped") await world.stop({ stopId: "s-1", requestId: "r-1" });
    world.lookupFails = true;
    await world.track(anEvent("DISCONNECTED", "contact-1", facts));
    expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome });
  });

  it("is put down as unknown where Connect knows no reason either", async () => {
    const world = await aCall();
    world.hangUp("contact-1");
    await world.track(anEvent("DISCONNECTED", "contact-1"));
    expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "unknown" });
  });

  it("gives a reason only where it was a stop, which may have none", async () => {
    for (const stopped of [false, true]) {
      const world = await aCall();
      if (stopped) await world.stop({ stopId: "s-1", requestId: "r-1" });
      const disconnectReason = stopped ? "TELECOM_ORIGINATOR_CANCEL" : "TELECOM_BUSY";
      await world.track(anEvent("DISCONNECTED", "contact-1", { disconnectReason }));
      expect(world.notices.at(-1)?.reason).toBe(stopped ? "stopped" : undefined);
    }
  });

  it("is told once: time brings nothing more, not even where its outcome is corrected", async () => {
    const world = await aCall();
    await world.track(busy);
    world.advance(minutes(11));
    await world.release();
    await world.track(aRecord("TELECOM_PROBLEM", world.time));
    world.advance(minutes(11));
    await world.release();
    expect(world.notices.map(({ state, outcome }) => [state, outcome])).toEqual([
      ["ended", "busy"],
      ["ended", "network-problem"],
    ]);
  });

  it("stays as it is where a contact record tells nothing of it", async () => {
    const world = await aCall();
    await world.track(busy);
    const known = await world.record("r-1");
    await world.track(aRecord("SOMETHING_NEW", world.time));
    expect(await world.record("r-1")).toEqual(known);
    expect(world.notices).toHaveLength(1);
  });

  it("was not a stop's that came after it, whatever is told later, and without a time", async () => {
    const world = await aCall({ request: { retry: { attempts: 2, after: { "no-answer": "PT5M" } } } });
    const disconnectReason = "TELECOM_ORIGINATOR_CANCEL";
    const disconnectTimestamp = iso(world.time);
    await world.track(anEvent("DISCONNECTED", "contact-1", { disconnectReason, disconnectTimestamp }));
    world.advance(seconds(30));
    await world.stop({ stopId: "s-1", requestId: "r-1" });
    await world.track(anEvent("COMPLETED", "contact-1", { disconnectReason }));
    expect(await world.record("r-1")).toMatchObject({ stopAt: iso(world.time), outcome: "no-answer" });
  });

  it("shows how long the call has held its lease", async () => {
    const world = await aCall();
    world.advance(seconds(42));
    await world.track(busy);
    expect(world.pacer.state).toMatchObject({ ended: 1, heldMs: seconds(42) });
  });
});

describe("the retry of an ended attempt", () => {
  const request = { retry: { attempts: 2, after: { busy: "PT5M" } } };
  const endedAt = (at: number) =>
    anEvent("DISCONNECTED", "contact-1", {
      disconnectReason: "TELECOM_BUSY",
      disconnectTimestamp: iso(at),
    });

  it("waits from the call's end, however late its evidence comes", async () => {
    const world = await aCall({ request });
    const end = world.time + seconds(30);
    world.advance(minutes(3));
    await world.track(endedAt(end));
    await world.release();
    expect((await world.record("r-1")).dueAt).toBe(iso(end + minutes(5)));
  });

  it("waits from now where Connect's clock is ahead", async () => {
    const world = await aCall({ request });
    await world.track(endedAt(world.time + minutes(60)));
    await world.release();
    expect((await world.record("r-1")).dueAt).toBe(iso(world.time + minutes(5)));
  });

  it("comes also where only a corrected outcome asks for it", async () => {
    const world = await aCall({ request });
    await world.track(anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_PROBLEM" }));
    await world.release();
    expect(await world.state("r-1")).toBe("ended");
    await world.track(aRecord("TELECOM_BUSY", world.time));
    await world.release();
    expect(await world.record("r-1")).toMatchObject({ state: "deferred", attempt: 2 });
  });

  it("does not come where the outcome is corrected in the moment that it is put on record", async () => {
    const world = await aCall({ request });
    await world.track(busy);
    meanwhile(world, "deferred", () => world.track(aRecord("TELECOM_NUMBER_INVALID", world.time)));
    for (let run = 0; run < 2; run += 1) await world.release();
    expect(await world.record("r-1")).toMatchObject({
      state: "ended",
      outcome: "invalid-number",
      attempt: 1,
    });
    expect(world.told()).toEqual([
      ["ended", 1],
      ["ended", 1],
    ]);
  });

  it("is left to the next run where the record keeps changing", async () => {
    const world = await aCall({ request });
    await world.track(busy);
    let updates = 0;
    meanwhile(
      world,
      "deferred",
      async () => {
        updates += 1;
        if (updates < 20) await world.update(anUpdate(`${updates}`));
      },
      { each: true },
    );
    expect((await world.release()).failures).toHaveLength(1);
    for (let run = 0; run < 3; run += 1) await world.release();
    expect(await world.record("r-1")).toMatchObject({ state: "deferred", attempt: 2 });
  });

  it("never comes once the request was stopped, which leaves the end as it was told", async () => {
    const world = await aCall({ request });
    await world.track(busy);
    await world.stop({ stopId: "s-1", requestId: "r-1" });
    await world.release();
    expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "busy", attempt: 1 });
    expect(world.told()).toEqual([["ended", 1]]);
  });

  it("parts with no contact where there is none, or where no update was for it", async () => {
    const ended = await aCall({ request });
    await ended.track(busy);
    const lost = await aCall({ request: { onUnknown: "redial" }, connect: "lost" });
    await lost.update(anUpdate("gold"));
    lost.advance(minutes(11));
    for (const world of [ended, lost]) {
      expect(await world.release()).toMatchObject({ failures: [] });
      expect(await world.record("r-1")).toMatchObject({ state: "deferred", attempt: 2 });
      expect([...world.contacts.records.keys()]).toEqual(["r-1"]);
      expect(world.sends).toEqual([]);
    }
  });
});
