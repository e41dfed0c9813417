import { describe, expect, it } from "vitest";
import type { ContactRecord } from "../../../../local/connect-simulator/simulator.ts";
import { aCentre } from "../support.ts";
import { midnight } from "./any-day.ts";
import { historicalFigures } from "./figures.ts";

const hours = (count: number) => new Date(midnight.getTime() + count * 3_600_000);
const mean = (values: number[]) => values.reduce((total, value) => total + value, 0) / values.length;
const total = (of: Map<string, { [name: string]: number | null }>, name: string) =>
  [...of.values()].reduce((count, figures) => count + (figures[name] ?? 0), 0);

/** A busy morning, and quiet until the evening, so that every record has been sent. */
const aMorning = () =>
  aCentre({
    seed: 11,
    startAt: midnight,
    activeCalls: 500,
    centre: {
      instances: [
        {
          queues: ["Sales", "Support"],
          routingProfiles: [
            { name: "Sales first", queues: ["Sales", { queue: "Support", priority: 2 }] },
            { name: "Support", queues: ["Support"] },
          ],
          users: [
            { username: "ana", count: 9, routingProfile: "Sales first" },
            { username: "bo", count: 6, routingProfile: "Support" },
          ],
          behaviour: {
            missedOffers: 0.05,
            holds: 0.3,
            holdAbandons: 0.1,
            consults: 0.1,
            agentTransfers: 0.1,
            queueTransfers: 0.2,
            callbacks: 0.2,
            durations: { patience: [60, 240], talk: [60, 400] },
          },
          load: ["Sales", "Support"].map((queue) => ({
            queue,
            perHour: Array.from({ length: 24 }, (_, hour) => (hour < 4 ? 90 : 0)),
          })),
        },
      ],
    },
  });

describe("the historical metrics of a morning", () => {
  it("are those that anybody would reckon from its contact records", async () => {
    const centre = await aMorning();
    await centre.advance(10 * 3600);
    const { records } = centre;
    expect(records.length).toBeGreaterThan(600);
    expect(records).toHaveLength(centre.simulator.contacts().length);

    const span = { from: midnight, to: hours(10), threshold: 60 };
    const byQueue = await historicalFigures(centre, span, ["QUEUE"]);
    for (const { id, name } of centre.simulator.instances()[0]?.queues ?? []) {
      const own = records.filter(({ Queue }) => Queue?.Name === name);
      const handled = own.filter(({ Agent }) => Agent !== null);
      const talk = handled.map(({ Agent }) => Agent?.AgentInteractionDuration ?? 0);
      const hold = handled.map(({ Agent }) => Agent?.CustomerHoldDuration ?? 0);
      const work = handled.map(({ Agent }) => Agent?.AfterContactWorkDuration ?? 0);
      const whole = handled.map((_, at) => (talk[at] ?? 0) + (hold[at] ?? 0) + (work[at] ?? 0));
      const figures = byQueue.get(id);

      expect(figures).toMatchObject({
        CONTACTS_QUEUED: own.length,
        CONTACTS_HANDLED: handled.length,
        CONTACTS_ABANDONED: own.filter(abandoned).length,
        CONTACTS_AGENT_HUNG_UP_FIRST: handled.filter(agentFirst).length,
        CALLBACK_CONTACTS_HANDLED: handled.filter(({ InitiationMethod }) => InitiationMethod === "CALLBACK")
          .length,
      });
      // Records have whole seconds; a mean of many differs little.
      expect(figures?.HANDLE_TIME).toBeCloseTo(mean(whole), -0.5);
      expect(figures?.INTERACTION_TIME).toBeCloseTo(mean(talk), -0.5);
      expect(figures?.AFTER_CONTACT_WORK_TIME).toBeCloseTo(mean(work), -0.5);
      expect(figures?.HOLD_TIME).toBeCloseTo(
        mean(hold.filter((_, at) => handled[at]?.Agent?.NumberOfHolds)),
        -0.5,
      );
      expect(figures?.QUEUE_ANSWER_TIME).toBeCloseTo(mean(handled.map(waited)), -0.5);
      expect(figures?.ABANDON_TIME).toBeCloseTo(mean(own.filter(abandoned).map(waited)), -0.5);
      expect(Math.round(figures?.QUEUED_TIME ?? 0)).toBe(Math.max(...own.map(waited)));
      const left = own.filter((record) => !movedOn(record) && waited(record) < 60).length;
      expect(figures?.SERVICE_LEVEL).toBeCloseTo((left / own.length) * 100, -1);
    }
    expect(total(byQueue, "CONTACTS_TRANSFERRED_OUT")).toBeGreaterThan(10);
  });

  it("add up over any division of the span", async () => {
    const centre = await aMorning();
    await centre.advance(5 * 3600);
    const whole = await historicalFigures(centre, { from: midnight, to: hours(5) }, ["QUEUE"]);
    const parts = await Promise.all(
      [0, 1, 2, 3, 4].map((hour) =>
        historicalFigures(centre, { from: hours(hour), to: hours(hour + 1) }, ["QUEUE"]),
      ),
    );
    for (const name of ["CONTACTS_QUEUED", "CONTACTS_HANDLED", "CONTACTS_ABANDONED", "CONTACTS_MISSED"]) {
      expect(parts.reduce((count, part) => count + total(part, name), 0)).toBe(total(whole, name));
    }
    const longest = (figures: typeof whole) =>
      Math.max(...[...figures.values()].map(({ QUEUED_TIME }) => QUEUED_TIME ?? 0));
    expect(Math.max(...parts.map(longest))).toBe(longest(whole));
  });
});

const waited = ({ Queue }: ContactRecord): number => Queue?.Duration ?? 0;
const movedOn = ({ Agent, NextContactId }: ContactRecord): boolean =>
  Agent === null && NextContactId !== null;
const abandoned = (record: ContactRecord): boolean => record.Agent === null && !movedOn(record);
const agentFirst = ({ DisconnectReason, TransferCompletedTimestamp }: ContactRecord): boolean =>
  DisconnectReason === "AGENT_DISCONNECT" && TransferCompletedTimestamp === null;
