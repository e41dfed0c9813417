import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Description } from "../../../lib/connect/contact-centre.ts";
import { type Contacts, iso, type Written } from "../../../lib/contacts/contacts.ts";
import type { Delivery } from "../../../lib/contacts/delivery.ts";
import { valuesOf } from "../../../lib/contacts/kept-updates.ts";
import { resolveParked } from "../../../lib/contacts/resolve-parked.ts";
import { type UpdateSteps, updateAttributes } from "../../../lib/contacts/update-attributes.ts";
import { aCallRequest, aDelivery, days, minutes, seconds } from "../../support/builders.ts";
import { anEvent, World } from "../../support/world.ts";

let world: World;
beforeEach(() => {
  world = new World();
});

let updates = 0;
/** @param after seconds after noon */
const anUpdate = (attributes: Record<string, string>, after = 0, fields: Record<string, unknown> = {}) => {
  updates += 1;
  return {
    updateId: `u-${updates}`,
    requestId: "r-1",
    attributes,
    occurredAt: iso(Date.parse("2026-11-24T11:00:00Z") + seconds(after)),
    ...fields,
  };
};
const ofContact = (contactId: string) => ({ requestId: undefined, contactId });
const attributesOf = (contactId = "contact-1") => world.placed.get(contactId)?.attributes;
/** The first call meets a busy line, and Connect tells of it. */
const endBusy = async () => {
  world.hangUp("contact-1", { disconnectReason: "TELECOM_BUSY" });
  await world.track(
    anEvent("DISCONNECTED", "contact-1", {
      disconnectReason: "TELECOM_BUSY",
      disconnectTimestamp: iso(world.time),
    }),
  );
};
const large = (bytes: number) => "x".repeat(bytes);
type ToTable = Parameters<Contacts["change"]>[0];
/** The table of one worker, which has `change` in the place of what the table does. */
const tableWhere = (
  change: (write: () => Promise<Written>, asked: ToTable) => Promise<Written>,
): Contacts => {
  const inMemory = world.contacts;
  return Object.assign(Object.create(inMemory), {
    change: (asked: ToTable, now: number) => change(() => inMemory.change(asked, now), asked),
  });
};
const updateOn = async (contacts: Contacts, ...bodies: unknown[]) => {
  const steps = { ...world.updateSteps(), contacts };
  return [
    ...(
      await updateAttributes(
        bodies.map((body) => aDelivery(body)),
        steps,
        world.time + minutes(1),
      )
    ).values(),
  ];
};

describe("an update before its call is placed", () => {
  it("joins the attributes that the call is placed with, whether its request came before", async () => {
    const notBefore = iso(world.time + minutes(5));
    await world.startOne(aCallRequest({ attributes: { tier: "silver", language: "es" }, notBefore }));
    expect(await world.update(anUpdate({ tier: "gold" }))).toMatchObject([{ kind: "noted" }]);
    world.advance(minutes(5));
    await world.startOne(aCallRequest({ attributes: { tier: "silver", language: "es" }, notBefore }));
    expect(attributesOf()).toEqual({ tier: "gold", language: "es", attemptId: "r-1#1" });
    await world.deliverSends();
    expect(world.writes).toEqual([]);
  });

  it("or comes after", async () => {
    expect(await world.update(anUpdate({ tier: "gold" }), anUpdate({ language: "fr" }))).toMatchObject([
      { kind: "noted" },
      { kind: "noted" },
    ]);
    expect(await world.record("r-1")).toMatchObject({
      state: "deferred",
      reason: "its call request has not come yet",
    });
    const started = await world.startOne(aCallRequest({ attributes: { tier: "silver", shop: "7" } }));
    expect(started).toMatchObject({
      kind: "placed",
      record: { attempt: 1, requestHash: expect.any(String) },
    });
    expect((await world.record("r-1")).reason).toBeUndefined();
    expect(attributesOf()).toEqual({ tier: "gold", language: "fr", shop: "7", attemptId: "r-1#1" });
    expect(world.sends).toEqual([]);
    // And a copy of the request meets it as if nothing had been before.
    expect(await world.startOne(aCallRequest({ attributes: { tier: "silver", shop: "7" } }))).toMatchObject({
      kind: "replayed",
    });
    expect(await world.startOne(aCallRequest({ destination: "+12065550101" }))).toMatchObject({
      kind: "conflict",
    });
    expect(world.dials).toHaveLength(1);
  });

  it("leaves a request that comes later to be refused, expired or deferred as it is", async () => {
    for (const requestId of ["wrong", "late", "early"])
      await world.update(anUpdate({ a: "1" }, 0, { requestId }));
    await world.startOne(aCallRequest({ requestId: "wrong", destination: "none" }));
    await world.startOne(aCallRequest({ requestId: "late", expiresAt: iso(world.time - 1) }));
    await world.startOne(aCallRequest({ requestId: "early", notBefore: iso(world.time + days(1)) }));
    expect(await world.record("wrong")).toMatchObject({ state: "refused", attempt: 0 });
    expect(await world.record("late")).toMatchObject({ state: "expired", attempt: 0 });
    expect(await world.record("early")).toMatchObject({ state: "deferred", reason: "notBefore", attempt: 1 });
    for (const [requestId, state] of [
      ["wrong", "refused"],
      ["late", "expired"],
    ])
      expect(await world.update(anUpdate({ a: "2" }, 0, { requestId }))).toMatchObject([
        { kind: "refused", why: `the request is ${state}, so there is no contact` },
      ]);
    expect(world.sends).toEqual([]);
  });

  it("of which an operator has said how it ended, though nobody knows its contact, is refused", async () => {
    world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest());
    world.advance(minutes(11));
    await world.release();
    const callRequests = { send: async () => {} };
    await resolveParked("r-1", { kind: "close", outcome: "busy" }, { ...world.trackSteps(), callRequests });
    expect(await world.update(anUpdate({ tier: "gold" }))).toMatchObject([
      { kind: "refused", why: "the request is ended, so there is no contact" },
    ]);
  });

  it("can be stopped before its request comes, which then is not dialled for as long as after any stop", async () => {
    await world.update(anUpdate({ tier: "gold" }));
    world.advance(days(89));
    await world.stop({ stopId: "s", requestId: "r-1" });
    expect(await world.record("r-1")).toMatchObject({ attempt: 0, ttl: (world.time + days(90)) / 1_000 });
    expect(await world.startOne(aCallRequest())).toMatchObject({ kind: "cancelled" });
    expect(world.dials).toEqual([]);
  });

  it("that comes between the look and the claim is not lost", async () => {
    world.pacer.pushBack("rate");
    world.whileWaiting.push(() => world.update(anUpdate({ tier: "gold" })));
    await world.startOne(aCallRequest());
    expect(attributesOf()).toMatchObject({ tier: "gold" });
  });

  it("that comes while Connect is asked reaches the contact as soon as it is known", async () => {
    world.duringDials.push(() => world.update(anUpdate({ tier: "gold" })));
    await world.startOne(aCallRequest());
    expect(attributesOf()).not.toHaveProperty("tier");
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold" });
    expect(world.writes).toHaveLength(1);
  });

  it("that was dialled along costs no request, also where Connect's answer was lost", async () => {
    world = new World({ connect: ["lost"] });
    await world.update(anUpdate({ tier: "gold" }));
    await world.startOne(aCallRequest());
    await world.track(anEvent("INITIATED", "contact-1"));
    expect(attributesOf()).toMatchObject({ tier: "gold" });
    expect(world.sends).toEqual([]);
  });

  it("reaches a contact whose answer was lost once an event tells of it", async () => {
    world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest());
    await world.update(anUpdate({ tier: "gold" }));
    expect(world.sends).toEqual([]);
    await world.track(anEvent("INITIATED", "contact-1"));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold" });
  });

  it("goes along with the next attempt", async () => {
    const retry = { attempts: 2, after: { busy: "PT1M" } };
    await world.startOne(aCallRequest({ retry }));
    await endBusy();
    await world.release();
    await world.update(anUpdate({ tier: "gold" }));
    expect(world.sends).toEqual([]);
    world.advance(minutes(2));
    await world.startOne(aCallRequest({ retry }));
    expect(attributesOf("contact-2")).toMatchObject({ tier: "gold", attemptId: "r-1#2" });
  });
});

describe("an update of a call that was placed", () => {
  beforeEach(async () => {
    await world.startOne(aCallRequest({ attributes: { tier: "silver" } }));
  });

  it("is sent, together with all others of the contact", async () => {
    const results = await world.update(
      anUpdate({ tier: "gold" }),
      anUpdate({ language: "fr" }),
      anUpdate({ shop: "7" }),
    );
    expect(results.map(({ kind }) => kind)).toEqual(["noted", "noted", "noted"]);
    await world.update(anUpdate({ more: "yes" }));
    expect(world.sends).toHaveLength(1);
    const before = world.time;
    await world.deliverSends();
    // There was a moment for it at once, and so nothing to wait for.
    expect(world.time).toBe(before);
    expect(world.writes).toEqual([
      { contactId: "contact-1", attributes: { tier: "gold", language: "fr", shop: "7", more: "yes" } },
    ]);
    await world.update(anUpdate({ tier: "platinum" }, 5));
    await world.deliverSends();
    expect(world.writes.at(-1)).toEqual({ contactId: "contact-1", attributes: { tier: "platinum" } });
  });

  it("is of its own call alone, whatever others come in the same batch", async () => {
    await world.startOne(aCallRequest({ requestId: "r-2", destination: "+12065550101" }));
    await world.update(anUpdate({ tier: "gold" }), anUpdate({ shop: "7" }, 0, { requestId: "r-2" }));
    await world.deliverSends();
    expect(world.writes).toEqual([
      { contactId: "contact-1", attributes: { tier: "gold" } },
      { contactId: "contact-2", attributes: { shop: "7" } },
    ]);
  });

  it("may name the contact", async () => {
    await world.update(anUpdate({ tier: "gold" }, 0, ofContact("contact-1")));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold" });
    expect(await world.record("r-1")).toMatchObject({ attributeUpdates: [{ attributes: { tier: "gold" } }] });
  });

  it("is sent as well after the call has ended", async () => {
    world.hangUp("contact-1");
    await world.track(
      anEvent("DISCONNECTED", "contact-1", {
        disconnectTimestamp: iso(world.time),
        disconnectReason: "CUSTOMER_DISCONNECT",
      }),
    );
    await world.update(anUpdate({ result: "sold" }));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ result: "sold" });
    expect(await world.state("r-1")).toBe("ended");
  });

  it("never puts an older value over a newer one, and of two of one instant takes the greater id", async () => {
    await world.update(anUpdate({ tier: "new", other: "1" }, 10));
    await world.deliverSends();
    await world.update(anUpdate({ tier: "old", language: "fr" }, 5));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "new", other: "1", language: "fr" });
    expect(world.writes.at(-1)?.attributes).toEqual({ language: "fr" });
    await world.update(anUpdate({ tier: "oldest" }, 1));
    expect(world.sends).toEqual([]);
    await world.update(
      anUpdate({ tie: "b" }, 10, { updateId: "b" }),
      anUpdate({ tie: "a" }, 10, { updateId: "a" }),
    );
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tie: "b" });
  });

  it("is sent when it comes once more, as a message of its own, and the one that was to send it got lost", async () => {
    const update = anUpdate({ tier: "gold" });
    await world.update(update);
    world.sends.length = 0;
    expect(await world.record("r-1")).toMatchObject({ updatesVersion: 1, updatesQueuedAt: iso(world.time) });
    await world.update(update);
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold" });
  });

  it("that is repeated changes nothing, and asks nothing of Connect", async () => {
    const update = anUpdate({ tier: "gold" });
    await world.update(update);
    await world.deliverSends();
    const before = await world.record("r-1");
    await world.update(update, update);
    await world.deliverSends();
    expect(world.writes).toHaveLength(1);
    expect(await world.record("r-1")).toEqual(before);
  });

  it("is another one under the same updateId where it happened at another instant", async () => {
    await world.update(anUpdate({ tier: "gold" }, 1, { updateId: "tier-changed" }));
    await world.deliverSends();
    await world.update(anUpdate({ tier: "silver" }, 2, { updateId: "tier-changed" }));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "silver" });
  });

  it("is sent once, however often the message that sends it comes", async () => {
    await world.update(anUpdate({ tier: "gold" }));
    const [send] = world.sends.splice(0);
    expect(await world.update(send?.body)).toMatchObject([{ kind: "sent" }]);
    expect(await world.update(send?.body)).toMatchObject([{ kind: "nothing" }]);
    expect(world.writes).toHaveLength(1);
  });

  it("is not sent any more once its record is gone", async () => {
    await world.update(anUpdate({ tier: "gold" }));
    world.contacts.records.delete("r-1");
    const again = world.sends.splice(0).map(({ body }) => aDelivery(body, { redelivered: true }));
    expect(await world.updateAll(again)).toMatchObject([{ kind: "nothing", refused: [] }]);
    expect(world.writes).toEqual([]);
  });

  it("keeps the record for as long as any change does", async () => {
    world.advance(days(30));
    await world.update(anUpdate({ tier: "gold" }));
    expect((await world.record("r-1")).ttl).toBe((world.time + days(90)) / 1_000);
  });

  it("that comes while another is being sent is sent after it", async () => {
    await world.update(anUpdate({ tier: "gold", language: "fr" }));
    world.duringWrites.push(() => world.update(anUpdate({ tier: "platinum" }, 1), anUpdate({ shop: "7" })));
    await world.deliverSends();
    expect(world.writes.map(({ attributes }) => attributes)).toEqual([
      { tier: "gold", language: "fr" },
      { tier: "platinum", shop: "7" },
    ]);
    expect(world.sends).toEqual([]);
  });

  it("is not lost when others come at the same time", async () => {
    await Promise.all(["a", "b", "c", "d", "e"].map((key) => world.update(anUpdate({ [key]: "1" }))));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ a: "1", b: "1", c: "1", d: "1", e: "1" });
  });

  it("that is noted while another is on its way to the record as sent is sent as well", async () => {
    await world.update(anUpdate({ a: "1" }));
    const [send] = world.sends.splice(0);
    let meanwhile: Promise<unknown> | undefined;
    const contacts = tableWhere(async (write) => {
      meanwhile ??= world.update(send?.body);
      await meanwhile;
      return write();
    });
    await updateOn(contacts, anUpdate({ b: "2" }, 0, ofContact("contact-1")));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ a: "1", b: "2" });
  });

  it("is sent though the write that noted it got no answer, and another came upon it before it was repeated", async () => {
    let answered = true;
    const contacts = tableWhere(async (write) => {
      const written = await write();
      if (!answered) return written;
      answered = false;
      await world.update(anUpdate({ shop: "7" }));
      return { kind: "overtaken", record: await world.record("r-1"), repeated: true };
    });
    await updateOn(contacts, anUpdate({ tier: "gold" }));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold", shop: "7" });
  });

  it("comes back by itself where its record keeps changing, before it is noted and before it is on record as sent", async () => {
    let changes = 0;
    const contacts = tableWhere(async (write, { requestId }) => {
      changes += 1;
      return changes % 20 === 0 ? write() : { kind: "overtaken", record: await world.record(requestId) };
    });
    expect(await updateOn(contacts, anUpdate({ tier: "gold" }))).toMatchObject([{ kind: "failed" }]);
    await world.update(anUpdate({ tier: "gold" }));
    changes = 0;
    const sends = world.sends.splice(0).map(({ body }) => body);
    expect(await updateOn(contacts, ...sends)).toMatchObject([{ kind: "failed" }]);
  });

  it("is no news: the record's revision stays, and no notice is told", async () => {
    const before = await world.record("r-1");
    const told = world.notices.length;
    await world.update(anUpdate({ tier: "gold" }));
    await world.deliverSends();
    const { revision, updatedAt } = await world.record("r-1");
    expect({ revision, updatedAt }).toEqual({ revision: before.revision, updatedAt: before.updatedAt });
    expect(world.notices).toHaveLength(told);
  });
});

describe("attributes with the names of what every object has", () => {
  it("are attributes like others", async () => {
    await world.startOne(aCallRequest());
    await world.update(anUpdate({ toString: "1", valueOf: "2", hasOwnProperty: "3" }));
    await world.deliverSends();
    expect(world.writes[0]?.attributes).toEqual({ toString: "1", valueOf: "2", hasOwnProperty: "3" });
  });
});

describe("where Connect does not do as it is asked", () => {
  beforeEach(() => world.startOne(aCallRequest({ attributes: { tier: "silver" } })));

  it("sends again, behind what is in the queue, when it is too much or not clear", async () => {
    world.writeAnswers.push({ kind: "not-now" }, "lost", { kind: "unclear" });
    await world.update(anUpdate({ tier: "gold" }));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold" });
    expect(world.writes).toHaveLength(2);
  });

  it("slows all down when Connect says that it is too much, and only then", async () => {
    let slowed = 0;
    const { rate, ...steps } = world.updateSteps();
    const pushBack = async () => {
      slowed += 1;
    };
    const deliver = async () => {
      const sends = world.sends.splice(0).map(({ body }) => aDelivery(body));
      await updateAttributes(sends, { ...steps, rate: { ...rate, pushBack } }, world.time + minutes(1));
    };
    await world.update(anUpdate({ tier: "gold" }));
    world.writeAnswers.push({ kind: "unclear" }, { kind: "not-now" });
    await deliver();
    expect(slowed).toBe(0);
    await deliver();
    expect(slowed).toBe(1);
    await deliver();
    expect(slowed).toBe(1);
    expect(attributesOf()).toMatchObject({ tier: "gold" });
  });

  it("waits longer each time that there is no clear answer", async () => {
    await world.update(anUpdate({ tier: "gold" }));
    world.writeAnswers.push(...Array(3).fill({ kind: "unclear" }));
    const waited: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const before = world.time;
      await world.update(...world.sends.splice(0).map(({ body }) => body));
      waited.push(world.time - before);
    }
    expect(waited).toEqual([seconds(1), seconds(2), seconds(4)]);
  });

  it("begins no request, and goes on waiting for none, once there is no time left to carry one out", async () => {
    world.refuses = (attributes) => "bad" in attributes;
    await world.update(...Array.from({ length: 8 }, () => anUpdate({ bad: "1" })));
    const end = world.time + seconds(18);
    const latest = end - seconds(14);
    const begun: number[] = [];
    let nextAfter = seconds(1.5);
    const { rate, writer, ...others } = world.updateSteps();
    const steps: UpdateSteps = {
      ...others,
      rate: {
        ...rate,
        take: async (_, horizonMs) => (nextAfter > horizonMs ? [] : [world.time + nextAfter]),
      },
      writer: {
        write: (...asked) => {
          begun.push(world.time);
          return writer.write(...asked);
        },
      },
    };
    const deliver = () => {
      const sends = world.sends.splice(0).map(({ body }) => aDelivery(body));
      return updateAttributes(sends, steps, end);
    };
    await deliver();
    expect(begun).toEqual([latest - seconds(2.5), latest - seconds(1)]);
    await deliver();
    expect(world.time).toBe(latest);
    nextAfter = 0;
    world.writeAnswers.push({ kind: "unclear" });
    await deliver();
    expect(begun.slice(2)).toEqual([latest]);
    expect(world.time).toBe(latest);
  });

  it("waits for a moment before it asks for one again", async () => {
    world.updateSlots = () => [];
    await world.update(anUpdate({ tier: "gold" }));
    const before = world.time;
    expect(await world.update(...world.sends.splice(0).map(({ body }) => body))).toEqual([
      { kind: "later", why: "rate", refused: [] },
    ]);
    expect(world.time).toBe(before + seconds(2));
    world.updateSlots = undefined;
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold" });
  });

  it("takes no wait for a moment for an answer that was not clear", async () => {
    const gone = { kind: "refused", reason: "ResourceNotFoundException", gone: true } as const;
    world.writeAnswers.push(...Array(5).fill({ kind: "not-now" }), gone);
    await world.update(anUpdate({ tier: "gold" }));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold" });
    expect(world.refusals).toEqual([]);
  });

  it("fails in the end, so that the message comes back by itself", async () => {
    world.writeAnswers.push(...Array(4).fill({ kind: "unclear" }));
    await world.update(anUpdate({ tier: "gold" }));
    const results = [];
    for (let sends = world.sends.splice(0); sends.length > 0; sends = world.sends.splice(0))
      results.push(...(await world.update(...sends.map(({ body }) => body))));
    expect(results.map(({ kind }) => kind)).toEqual(["later", "later", "later", "failed"]);
  });

  it("sends by itself what a lost message was to send, with the next update", async () => {
    await world.update(anUpdate({ tier: "gold" }));
    world.sends.splice(0);
    world.advance(minutes(4));
    await world.update(anUpdate({ shop: "7" }));
    expect(world.sends).toEqual([]);
    world.advance(minutes(2));
    await world.update(anUpdate({ shop: "8" }, 1));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold", shop: "8" });
  });

  it("takes none of an update that Connect refuses, and all of the others", async () => {
    world.refuses = (attributes) => "bad" in attributes;
    await world.update(
      anUpdate({ good: "1" }, 0, { updateId: "good" }),
      anUpdate({ bad: "1", worse: "2" }, 0, { updateId: "bad" }),
      anUpdate({ also: "1" }),
    );
    await world.deliverSends();
    expect(world.refusals).toMatchObject([
      {
        type: "update-refused",
        updateId: "bad",
        requestId: "r-1",
        reason: "Connect: InvalidParameterException",
      },
    ]);
    expect(attributesOf()).toEqual({ tier: "silver", attemptId: "r-1#1", good: "1", also: "1" });
    await world.update(anUpdate({ later: "3" }));
    await world.deliverSends();
    expect(world.writes.at(-1)?.attributes).toEqual({ later: "3" });
    expect(await world.update(anUpdate({ bad: "1" }, 0, { updateId: "bad" }))).toMatchObject([
      { kind: "refused" },
    ]);
  });

  it("finds the one that Connect refuses among many without asking for each", async () => {
    world.refuses = (attributes) => "bad" in attributes;
    const many = Array.from({ length: 120 }, (_, index) =>
      anUpdate({ [index === 77 ? "bad" : `key-${index}`]: "1" }),
    );
    await world.update(...many);
    await world.deliverSends();
    expect(Object.keys(attributesOf() ?? {})).toHaveLength(119 + 2);
    expect(world.refusals).toHaveLength(1);
    expect(world.asked).toBeLessThan(25);
  });

  it("goes on where it was when the time or the moments run out in the midst of that", async () => {
    world.refuses = (attributes) => "bad" in attributes;
    let moments = 0;
    world.updateSlots = (count) => {
      moments += 1;
      return moments % 3 === 0 ? [] : Array(count).fill(world.time);
    };
    await world.update(
      ...Array.from({ length: 40 }, (_, index) => anUpdate({ [index === 7 ? "bad" : `key-${index}`]: "1" })),
    );
    for (let round = 0; round < 60 && world.sends.length > 0; round += 1)
      await world.update(...world.sends.splice(0).map(({ body }) => body));
    expect(world.sends).toEqual([]);
    expect(Object.keys(attributesOf() ?? {})).toHaveLength(39 + 2);
    expect(world.refusals).toHaveLength(1);
  });

  it("puts the older value back where the newer one is refused", async () => {
    world.refuses = ({ tier }) => tier === "platinum";
    await world.update(anUpdate({ tier: "gold" }, 1));
    await world.update(anUpdate({ tier: "platinum" }, 2));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold" });
    await world.update(anUpdate({ tier: "bronze" }, 0));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold" });
  });

  it("asks again about a contact that it says it does not know, and then tells the producer", async () => {
    const gone = { kind: "refused", reason: "ResourceNotFoundException", gone: true } as const;
    world.writeAnswers.push(gone);
    await world.update(anUpdate({ tier: "gold" }, 1));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold" });
    world.writeAnswers.push(...Array(4).fill(gone));
    await world.update(anUpdate({ tier: "platinum" }, 2, { updateId: "late" }));
    await world.deliverSends();
    expect(world.refusals).toMatchObject([{ updateId: "late", reason: "Connect knows no such contact" }]);
    expect(world.sends).toEqual([]);
  });

  it("says by how much an update is too large beside what a flow has set", async () => {
    const contact = world.placed.get("contact-1");
    if (contact) world.placed.set("contact-1", { ...contact, attributes: { flow: large(32_760) } });
    await world.update(anUpdate({ a: large(99) }, 0, { updateId: "big" }));
    world.writeAnswers.push({ kind: "refused", reason: "InvalidRequestException", gone: false });
    await world.deliverSends();
    expect(world.refusals).toMatchObject([
      { updateId: "big", reason: expect.stringContaining("96 bytes over the 32768") },
    ]);
  });

  it.each<[string, () => Description]>([
    ["cannot tell of the contact just now", () => ({ kind: "not-now" })],
    [
      "cannot be asked",
      () => {
        throw new Error("no network");
      },
    ],
    [
      "has just as many as it takes",
      () => ({ kind: "found", contact: { contactId: "contact-1", attributes: { flow: large(32_755) } } }),
    ],
  ])("says what Connect said where it %s", async (_, describe) => {
    await world.update(anUpdate({ bad: "123456" }, 0, { updateId: "bad" }));
    world.writeAnswers.push({ kind: "refused", reason: "InvalidParameterException", gone: false });
    const sends = world.sends.splice(0).map(({ body }) => aDelivery(body));
    const lookup = { describe: async () => describe() };
    await updateAttributes(sends, { ...world.updateSteps(), lookup }, world.time + minutes(1));
    expect(world.refusals).toMatchObject([{ updateId: "bad", reason: "Connect: InvalidParameterException" }]);
  });

  it("tells once more of a refusal whose notice may have been lost", async () => {
    await world.update(anUpdate({ bad: "1" }, 0, { updateId: "bad" }));
    const [send] = world.sends.splice(0);
    const delivery = aDelivery(send?.body);
    world.writeAnswers.push({ kind: "refused", reason: "InvalidParameterException", gone: false });
    world.noticesFail = true;
    expect(await world.updateAll([delivery])).toMatchObject([{ kind: "failed" }]);
    world.noticesFail = false;
    world.updateSlots = () => [];
    await world.updateAll([{ ...delivery, redelivered: true }]);
    world.updateSlots = undefined;
    await world.deliverSends();
    expect(new Set(world.refusals.map(({ updateId }) => updateId))).toEqual(new Set(["bad"]));
    expect(new Set(world.refusals.map(({ noticeId }) => noticeId)).size).toBe(1);
  });

  it.each([
    ["a contact that is gone", "ResourceNotFoundException", true],
    ["updates that Connect takes from nobody", "InvalidParameterException", false],
  ])(
    "tells of each refusal of %s, however many they are, though no notice gets out at first",
    async (_, reason, gone) => {
      await world.update(...Array.from({ length: 50 }, (_, index) => anUpdate({ [`k-${index}`]: "1" })));
      const [send] = world.sends.splice(0);
      world.writeAnswers.push(...Array(1_000).fill({ kind: "refused", reason, gone }));
      const delivery = aDelivery({ ...JSON.parse(send?.body ?? ""), tries: 3 });
      const again = { ...delivery, redelivered: true };
      world.noticesFail = true;
      expect(await world.updateAll([delivery])).toMatchObject([{ kind: "failed" }]);
      expect(await world.updateAll([again, aDelivery(send?.body)])).toMatchObject([
        { kind: "failed" },
        { kind: "failed" },
      ]);
      world.noticesFail = false;
      await world.updateAll([again]);
      await world.deliverSends();
      expect(new Set(world.refusals.map(({ updateId }) => updateId)).size).toBe(50);
    },
  );

  it("tells it once more of a message that comes out of the dead-letter queue as a new one", async () => {
    await world.update(anUpdate({ bad: "1" }, 0, { updateId: "bad" }));
    const [send] = world.sends.splice(0);
    world.writeAnswers.push({ kind: "refused", reason: "InvalidParameterException", gone: false });
    world.noticesFail = true;
    expect(await world.updateAll([aDelivery(send?.body)])).toMatchObject([{ kind: "failed" }]);
    world.noticesFail = false;
    world.advance(minutes(20));
    await world.update(anUpdate({ good: "1" }), send?.body);
    expect(world.refusals).toMatchObject([{ updateId: "bad" }]);
  });
});

describe("an update that names the contact of a call whose dial got no answer", () => {
  const aLostCall = async () => {
    world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest());
    expect(await world.record("r-1")).toMatchObject({ state: "unknown" });
    await world.update(anUpdate({ tier: "gold" }, 0, ofContact("contact-1")));
  };

  it("tells its request of the contact, which gets it at once", async () => {
    await aLostCall();
    expect(await world.record("r-1")).toMatchObject({ state: "unknown", contactId: "contact-1" });
    await world.update(anUpdate({ shop: "7" }));
    expect(world.sends).toHaveLength(1);
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold", shop: "7" });
  });

  it("leaves the contact that an event tells of before it is noted: there may be two of one attempt", async () => {
    world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest());
    world.placed.set("twin", { contactId: "twin", attributes: { attemptId: "r-1#1" }, clientToken: "" });
    let told = false;
    const contacts = tableWhere(async (write) => {
      if (!told) {
        told = true;
        await world.track(anEvent("INITIATED", "contact-1"));
      }
      return write();
    });
    await updateOn(contacts, anUpdate({ tier: "gold" }, 0, ofContact("twin")));
    await world.deliverSends();
    expect(await world.record("r-1")).toMatchObject({ contactId: "contact-1" });
    expect(attributesOf("twin")).toMatchObject({ tier: "gold" });
  });

  it("has Connect asked when no evidence came in time, and the noted stop carried out", async () => {
    await aLostCall();
    await world.stop({ stopId: "s-1", requestId: "r-1" });
    world.advance(minutes(11));
    await world.release();
    expect(await world.record("r-1")).toMatchObject({ state: "placed" });
    await world.deliverStops();
    expect(world.stoppedContacts).toEqual(["contact-1"]);
  });

  it("and has it put down as ended where it is over", async () => {
    await aLostCall();
    world.hangUp("contact-1", { disconnectReason: "TELECOM_BUSY" });
    world.advance(minutes(11));
    await world.release();
    expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "busy" });
    expect(world.notices.map(({ state }) => state)).toEqual(["unknown", "ended"]);
    expect(world.pacer.state.leases).toEqual({});
  });
});

describe("the limit of Connect", () => {
  const limit = 32_768;

  it("counts the whole, ours included: an update beyond it is refused with what it is over by, and none of it is applied", async () => {
    const attributes = { own: large(20_000) };
    await world.startOne(aCallRequest({ attributes }));
    const fits = anUpdate({ a: large(10_000) });
    const tooLarge = anUpdate({ b: large(2_800), tier: "gold" });
    expect(await world.update(fits, tooLarge, anUpdate({ c: "1" }))).toMatchObject([
      { kind: "noted" },
      { kind: "refused" },
      { kind: "noted" },
    ]);
    const ours = "attemptId".length + "r-1#1000000".length;
    const over =
      "own".length + 20_000 + 1 + 10_000 + 1 + 2_800 + "tier".length + "gold".length + ours - limit;
    expect(world.refusals).toMatchObject([
      {
        updateId: tooLarge.updateId,
        requestId: "r-1",
        reason: `the attributes would be ${over} bytes over the 32768 that Connect takes, ours included`,
      },
    ]);
    await world.deliverSends();
    expect(Object.keys(attributesOf() ?? {}).toSorted()).toEqual(["a", "attemptId", "c", "own"]);
  });

  it("takes what fills it to the byte", async () => {
    await world.startOne(aCallRequest());
    const ours = "attemptId".length + "r-1#1000000".length;
    await world.update(anUpdate({ full: large(limit - ours - "full".length) }));
    expect(world.refusals).toEqual([]);
    await world.deliverSends();
    expect(attributesOf()).toHaveProperty("full");
  });

  it("keeps nothing from the contact that fits, however many were refused before it", async () => {
    await world.startOne(aCallRequest());
    await world.update(anUpdate({ tier: "gold" }));
    await world.deliverSends();
    for (let index = 0; index < 4; index += 1) await world.update(anUpdate({ a: large(limit) }));
    expect(world.refusals).toHaveLength(4);
    await world.update(anUpdate({ tier: "platinum" }, 1));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "platinum" });
  });

  it("is not forgotten of one update for another that comes again and again", async () => {
    await world.startOne(aCallRequest({ attributes: { own: large(30_000) } }));
    const [one, other] = [anUpdate({ a: large(5_000) }), anUpdate({ b: large(5_000) })];
    await world.update(one);
    for (let times = 0; times < 20; times += 1) await world.update(other);
    await world.update(anUpdate({ own: "" }));
    expect(await world.update(one, other)).toMatchObject([{ kind: "refused" }, { kind: "refused" }]);
  });

  it("stays what it was told to be when the update comes once more, even if it would fit by then", async () => {
    await world.startOne(aCallRequest({ attributes: { own: large(30_000) } }));
    const refused = anUpdate({ a: large(5_000) });
    await world.update(refused);
    await world.update(anUpdate({ own: "" }));
    expect(await world.update(refused)).toMatchObject([{ kind: "refused" }]);
    await world.deliverSends();
    expect(attributesOf()).not.toHaveProperty("a");
  });

  it("is told once for each update that it refuses, not for each copy of the request", async () => {
    for (let index = 0; index < 30; index += 1)
      await world.update(anUpdate({ [`k-${index}`]: large(1_000) }, index));
    const request = aCallRequest({ attributes: { own: large(28_000) } });
    await world.startOne(request);
    const told = world.refusals.length;
    expect(told).toBe(26);
    world.advance(minutes(1));
    await world.startOne(request);
    await world.startOne(request);
    expect(world.refusals).toHaveLength(told);
    // After some minutes it may be the first copy, out of the dead-letter queue, whose notices were lost.
    world.advance(minutes(4));
    await world.startOne(request);
    expect(new Set(world.refusals.slice(told).map(({ updateId }) => updateId)).size).toBe(told);
  });

  it("is held against a value that takes the place of another, not on top of it", async () => {
    await world.startOne(aCallRequest({ attributes: { own: large(30_000) } }));
    await world.update(anUpdate({ own: large(32_000) }, 1));
    await world.update(anUpdate({ own: "" }, 2));
    await world.update(anUpdate({ other: large(32_000) }, 3));
    expect(world.refusals).toEqual([]);
  });

  it("leaves an older value that fits where the newer update does not", async () => {
    await world.update(anUpdate({ tier: "gold" }, 1));
    await world.update(anUpdate({ tier: "platinum", more: large(30_000) }, 2));
    await world.startOne(aCallRequest({ attributes: { tier: "silver", own: large(10_000) } }));
    expect(attributesOf()).toMatchObject({ tier: "gold" });
    expect(world.refusals).toHaveLength(1);
  });

  it("of what a record holds is kept as well: beyond it updates are refused, and the call goes on", async () => {
    const many = (from: number) =>
      Array.from({ length: 500 }, (_, index) =>
        anUpdate({ [`k${from + index}`]: "1" }, from + index, {
          updateId: "u".repeat(120) + String(from + index),
        }),
      );
    for (let from = 0; from < 2_000; from += 500) await world.update(...many(from));
    expect(JSON.stringify(await world.record("r-1")).length).toBeLessThan(100_000);
    expect(world.refusals.length).toBeGreaterThan(1_000);
    expect(world.refusals[0]).toMatchObject({ reason: "more updates of it are on record than can be kept" });
    expect(await world.startOne(aCallRequest())).toMatchObject({ kind: "placed" });
  });

  it("forgets what newer updates make void before it refuses for want of room", async () => {
    for (let index = 0; index < 100; index += 1) await world.update(anUpdate({ large: large(3_000) }, index));
    expect(world.refusals).toEqual([]);
    expect(JSON.stringify(await world.record("r-1")).length).toBeLessThan(100_000);
    await world.startOne(aCallRequest());
    expect(attributesOf()).toMatchObject({ large: large(3_000) });
  });

  it("is held when the request comes after its updates: the newest that do not fit are refused", async () => {
    await world.update(
      anUpdate({ old: large(5_000) }, 1, { updateId: "old" }),
      anUpdate({ new: large(5_000), also: "1" }, 2, { updateId: "new" }),
    );
    await world.startOne(aCallRequest({ attributes: { own: large(24_000) } }));
    expect(Object.keys(attributesOf() ?? {}).toSorted()).toEqual(["attemptId", "old", "own"]);
    expect(world.refusals).toMatchObject([{ updateId: "new", requestId: "r-1" }]);
  });
});

describe("a contact that is no request's present one", () => {
  const aContact = (contactId: string, attributes = {}) =>
    world.placed.set(contactId, { contactId, initiationMethod: "INBOUND", attributes, clientToken: "" });

  it("is kept as well, each key as its newest update has it", async () => {
    aContact("inbound-1", { topic: "billing" });
    await world.update(anUpdate({ tier: "new" }, 9, ofContact("inbound-1")));
    await world.update(anUpdate({ tier: "old", shop: "7" }, 1, ofContact("inbound-1")));
    await world.deliverSends();
    expect(attributesOf("inbound-1")).toEqual({ topic: "billing", tier: "new", shop: "7" });
    expect(world.writes).toHaveLength(1);
  });

  it("is refused where Connect knows none", async () => {
    expect(
      await world.update(anUpdate({ a: "1" }, 0, { ...ofContact("nobody"), updateId: "u" })),
    ).toMatchObject([{ kind: "refused" }]);
    expect(world.refusals).toMatchObject([
      { updateId: "u", contactId: "nobody", reason: "Connect knows no such contact" },
    ]);
  });

  it("is asked after later when Connect cannot tell just now", async () => {
    aContact("inbound-1");
    world.lookupFails = true;
    const before = world.time;
    expect(await world.update(anUpdate({ a: "1" }, 0, ofContact("inbound-1")))).toEqual([
      { kind: "later", why: "rate", refused: [] },
    ]);
    expect(world.time).toBe(before + seconds(2));
    world.lookupFails = false;
    await world.deliverSends();
    expect(attributesOf("inbound-1")).toMatchObject({ a: "1" });
  });

  it("is not asked after once it has had an update", async () => {
    aContact("inbound-1");
    await world.update(anUpdate({ a: "1" }, 0, ofContact("inbound-1")));
    world.lookupFails = true;
    expect(await world.update(anUpdate({ b: "2" }, 0, ofContact("inbound-1")))).toMatchObject([
      { kind: "noted" },
    ]);
    await world.deliverSends();
    expect(attributesOf("inbound-1")).toMatchObject({ a: "1", b: "2" });
  });

  it("that was an attempt before the present one gets what it was owed, and keeps what it knows", async () => {
    const retry = { attempts: 2, after: { busy: "PT0S" } };
    await world.startOne(aCallRequest({ retry }));
    await world.update(anUpdate({ tier: "gold" }, 5, ofContact("contact-1")));
    const sends = world.sends.splice(0);
    await endBusy();
    world.sends.splice(0);
    await world.release();
    await world.startOne(aCallRequest({ retry }));
    await world.update(...sends.map(({ body }) => body));
    await world.deliverSends();
    expect(attributesOf("contact-1")).toMatchObject({ tier: "gold" });
    expect(attributesOf("contact-2")).toMatchObject({ tier: "gold" });
    await world.update(anUpdate({ tier: "older" }, 1, ofContact("contact-1")));
    await world.deliverSends();
    expect(attributesOf("contact-1")).toMatchObject({ tier: "gold" });
  });

  it("that a transfer has made shares the attributes of the first of its chain", async () => {
    aContact("first");
    world.placed.set("second", {
      contactId: "second",
      initialContactId: "first",
      attributes: {},
      clientToken: "",
    });
    await world.update(anUpdate({ tier: "gold" }, 0, ofContact("second")));
    await world.deliverSends();
    expect(attributesOf("first")).toMatchObject({ tier: "gold" });
  });

  it("that was an attempt before the present one gets what names it, and the request does not", async () => {
    const retry = { attempts: 2, after: { busy: "PT0S" } };
    await world.startOne(aCallRequest({ retry }));
    await endBusy();
    await world.release();
    await world.startOne(aCallRequest({ retry }));
    await world.update(anUpdate({ note: "busy" }, 0, ofContact("contact-1")));
    await world.deliverSends();
    expect(attributesOf("contact-1")).toMatchObject({ note: "busy" });
    expect(attributesOf("contact-2")).not.toHaveProperty("note");
  });
});

describe("a call that another attempt follows", () => {
  const retry = { attempts: 2, after: { busy: "PT0S" } };
  beforeEach(() => world.startOne(aCallRequest({ retry })));
  const end = async () => {
    await endBusy();
    world.sends.splice(0);
  };

  /** @returns the message that sends it; while Connect is at that, the call is parted with and its contact gets a newer value */
  const anOlderValueOnItsWay = async () => {
    await world.update(anUpdate({ tier: "old" }, 1));
    const [send] = world.sends.splice(0);
    world.duringWrites.push(async () => {
      await end();
      await world.release();
      await world.update(anUpdate({ tier: "new" }, 2, ofContact("contact-1")));
      await world.deliverSends();
    });
    return send;
  };

  it("is parted with in the end, when the run that was to do it failed in its midst", async () => {
    await world.update(anUpdate({ tier: "gold" }, 5));
    await end();
    world.updateQueueFails = true;
    expect((await world.release()).failures).toHaveLength(1);
    world.updateQueueFails = false;
    await world.startOne(aCallRequest({ retry }));
    await world.release();
    world.advance(minutes(11));
    await world.release();
    await world.deliverSends();
    expect(attributesOf("contact-1")).toMatchObject({ tier: "gold" });
    expect(attributesOf("contact-2")).toMatchObject({ tier: "gold" });
    expect((await world.record("r-1")).parted).toBeUndefined();
  });

  it("keeps the newer of two values when the older one was on its way as they parted", async () => {
    const send = await anOlderValueOnItsWay();
    await world.update(send?.body);
    await world.deliverSends();
    expect(attributesOf("contact-1")).toMatchObject({ tier: "new" });
  });

  it("keeps it as well when yet another comes in the midst of that", async () => {
    const send = await anOlderValueOnItsWay();
    let came = false;
    const contacts = tableWhere(async (write, { requestId }) => {
      if (requestId !== "r-1" && !came) {
        came = true;
        await world.update(anUpdate({ shop: "7" }, 3, ofContact("contact-1")));
        await world.deliverSends();
      }
      return write();
    });
    expect(await updateOn(contacts, send?.body)).toMatchObject([{ kind: "sent" }]);
    await world.deliverSends();
    expect(attributesOf("contact-1")).toMatchObject({ tier: "new", shop: "7" });
  });

  it("gets what was on its way as they parted, though it has no record of its own yet", async () => {
    await world.update(anUpdate({ tier: "gold" }));
    world.duringWrites.push(async () => {
      await end();
      const add = async () => {
        throw new Error("the table cannot be reached");
      };
      Object.assign(world.contacts, { add });
      expect((await world.release()).failures).toHaveLength(1);
      Reflect.deleteProperty(world.contacts, "add");
    });
    const sends = world.sends.splice(0).map(({ body }) => body);
    expect(await world.update(...sends)).toMatchObject([{ kind: "sent" }]);
    expect(world.sends).toEqual([]);
    expect(attributesOf("contact-1")).toMatchObject({ tier: "gold" });
  });

  it("gets what names it, though it is parted with between the search for it and the note", async () => {
    await world.update(anUpdate({ first: "1" }));
    await world.deliverSends();
    let parted = false;
    const contacts = tableWhere(async (write) => {
      if (!parted) {
        parted = true;
        await end();
        await world.release();
      }
      return write();
    });
    expect(await updateOn(contacts, anUpdate({ result: "busy" }, 0, ofContact("contact-1")))).toEqual([
      { kind: "later", why: "moved", refused: [] },
    ]);
    await world.deliverSends();
    expect(attributesOf("contact-1")).toMatchObject({ result: "busy" });
    expect(valuesOf((await world.record("r-1")).attributeUpdates)).not.toHaveProperty("result");
  });

  it("does not lose its next attempt to an update that comes as it is put on record", async () => {
    await end();
    const inMemory = world.contacts;
    const change = inMemory.change.bind(inMemory);
    let updated = false;
    Object.assign(inMemory, {
      change: async (...args: Parameters<Contacts["change"]>) => {
        if (args[0].to === "deferred" && !updated) {
          updated = true;
          await world.update(anUpdate({ tier: "gold" }));
        }
        return change(...args);
      },
    });
    await world.release();
    await world.startOne(aCallRequest({ retry }));
    expect(attributesOf("contact-2")).toMatchObject({ tier: "gold" });
  });

  it("and is gone has its updates refused for good: the next attempt does not carry them", async () => {
    const gone = { kind: "refused", reason: "ResourceNotFoundException", gone: true } as const;
    world.writeAnswers.push(...Array(4).fill(gone));
    await world.update(anUpdate({ tier: "gold" }));
    await world.deliverSends();
    expect(world.refusals).toHaveLength(1);
    await end();
    await world.release();
    await world.startOne(aCallRequest({ retry }));
    expect(attributesOf("contact-2")).not.toHaveProperty("tier");
  });

  it("and is stopped meanwhile does not have refused what it carries already", async () => {
    const update = anUpdate({ tier: "gold" });
    await world.update(update, anUpdate({ language: "fr" }));
    await world.deliverSends();
    await end();
    await world.release();
    await world.stop({ stopId: "s", requestId: "r-1" });
    expect(await world.update(update)).toMatchObject([{ kind: "noted" }]);
    expect(await world.update(anUpdate({ shop: "7" }))).toMatchObject([{ kind: "refused" }]);
  });
});

describe("a leg of a transferred call of ours", () => {
  const aLeg = (attributes = {}) =>
    world.placed.set("leg", { contactId: "leg", initialContactId: "contact-1", attributes, clientToken: "" });

  it("shares the record of the call", async () => {
    await world.startOne(aCallRequest());
    aLeg({ attemptId: "r-1#1" });
    await world.update(anUpdate({ tier: "new" }, 9, ofContact("leg")));
    await world.deliverSends();
    await world.update(anUpdate({ tier: "old" }, 1));
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "new" });
  });

  it("is never taken for the contact of the call, though nothing told of that yet", async () => {
    world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest());
    aLeg({ attemptId: "r-1#1" });
    await world.update(anUpdate({ tier: "gold" }, 0, ofContact("leg")));
    expect(await world.record("r-1")).toMatchObject({ contactId: "contact-1" });
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold" });
  });

  it("waits until Connect can tell whose call it is a leg of", async () => {
    world = new World({ connect: ["lost"] });
    await world.startOne(aCallRequest());
    aLeg();
    const { lookup, ...steps } = world.updateSteps();
    const describe = async (contactId: string): Promise<Description> =>
      contactId === "contact-1" ? { kind: "not-now" } : lookup.describe(contactId);
    const delivery = aDelivery(anUpdate({ tier: "gold" }, 0, ofContact("leg")));
    await updateAttributes([delivery], { ...steps, lookup: { describe } }, world.time + minutes(1));
    await world.deliverSends();
    expect(valuesOf((await world.record("r-1")).attributeUpdates)).toEqual({ tier: "gold" });
  });
});

describe("a message of attribute-updates.fifo", () => {
  it("that cannot be understood goes to the dead-letter queue", async () => {
    const results = await world.update(
      "{",
      "[]",
      { updateId: "u" },
      { updateId: "u", requestId: "r", contactId: "c" },
    );
    expect(results.map(({ kind }) => kind)).toEqual(Array(4).fill("unusable"));
    expect(world.deadLetters).toHaveLength(4);
  });

  it("that is wrong is refused with what is wrong, and nothing of what it holds", async () => {
    const secret = "+12065550100";
    await world.update(
      anUpdate({ attemptId: secret }, 0, { updateId: "ours" }),
      anUpdate({ "not a key": secret }, 0, { updateId: "key" }),
      anUpdate({}, 0, { updateId: "none" }),
      anUpdate({ a: "1" }, 0, { updateId: "when", occurredAt: secret }),
      anUpdate({ a: "1" }, 0, { updateId: "ahead", occurredAt: iso(world.time + minutes(6)) }),
      { ...anUpdate({}, 0, { updateId: "value" }), attributes: { a: 5 } },
    );
    expect(world.refusals.map(({ updateId, problems }) => [updateId, problems])).toEqual([
      ["ours", ["attributes.attemptId must not be set: attemptId is ours"]],
      ["key", ["attributes.not a key must have a key of A-Z a-z 0-9 _ - only"]],
      ["none", ["the message needs at least one attribute"]],
      ["when", [expect.stringContaining("occurredAt must be an instant")]],
      ["ahead", ["occurredAt lies more than 5 minutes ahead"]],
      ["value", ["attributes.a must be string"]],
    ]);
    expect(new Set(world.refusals.map(({ reason }) => reason))).toEqual(new Set(["the update is wrong"]));
    expect(JSON.stringify(world.refusals)).not.toContain(secret);
  });

  it("is delivered again when it could not be dealt with, and harms nothing then", async () => {
    await world.startOne(aCallRequest());
    world.updateQueueFails = true;
    const delivery = aDelivery(anUpdate({ tier: "gold" }));
    expect(await world.updateAll([delivery])).toMatchObject([{ kind: "failed" }]);
    world.updateQueueFails = false;
    expect(await world.updateAll([{ ...delivery, redelivered: true }])).toMatchObject([{ kind: "noted" }]);
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold" });
  });

  it("is sent when it is delivered again together with one that is new", async () => {
    await world.startOne(aCallRequest());
    world.updateQueueFails = true;
    const delivery = aDelivery(anUpdate({ tier: "gold" }));
    await world.updateAll([delivery]);
    world.updateQueueFails = false;
    await world.updateAll([{ ...delivery, redelivered: true }, aDelivery(anUpdate({ shop: "7" }))]);
    await world.deliverSends();
    expect(attributesOf()).toMatchObject({ tier: "gold", shop: "7" });
  });

  it.each(readdirSync("events/attribute-updates"))(
    "is understood as in events/attribute-updates/%s",
    async (name) => {
      const body = readFileSync(`events/attribute-updates/${name}`, "utf8");
      const { contactId } = JSON.parse(body);
      if (contactId) world.placed.set(contactId, { contactId, attributes: {}, clientToken: "" });
      expect(await world.update(body)).toMatchObject([
        { kind: name.includes("wrong") ? "refused" : "noted" },
      ]);
    },
  );
});

describe("whatever comes in whatever order", () => {
  const update = fc.record({
    keys: fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 }),
    after: fc.integer({ min: 0, max: 3 }),
    tie: fc.integer({ min: 0, max: 99 }),
    named: fc.boolean(),
  });
  const killAt = fc.option(
    fc.integer({ min: 0, max: 9 }).map((half) => half / 2),
    { nil: undefined },
  );
  const mortal = fc.record({
    does: fc.constantFrom("update" as const, "send" as const),
    count: fc.integer({ min: 1, max: 4 }),
    killAt,
  });
  const whole = fc.record({
    does: fc.constantFrom("start" as const, "event" as const, "release" as const, "hang up" as const),
    count: fc.constant(1),
    killAt: fc.constant(undefined),
  });
  const step = fc.oneof({ weight: 7, arbitrary: mortal }, { weight: 2, arbitrary: whole });

  it.each([
    ["the contact", "CUSTOMER_DISCONNECT"],
    ["each contact of a call that is dialled again", "TELECOM_BUSY"],
  ])(
    "ends with the newest value of each attribute at %s",
    { timeout: 120_000 },
    async (_, disconnectReason) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(update, { maxLength: 8 }),
          // Two at a time, so that one comes into the midst of the other.
          fc.array(fc.tuple(step, step), { maxLength: 10 }),
          fc.array(fc.constantFrom("places" as const, "lost" as const), { maxLength: 1 }),
          fc.array(
            fc.constantFrom("lost" as const, { kind: "not-now" } as const, { kind: "unclear" } as const),
            { maxLength: 2 },
          ),
          fc.infiniteStream(fc.nat()),
          async (drawn, steps, connect, answers, dice) => {
            world = new World({ connect });
            world.writeAnswers.push(...answers);
            const messages = drawn.map(({ keys, after, tie, named }, index) => ({
              updateId: `${tie}-${index}`,
              ...(named ? { requestId: "r-1" } : { contactId: "contact-1" }),
              // A value tells which update it is of.
              attributes: Object.fromEntries(keys.map((key) => [key, `${tie}-${index}`])),
              occurredAt: iso(Date.parse("2026-11-24T11:00:00Z") + seconds(after)),
            }));
            // Each once or twice, in any order. One that names the contact can only come once there is one.
            const queue = shuffled([...messages, ...messages.filter(() => roll(dice, 2) === 0)], dice).map(
              (body) => aDelivery(body),
            );
            const request = aDelivery(
              aCallRequest({
                attributes: { a: "own", own: "own" },
                retry: { attempts: 2, after: { busy: "PT0S" } },
              }),
            );
            let startedBefore = false;
            const unacknowledged: Delivery[] = [];
            const deliver = async (deliveries: Delivery[], killAt?: number) => {
              const results = await world.updateAll(deliveries, killAt === undefined ? {} : { killAt });
              deliveries.forEach((delivery, index) => {
                if (results[index]?.kind === "failed")
                  unacknowledged.push({ ...delivery, redelivered: true });
              });
            };
            const start = async () => {
              await world.start([{ ...request, redelivered: startedBefore }]);
              startedBefore = true;
            };
            const does = {
              update: async (count: number, killAt?: number) => {
                const batch = queue.splice(0, count);
                if (batch.some(({ body }) => body.includes("contactId")) && !world.placed.has("contact-1")) {
                  queue.push(...batch);
                  return;
                }
                await deliver(batch, killAt);
              },
              send: async (count: number, killAt?: number) => {
                const again = unacknowledged.splice(0, count);
                await deliver(again, killAt);
                await deliver(
                  world.sends.splice(0, count).map(({ body }) => aDelivery(body)),
                  killAt,
                );
              },
              start,
              event: async () => {
                if (world.placed.has("contact-1")) await world.track(anEvent("INITIATED", "contact-1"));
              },
              "hang up": async () => {
                if (!world.placed.has("contact-1")) return;
                world.hangUp("contact-1", { disconnectReason });
                const disconnectTimestamp = iso(world.time);
                await world.track(
                  anEvent("DISCONNECTED", "contact-1", { disconnectTimestamp, disconnectReason }),
                );
              },
              release: async () => {
                world.advance(seconds(30));
                await world.release();
              },
            };
            for (const pair of steps)
              await Promise.all(pair.map(({ does: what, count, killAt }) => does[what](count, killAt)));

            // Everything that was left open comes to its end.
            await start();
            // Only where the contact is not known yet: an event must not make up for what was not sent.
            if ((await world.record("r-1")).contactId === undefined) await does.event();
            await does.release();
            await start();
            for (
              let round = 0;
              round < 50 && (queue.length > 0 || unacknowledged.length > 0 || world.sends.length > 0);
              round += 1
            ) {
              await does.update(4);
              await does.send(4);
            }
            expect([queue.length, unacknowledged.length, world.sends.length]).toEqual([0, 0, 0]);

            const present = (await world.record("r-1")).contactId;
            for (const { contactId, attributes } of world.placed.values()) {
              const own = messages.filter((one) =>
                "requestId" in one ? contactId === present : one.contactId === contactId,
              );
              for (const key of ["a", "b", "c"]) {
                const newest = own
                  .filter((one) => key in one.attributes)
                  .toSorted(byAge)
                  .at(-1);
                const has = messages.find(({ updateId }) => updateId === attributes[key]);
                // A former contact may have got more while it was the request's, and the present one what the former was sent.
                if (newest) expect(has && byAge(newest, has)).toBeLessThanOrEqual(0);
              }
              expect(attributes["own"]).toBe("own");
            }
            const attempts = world.dials.map(({ attributes }) => attributes["attemptId"]);
            expect(new Set(attempts).size).toBe(attempts.length);
            expect(world.refusals).toEqual([]);
          },
        ),
        { numRuns: 2_000, seed: 5 },
      );
    },
  );

  const ageOf = ({ occurredAt, updateId }: { occurredAt: string; updateId: string }) =>
    `${occurredAt} ${updateId}`;
  const byAge = (one: Parameters<typeof ageOf>[0], other: typeof one) =>
    ageOf(one) === ageOf(other) ? 0 : ageOf(one) < ageOf(other) ? -1 : 1;
  const roll = (dice: Iterator<number>, sides: number) => Number(dice.next().value) % sides;
  function shuffled<T>(items: T[], dice: Iterator<number>): T[] {
    const left = [...items];
    return items.map(() => left.splice(roll(dice, left.length), 1)[0] as T);
  }
});
