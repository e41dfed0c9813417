import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aCentre, type Centre } from "../support.ts";
import { anyInstance, anyStep, busyHours, midnight, take } from "./any-day.ts";
import {
  countNames,
  currentFigures,
  type Figures,
  figuresV2,
  historicalFigures,
  intervalEnd,
  resultsV2,
} from "./figures.ts";

const sum = <Name extends string>(figures: Figures<Name>, name: Name): number =>
  [...figures.values()].reduce((total, values) => total + (values[name] ?? 0), 0);

/** What must hold at any moment, read by way of the API and compared with the contacts themselves. */
async function balances(centre: Centre): Promise<void> {
  const { simulator } = centre;
  const now = new Date(simulator.clockReading().now);
  const contacts = simulator.contacts();

  const byQueue = await currentFigures(centre, ["QUEUE"]);
  const all = await currentFigures(centre);
  for (const figures of [...byQueue.values(), ...all.values()]) {
    expect((figures.AGENTS_STAFFED ?? 0) + (figures.AGENTS_NON_PRODUCTIVE ?? 0)).toBe(figures.AGENTS_ONLINE);
    expect(figures.AGENTS_AVAILABLE).toBeLessThanOrEqual(figures.AGENTS_STAFFED ?? 0);
    expect(figures.AGENTS_ERROR).toBeLessThanOrEqual(figures.AGENTS_ONLINE ?? 0);
  }
  const whole = all.get("all");
  for (const name of [
    "CONTACTS_IN_QUEUE",
    "CONTACTS_SCHEDULED",
    "AGENTS_ON_CONTACT",
    "AGENTS_ON_CALL",
    "AGENTS_AFTER_CONTACT_WORK",
  ] as const) {
    expect([name, sum(byQueue, name)]).toEqual([name, whole?.[name]]);
  }
  const inQueue = contacts.filter(({ state }) => state === "QUEUED");
  expect(whole?.CONTACTS_IN_QUEUE).toBe(inQueue.length);
  const oldest = Math.max(
    0,
    ...inQueue.map(({ enqueuedAt }) => now.getTime() - Date.parse(enqueuedAt ?? "")),
  );
  expect(whole?.OLDEST_CONTACT_AGE).toBe(oldest);
  const oldestByQueue = [...byQueue.values()].map((figures) => figures.OLDEST_CONTACT_AGE ?? 0);
  expect(Math.max(...oldestByQueue)).toBe(Math.floor(oldest / 1000));

  const span = { from: midnight, to: intervalEnd(now) };
  const history = await historicalFigures(centre, span, ["QUEUE"]);
  const total = (await historicalFigures(centre, span)).get("all");
  for (const name of countNames) expect([name, sum(history, name)]).toEqual([name, total?.[name] ?? 0]);

  const books = simulator.books();
  for (const [queueId, figures] of history) {
    const left = books.filter((book) => book.queueId === queueId);
    const callbacks = left.reduce((count, book) => count + book.leftForCallback, 0);
    const outOfQueue =
      (figures.CONTACTS_HANDLED ?? 0) -
      (figures.CONTACTS_HANDLED_OUTBOUND ?? 0) +
      (figures.CONTACTS_ABANDONED ?? 0) +
      (figures.CONTACTS_TRANSFERRED_OUT_FROM_QUEUE ?? 0) +
      callbacks;
    const waiting = inQueue.filter((contact) => contact.queueId === queueId).length;
    expect(figures.CONTACTS_QUEUED).toBe(outOfQueue + waiting);
    for (const share of [figures.SERVICE_LEVEL, figures.OCCUPANCY]) {
      if (share === null) continue;
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(100);
    }
    expect(figures.INTERACTION_AND_HOLD_TIME ?? 0).toBeLessThanOrEqual((figures.HANDLE_TIME ?? 0) + 1e-6);
  }
  expect(sum(history, "CONTACTS_TRANSFERRED_IN")).toBe(sum(history, "CONTACTS_TRANSFERRED_OUT"));
  expect(sum(history, "CONTACTS_HANDLED")).toBe(
    contacts.filter(({ agentConnectedAt }) => agentConnectedAt !== null).length,
  );
  expect(sum(history, "CONTACTS_QUEUED")).toBe(
    contacts.filter(({ enqueuedAt }) => enqueuedAt !== null).length,
  );

  // What happens as an interval begins is not yet in a span that ends there.
  if (now.getTime() % 300_000 !== 0) {
    const [second = {}] = await resultsV2(centre, { from: midnight, to: now });
    const figures = figuresV2(second);
    const disconnected = contacts.filter(({ disconnectedAt }) => disconnectedAt !== null);
    expect(figures["CONTACTS_CREATED"] ?? 0).toBe(contacts.length);
    expect(figures["SUM_CONTACTS_DISCONNECTED"] ?? 0).toBe(disconnected.length);
    expect(figures["CONTACTS_HANDLED"] ?? 0).toBe(sum(history, "CONTACTS_HANDLED"));
    expect(figures["CONTACTS_QUEUED"] ?? 0).toBe(sum(history, "CONTACTS_QUEUED"));
  }

  const agents = simulator.agents();
  const online = agents.filter(({ status }) => status !== "Offline");
  const available = online.filter(({ status }) => status === "Available");
  expect(whole).toMatchObject({
    AGENTS_ONLINE: online.length,
    AGENTS_STAFFED: available.length,
    AGENTS_NON_PRODUCTIVE: online.length - available.length,
    AGENTS_AVAILABLE: available.filter((one) => one.activity === "idle" && one.nextStatus === null).length,
    AGENTS_ERROR: online.filter(({ activity }) => activity === "error").length,
    AGENTS_AFTER_CONTACT_WORK: online.filter(({ activity }) => activity === "after-contact-work").length,
  });
  const busy = agents.flatMap(({ contactId }) => contactId ?? []);
  expect(new Set(busy).size).toBe(busy.length);
}

function eachEndedOnce(centre: Centre): void {
  const ends = new Map<string, number>();
  for (const { detail } of centre.events) {
    if (detail.eventType !== "DISCONNECTED") continue;
    ends.set(detail.contactId, (ends.get(detail.contactId) ?? 0) + 1);
  }
  for (const { contactId, disconnectedAt } of centre.simulator.contacts()) {
    expect([contactId, ends.get(contactId) ?? 0]).toEqual([contactId, disconnectedAt === null ? 0 : 1]);
  }
}

describe("a contact centre, at any moment of any day", () => {
  it("loses no contact, counts none twice, and agrees with itself", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        anyInstance,
        fc.array(anyStep, { minLength: 4, maxLength: 14 }),
        fc.nat(2 ** 31),
        async (instance, steps, seed) => {
          const centre = await aCentre({
            seed,
            startAt: midnight,
            activeCalls: 60,
            deviations: { metricsEndInTheFuture: "allowed" },
            centre: { instances: [instance] },
          });
          for (const step of steps) {
            await take(centre, step);
            await balances(centre);
          }
          eachEndedOnce(centre);

          for (const { username } of centre.simulator.agents()) {
            centre.simulator.agent({ username, status: "Available" });
          }
          await centre.advance((busyHours + 9) * 3600);
          await balances(centre);
          expect(centre.simulator.contacts().filter(({ disconnectedAt }) => disconnectedAt === null)).toEqual(
            [],
          );
          eachEndedOnce(centre);
          await centre.simulator.stop();
        },
      ),
      { numRuns: 40, seed: 20261124, endOnFailure: true },
    );
  });
});
