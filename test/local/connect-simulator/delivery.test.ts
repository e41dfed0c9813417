import { describe, expect, it } from "vitest";
import type { ContactEventEnvelope, EventSettings } from "../../../local/connect-simulator/simulator.ts";
import { aCentre, minutes } from "./support.ts";

const calls = 20;

async function eventsUnder(settings: EventSettings): Promise<ContactEventEnvelope[]> {
  const centre = await aCentre({ startAt: new Date("2026-11-23T10:00:00Z") });
  centre.simulator.events(settings);
  for (let call = 0; call < calls; call += 1) await centre.call();
  await centre.advance(minutes(10));
  return centre.events;
}

const shape = (events: ContactEventEnvelope[]) => events.map(({ time, detail }) => [time, detail.eventType]);
const distinct = (events: ContactEventEnvelope[]) => new Set(events.map(({ id }) => id)).size;
const byContact = (events: ContactEventEnvelope[]) => [
  ...Map.groupBy(events, ({ detail }) => detail.contactId).values(),
];
const inOrder = (events: ContactEventEnvelope[]) =>
  byContact(events).every((own) => own.every(({ time }, index) => time >= (own[index - 1]?.time ?? "")));

describe("the delivery of contact events", () => {
  it("is complete, and in order for each contact, when undisturbed", async () => {
    const events = await eventsUnder({});
    expect(events).toHaveLength(calls * 6);
    expect(distinct(events)).toBe(calls * 6);
    expect(inOrder(events)).toBe(true);
  });

  it("loses a fraction, or all", async () => {
    expect(await eventsUnder({ lose: 1 })).toEqual([]);
    const some = await eventsUnder({ lose: 0.5, seed: 3 });
    expect(some.length).toBeGreaterThan(calls);
    expect(some.length).toBeLessThan(calls * 5);
  });

  it("sends copies under the same id", async () => {
    const events = await eventsUnder({ duplicate: 1 });
    expect(events).toHaveLength(calls * 12);
    expect(distinct(events)).toBe(calls * 6);
  });

  it("lets events overtake each other, and loses none by it", async () => {
    const events = await eventsUnder({ shuffle: 0.5 });
    expect(distinct(events)).toBe(calls * 6);
    expect(inOrder(events)).toBe(false);
    expect(byContact(events).some((one) => one[0]?.detail.eventType !== "INITIATED")).toBe(true);
  });

  it("comes late on the simulated clock", async () => {
    const centre = await aCentre();
    centre.simulator.events({ maxDelayMs: 10_000 });
    await centre.call();
    expect(centre.events).toEqual([]);
    await centre.advance(10);
    expect(centre.events[0]?.detail.eventType).toBe("INITIATED");
  });

  it("is disturbed in the same way by the same seed", async () => {
    const settings = { lose: 0.3, duplicate: 0.3, shuffle: 0.3, maxDelayMs: 5_000 };
    const [first, again, other] = await Promise.all([
      eventsUnder({ ...settings, seed: 1 }),
      eventsUnder({ ...settings, seed: 1 }),
      eventsUnder({ ...settings, seed: 2 }),
    ]);
    expect(shape(first)).toEqual(shape(again));
    expect(shape(first)).not.toEqual(shape(other));
  });

  it("leaves out the reason, or takes the odd shapes of AWS's samples, when asked to", async () => {
    const bare = await eventsUnder({ withoutReason: 1 });
    expect(bare.some(({ detail }) => detail.disconnectReason !== undefined)).toBe(false);
    const odd = await eventsUnder({ odd: 1 });
    expect(odd[0]?.detail).toMatchObject({
      channel: "Voice",
      disconnectTimestamp: "1970-01-01T00:00:00.001Z",
    });
  });

  it("is tried again when the receiver fails, with a warning each time", async () => {
    let failures = 2;
    const received: ContactEventEnvelope[] = [];
    const centre = await aCentre({
      deliverEvent: async (envelope) => {
        failures -= 1;
        if (failures >= 0) throw new Error("queue is away");
        received.push(envelope);
      },
    });
    await centre.call();
    await expect.poll(() => received).toHaveLength(1);
    expect(centre.warnings).toEqual([
      expect.stringContaining("queue is away"),
      expect.stringContaining("queue is away"),
    ]);
  });

  it("is given up in the end, and says so", async () => {
    const centre = await aCentre({
      deliverEvent: async () => {
        throw new Error("queue is away");
      },
    });
    await centre.call();
    await expect.poll(() => centre.warnings.at(-1), { timeout: 5_000 }).toMatch(/^INITIATED .* is given up/);
  });

  it("does not keep the simulator from ending when the receiver never answers", async () => {
    const centre = await aCentre({ deliverEvent: () => new Promise(() => {}) });
    await centre.call();
    const before = performance.now();
    await centre.simulator.stop();
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

describe("the delivery of contact records", () => {
  it("can lose them and send them twice", async () => {
    for (const [settings, expected] of [
      [{ loseRecords: 1 }, 0],
      [{ duplicateRecords: 1 }, 2],
    ] as const) {
      const centre = await aCentre();
      centre.simulator.events(settings);
      await centre.call();
      await centre.advance(minutes(10));
      expect(centre.records).toHaveLength(expected);
      expect(centre.events).toHaveLength(6);
    }
  });
});
