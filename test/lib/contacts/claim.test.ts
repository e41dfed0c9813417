import { describe, expect, it } from "vitest";
import type { Contacts } from "../../../lib/contacts/contacts.ts";
import { iso } from "../../../lib/contacts/contacts.ts";
import { aCallRequest, aDelivery, days, minutes, seconds } from "../../support/builders.ts";
import { World } from "../../support/world.ts";

const notNow = { kind: "not-now", why: "rate" } as const;

let updates = 0;
const anUpdate = (attributes: Record<string, string>) => {
  updates += 1;
  return { updateId: `u-${updates}`, requestId: "r-1", attributes, occurredAt: "2026-11-24T11:00:00.000Z" };
};

/** A request that waited for its time, which has come. */
async function aDueWorld({ connect = [] as (typeof notNow)[] } = {}) {
  const world = new World({ connect });
  const body = aCallRequest({ notBefore: iso(world.time + minutes(5)) });
  await world.startOne(body);
  world.advance(minutes(5));
  world.notices.length = 0;
  return { world, body };
}

/** What each change of the table is to be like. */
function changing(world: World, change: (write: () => ReturnType<Contacts["change"]>) => Promise<unknown>) {
  const original = world.contacts.change.bind(world.contacts);
  Object.assign(world.contacts, {
    change: (...args: Parameters<Contacts["change"]>) =>
      args[0].to === "dialling" && !args[0].amend ? change(() => original(...args)) : original(...args),
  });
}

describe("a claim", () => {
  it("is not taken for lapsed before its worker is gone for certain", async () => {
    const world = new World();
    const delivery = aDelivery(aCallRequest());
    await world.start([delivery], { killAt: 3, forMs: seconds(30) }).catch(() => undefined);
    world.advance(seconds(31.9));
    const again = await world.start([{ ...delivery, redelivered: true }]);
    expect(again.get(delivery.messageId)).toMatchObject({ kind: "under-way" });
    expect(await world.release()).toMatchObject({ lapsed: 0 });
    world.advance(seconds(0.1));
    expect(await world.release()).toMatchObject({ lapsed: 1 });
  });

  it("says nothing any more of why the request has waited, and for what", async () => {
    const { world, body } = await aDueWorld();
    world.duringDials.push(async () => {
      const record = await world.record("r-1");
      expect([record.state, record.reason, record.dueAt]).toEqual(["dialling", undefined, undefined]);
    });
    expect(await world.startOne(body)).toMatchObject({ kind: "placed" });
    expect(world.notices[0]).not.toHaveProperty("dueAt");
  });

  it("takes along an update that comes between the look and the claim", async () => {
    const { world, body } = await aDueWorld();
    world.whileWaiting.push(() => world.update(anUpdate({ tier: "gold" })));
    expect(await world.startOne(body)).toMatchObject({ kind: "placed" });
    expect(world.placed.get("contact-1")?.attributes).toMatchObject({ tier: "gold" });
  });

  it("is known again by the worker whose write was repeated after its answer was lost, with an update upon it", async () => {
    const { world, body } = await aDueWorld();
    changing(world, async (write) => {
      await write();
      await world.update(anUpdate({ tier: "gold" }));
      return write();
    });
    expect(await world.startOne(body)).toMatchObject({ kind: "placed" });
    expect(world.dials).toHaveLength(1);
  });

  it("is lost to a worker that was quicker, also where the request waits again by now, with an update upon it", async () => {
    const { world, body } = await aDueWorld({ connect: [notNow] });
    world.whileWaiting.push(async () => {
      await world.startOne(body);
      await world.update(anUpdate({ tier: "gold" }));
    });
    expect(await world.startOne(body)).toMatchObject({ kind: "replayed" });
    expect(world.dials).toEqual([]);
    expect(await world.record("r-1")).toMatchObject({ state: "deferred", postponed: 1 });
    expect(world.pacer.state.leases).toEqual({});
  });

  it("is given up where the record keeps changing, and the message comes again", async () => {
    const { world, body } = await aDueWorld();
    let changes = 0;
    changing(world, async (write) => {
      changes += 1;
      if (changes < 100) await world.update(anUpdate({ tier: `${changes}` }));
      return write();
    });
    expect((await world.startOne(body)).kind).toBe("failed");
    expect(world.dials).toEqual([]);
  });
});

describe("the age of a token", () => {
  it.each([
    ["at once", {}, 0],
    ["after its time had come", { notBefore: "2026-11-24T12:05:00Z" }, minutes(5)],
  ])("counts from the first time that it was sent: %s", async (_, fields, wait) => {
    const world = new World({ connect: [notNow, notNow] });
    const body = aCallRequest(fields);
    await world.startOne(body);
    world.advance(wait);
    if (wait > 0) await world.startOne(body);
    world.advance(days(4));
    await world.startOne(body);
    expect(await world.record("r-1")).toMatchObject({ state: "deferred", attempt: 1, postponed: 2 });
    world.advance(days(3));
    await world.startOne(body);
    expect(await world.record("r-1")).toMatchObject({ state: "placed", attempt: 2 });
  });

  it("begins anew with the token of the renumbered attempt", async () => {
    const world = new World({ connect: [notNow, notNow] });
    await world.startOne(aCallRequest());
    world.advance(days(7));
    await world.startOne(aCallRequest());
    world.advance(days(3));
    await world.startOne(aCallRequest());
    expect(await world.record("r-1")).toMatchObject({ state: "placed", attempt: 2 });
  });
});
