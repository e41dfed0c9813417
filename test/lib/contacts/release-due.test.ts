import { describe, expect, it } from "vitest";
import { aCallRequest, aDelivery, minutes, seconds } from "../../support/builders.ts";
import { anEvent, World } from "../../support/world.ts";

describe("release-due", () => {
  it("sends what falls due within the minute, with its exact delay, and nothing else", async () => {
    const world = new World();
    await world.startOne(aCallRequest({ requestId: "soon", notBefore: "2026-11-24T12:00:42Z" }));
    await world.startOne(aCallRequest({ requestId: "later", notBefore: "2026-11-24T12:01:30Z" }));

    expect(await world.release()).toMatchObject({ released: 1, failures: [] });

    expect(world.released).toMatchObject([{ requestId: "soon", delaySeconds: 42 }]);
  });

  it("sends a request once, and once more only when it was not dialled for a quarter of an hour", async () => {
    const world = new World();
    await world.startOne(aCallRequest({ notBefore: "2026-11-24T12:00:42Z" }));
    for (let minute = 0; minute < 15; minute += 1) {
      await world.release();
      world.advance(minutes(1));
    }
    expect(world.released).toHaveLength(1);
    world.advance(minutes(1));
    await world.release();
    expect(world.released).toHaveLength(2);
  });

  it("sends the request so that start-contact knows it again", async () => {
    const world = new World();
    await world.startOne(
      aCallRequest({
        destination: "(206) 555-0100",
        destinationCountry: "US",
        notBefore: "2026-11-24T12:00:42Z",
      }),
    );
    await world.release();
    world.advance(seconds(42));
    const [released] = world.released;
    const delivery = aDelivery(released?.body ?? "");
    expect((await world.start([delivery])).get(delivery.messageId)?.kind).toBe("placed");
  });

  it("expires what was not dialled in its time, and says so", async () => {
    const world = new World();
    await world.startOne(
      aCallRequest({ notBefore: "2026-11-24T13:00:00Z", expiresAt: "2026-11-24T13:00:10Z" }),
    );
    world.advance(minutes(61));
    expect(await world.release()).toMatchObject({ expired: 1, released: 0 });
    expect(world.notices.at(-1)).toMatchObject({ state: "expired" });
  });

  it("makes a lapsed claim unknown, and parks it when no evidence came by the deadline", async () => {
    const world = new World();
    await world.start([aDelivery(aCallRequest())], { killAt: 3 }).catch(() => undefined);
    expect(await world.state("r-1")).toBe("dialling");

    world.advance(minutes(1));
    expect(await world.release()).toMatchObject({ lapsed: 1 });
    expect(await world.state("r-1")).toBe("unknown");
    expect(Object.keys(world.pacer.state.leases)).toHaveLength(1);

    world.advance(minutes(10));
    expect(await world.release()).toMatchObject({ parked: 1 });
    expect(await world.state("r-1")).toBe("parked");
    expect(world.notices.map(({ state }) => state)).toEqual(["unknown", "parked"]);
    expect(world.pacer.state.leases).toEqual({});
    expect(world.dials).toEqual([]);
  });

  it("settles an unknown attempt by evidence before the deadline, and a parked one after it", async () => {
    for (const wait of [minutes(1), minutes(30)]) {
      const world = new World({ connect: ["lost"] });
      await world.startOne(aCallRequest());
      world.advance(wait);
      await world.release();
      await world.track(anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_BUSY" }));
      expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "busy" });
    }
  });

  it("redials after the deadline only where the producer asked for it, as a new attempt, and says at what risk", async () => {
    const world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest({ onUnknown: "redial" }));
    world.advance(minutes(11));
    await world.release();
    expect(await world.record("r-1")).toMatchObject({ state: "deferred", attempt: 2 });
    expect(world.notices.at(-1)).toMatchObject({
      state: "deferred",
      reason: expect.stringContaining("second time"),
    });
    expect(world.notices.map(({ state }) => state)).toEqual(["unknown", "parked", "deferred"]);
  });

  it("asks after a call that is silent for long, and ends it as Connect says", async () => {
    const world = new World();
    await world.startOne(aCallRequest());
    world.advance(minutes(11));
    await world.release();
    expect(await world.state("r-1")).toBe("placed");
    world.hangUp("contact-1", { disconnectReason: "TELECOM_TIMEOUT" });
    world.advance(minutes(11));
    await world.release();
    expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "no-answer" });
    expect(world.pacer.state.leases).toEqual({});
  });

  it("ends a call as unknown that Connect no longer knows", async () => {
    const world = new World();
    await world.startOne(aCallRequest());
    world.placed.clear();
    world.advance(minutes(11));
    await world.release();
    expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "unknown" });
  });

  it("tells at the next run what could not be announced", async () => {
    const world = new World();
    await world.startOne(
      aCallRequest({ notBefore: "2026-11-24T13:00:00Z", expiresAt: "2026-11-24T13:00:10Z" }),
    );
    world.advance(minutes(61));
    world.noticesFail = true;
    expect((await world.release()).failures).toHaveLength(1);
    world.noticesFail = false;
    world.advance(minutes(1));
    await world.release();
    expect(world.notices.at(-1)).toMatchObject({ state: "expired" });
    const told = world.notices.length;
    world.advance(minutes(1));
    await world.release();
    expect(world.notices).toHaveLength(told);
  });

  it("tells of an ended attempt before the next takes its place, even if its own notice was lost", async () => {
    const world = new World();
    await world.startOne(aCallRequest({ retry: { attempts: 2, after: { busy: "PT5M" } } }));
    world.noticesFail = true;
    await world.track(anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_BUSY" }));
    expect((await world.release()).failures).toHaveLength(1);
    expect(await world.state("r-1")).toBe("ended");
    world.noticesFail = false;
    await world.release();
    expect(await world.record("r-1")).toMatchObject({ state: "deferred", attempt: 2 });
    expect(world.told()).toEqual([
      ["placed", 1],
      ["ended", 1],
      ["deferred", 2],
    ]);
  });

  it("announces every change that it makes itself, wherever SNS fails in between", async () => {
    for (let failing = 1; failing <= 4; failing += 1) {
      const world = new World({ connect: ["lost"] });
      await world.startOne(aCallRequest({ onUnknown: "redial" }));
      world.advance(minutes(11));
      world.failNotice(failing);
      for (let run = 0; run < 4; run += 1) await world.release();
      expect(world.told()).toEqual([
        ["unknown", 1],
        ["parked", 1],
        ["deferred", 2],
      ]);
      expect(await world.state("r-1")).toBe("deferred");
    }
  });

  it("announces the end of a silent call at the next run when SNS failed", async () => {
    const world = new World();
    await world.startOne(aCallRequest());
    world.hangUp("contact-1", { disconnectReason: "TELECOM_TIMEOUT" });
    world.advance(minutes(11));
    world.noticesFail = true;
    await world.release();
    expect(await world.state("r-1")).toBe("ended");
    world.noticesFail = false;
    await world.release();
    expect(world.told()).toEqual([
      ["placed", 1],
      ["ended", 1],
    ]);
    await world.release();
    expect(world.notices).toHaveLength(2);
  });

  it("sends a retry that is due at once in the same run", async () => {
    const world = new World();
    await world.startOne(aCallRequest({ retry: { attempts: 2, after: { busy: "PT5S" } } }));
    await world.track(anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_BUSY" }));
    expect(await world.release()).toMatchObject({ released: 1, failures: [] });
    expect(world.released).toMatchObject([{ delaySeconds: 5 }]);
  });

  it("frees the lease of a worker that died before its claim, and only that", async () => {
    const world = new World();
    await world.start([aDelivery(aCallRequest({ requestId: "dead" }))], { killAt: 2 }).catch(() => undefined);
    await world.startOne(aCallRequest({ requestId: "alive" }));
    expect(Object.keys(world.pacer.state.leases)).toHaveLength(2);
    world.advance(minutes(2));
    expect(await world.release()).toMatchObject({ leasesFreed: 1 });
    expect(Object.keys(world.pacer.state.leases)).toEqual([(await world.record("alive")).lease]);
  });

  it("frees all orphaned leases", async () => {
    const world = new World({ pace: { ratePerSecond: 100, burst: 100, activeCalls: 1_000 } });
    const leases = Array.from({ length: 350 }, (_, index) => `dead-${index}#1@x`);
    await world.pacer.take(leases, minutes(1));
    world.advance(minutes(2));
    expect(await world.release()).toMatchObject({ leasesFreed: 350, failures: [] });
    expect(world.pacer.state.leases).toEqual({});
  });

  it("goes on with the others when one fails, and tells which", async () => {
    const world = new World();
    for (const requestId of ["a", "b", "c"]) await world.startOne(aCallRequest({ requestId }));
    world.advance(minutes(11));
    const failing = (await world.record("b")).contactId;
    for (const contactId of world.placed.keys())
      world.hangUp(contactId, { disconnectReason: "TELECOM_BUSY" });
    const steps = world.trackSteps();
    world.trackSteps = () => ({
      ...steps,
      lookup: {
        describe: async (id) =>
          id === failing ? Promise.reject(new Error("broken")) : steps.lookup.describe(id),
      },
    });
    expect(await world.release()).toMatchObject({ settled: 2, failures: [{ requestId: "b" }] });
  });
});
