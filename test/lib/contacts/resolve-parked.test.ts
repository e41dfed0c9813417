import { describe, expect, it } from "vitest";
import type { Change, Contacts, Written } from "../../../lib/contacts/contacts.ts";
import type { Release } from "../../../lib/contacts/release-due.ts";
import { type ResolveSteps, resolveParked } from "../../../lib/contacts/resolve-parked.ts";
import { aCallRequest, aDelivery, minutes } from "../../support/builders.ts";
import { anEvent, World } from "../../support/world.ts";

const redial = { kind: "redial" } as const;
const closeAs = (outcome: "no-answer" | "busy" | "stopped") => ({ kind: "close", outcome }) as const;

/** A world whose only request was dialled, never answered for, and parked. */
async function aParkedWorld(request: Parameters<typeof aCallRequest>[0] = {}) {
  const world = new World({ connect: ["lost"] });
  await world.startOne(aCallRequest(request));
  world.advance(minutes(11));
  await world.release();
  expect(await world.state("r-1")).toBe("parked");
  world.notices.length = 0;
  const sent: Release[] = [];
  const { contacts, notices, now, patience } = world.trackSteps();
  const callRequests = { send: async (releases: Release[]) => void sent.push(...releases) };
  const steps: ResolveSteps = { contacts, notices, now, patience, callRequests };
  return { world, steps, sent };
}

/** Something else happens after the look and before the write. */
function meanwhile(contacts: Contacts, happens: () => Promise<unknown>): Contacts {
  let happened = false;
  return new Proxy(contacts, {
    get(target, name) {
      if (name !== "change" || happened) return Reflect.get(target, name).bind(target);
      return async (change: Change, now: number): Promise<Written> => {
        happened = true;
        await happens();
        return target.change(change, now);
      };
    },
  });
}

describe("an operator's redial", () => {
  it("is a new attempt, due now, told and sent at once", async () => {
    const { world, steps, sent } = await aParkedWorld();

    expect(await resolveParked("r-1", redial, steps)).toMatchObject({
      kind: "resolved",
      repeated: false,
      noticePublished: true,
      sent: true,
    });

    expect(await world.record("r-1")).toMatchObject({ state: "deferred", attempt: 2 });
    expect(world.notices).toMatchObject([{ state: "deferred", attempt: 2 }]);
    expect(await world.startOne(sent[0]?.body)).toMatchObject({ kind: "placed" });
    expect(world.dials.map(({ clientToken }) => clientToken)).toHaveLength(2);
    expect(new Set(world.dials.map(({ clientToken }) => clientToken)).size).toBe(2);
  });

  it("dials once, however often it is repeated and by however many operators", async () => {
    const { world, steps, sent } = await aParkedWorld();
    await Promise.all([resolveParked("r-1", redial, steps), resolveParked("r-1", redial, steps)]);
    expect(await resolveParked("r-1", redial, steps)).toMatchObject({ kind: "resolved", repeated: true });

    const copies = sent.map(({ body }) => aDelivery(body));
    await Promise.all(copies.map((copy) => world.start([copy])));

    expect(copies.length).toBeGreaterThan(1);
    expect(world.dials).toHaveLength(2);
    const deferred = world.notices.filter(({ state }) => state === "deferred");
    expect(new Set(deferred.map(({ noticeId }) => noticeId)).size).toBe(1);
  });

  it("is left to release-due when it cannot be sent", async () => {
    const { world, steps } = await aParkedWorld();
    const callRequests = { send: async () => Promise.reject(new Error("SQS is down")) };

    expect(await resolveParked("r-1", redial, { ...steps, callRequests })).toMatchObject({
      noticePublished: true,
      sent: false,
    });

    expect(await world.release()).toMatchObject({ released: 1 });
  });

  it("is refused for a request whose time has passed: it would never be dialled", async () => {
    const { world, steps, sent } = await aParkedWorld({ expiresAt: "2026-11-24T12:05:00Z" });
    expect(await resolveParked("r-1", redial, steps)).toMatchObject({ kind: "too-late" });
    expect(await world.state("r-1")).toBe("parked");
    expect(sent).toEqual([]);
  });
});

describe("an operator's close", () => {
  it("is the end, told once", async () => {
    const { world, steps, sent } = await aParkedWorld();

    expect(await resolveParked("r-1", closeAs("no-answer"), steps)).toMatchObject({ kind: "resolved" });

    expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "no-answer", attempt: 1 });
    expect(world.notices).toMatchObject([{ state: "ended", outcome: "no-answer" }]);
    expect(sent).toEqual([]);
    await world.release();
    expect(world.notices).toHaveLength(1);
  });

  it("is told when it is repeated, where its notice failed", async () => {
    const { world, steps } = await aParkedWorld();
    world.noticesFail = true;
    expect(await resolveParked("r-1", closeAs("stopped"), steps)).toMatchObject({ noticePublished: false });
    world.noticesFail = false;

    expect(await resolveParked("r-1", closeAs("stopped"), steps)).toMatchObject({
      repeated: true,
      noticePublished: true,
    });
    expect(world.notices).toMatchObject([{ state: "ended", outcome: "stopped", attempt: 1 }]);
  });

  it("is told by release-due, where its notice failed and nobody repeats it", async () => {
    const { world, steps } = await aParkedWorld();
    world.noticesFail = true;
    await resolveParked("r-1", closeAs("stopped"), steps);
    world.noticesFail = false;
    world.advance(minutes(1));
    await world.release();
    expect(world.notices).toMatchObject([{ state: "ended", outcome: "stopped" }]);
  });

  it("is not undone by a retry policy, nor by late evidence, which only corrects the outcome", async () => {
    const retry = { attempts: 3, after: { busy: "PT1M", "no-answer": "PT1M" } };
    const { world, steps } = await aParkedWorld({ retry });
    await resolveParked("r-1", closeAs("busy"), steps);

    await world.track(anEvent("INITIATED", "contact-1"));
    await world.release();
    const disconnectTimestamp = new Date(world.time).toISOString();
    const late = { disconnectTimestamp, disconnectReason: "TELECOM_TIMEOUT" };
    await world.track(anEvent("DISCONNECTED", "contact-1", late));
    world.advance(minutes(10));
    await world.release();

    expect(await world.record("r-1")).toMatchObject({ state: "ended", attempt: 1, outcome: "no-answer" });
  });

  it("leaves a replay a replay", async () => {
    const request = { retry: { attempts: 3, after: { busy: "PT1M" } } };
    const { world, steps } = await aParkedWorld(request);
    await resolveParked("r-1", closeAs("busy"), steps);
    expect(await world.startOne(aCallRequest(request))).toMatchObject({ kind: "replayed" });
  });
});

describe("a decision about a request that is not parked", () => {
  it.each([redial, closeAs("stopped")])("does nothing: $kind", async (decision) => {
    const { world, steps, sent } = await aParkedWorld();
    const evidence = anEvent("CONNECTED_TO_SYSTEM", "contact-1");
    const contacts = meanwhile(steps.contacts, () => world.track(evidence));

    expect(await resolveParked("r-1", decision, { ...steps, contacts })).toMatchObject({
      kind: "conflict",
      record: { contactId: "contact-1", attempt: 1 },
    });

    expect(sent).toEqual([]);
    expect(world.notices.map(({ state }) => state)).not.toContain("deferred");
    expect(world.notices.map(({ state }) => state)).not.toContain("ended");
  });

  it("is a conflict when it was closed otherwise before", async () => {
    const { world, steps } = await aParkedWorld();
    await resolveParked("r-1", closeAs("busy"), steps);
    expect(await resolveParked("r-1", closeAs("stopped"), steps)).toMatchObject({ kind: "conflict" });
    expect(await resolveParked("r-1", redial, steps)).toMatchObject({ kind: "conflict" });
    expect(await world.record("r-1")).toMatchObject({ state: "ended", outcome: "busy" });
  });

  it("finds nothing where there is nothing", async () => {
    const { steps } = await aParkedWorld();
    expect(await resolveParked("r-2", redial, steps)).toEqual({ kind: "not-found" });
  });
});
