import { describe, expect, it } from "vitest";
import type { ContactRecord } from "../../../../local/connect-simulator/simulator.ts";
import { aCentre } from "../support.ts";
import { midnight } from "./any-day.ts";
import {
  createdBy,
  disconnectedFor,
  figuresV2,
  historicalFigures,
  resultsV2,
  sameInBoth,
  valuesV2,
} from "./figures.ts";

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

  it("are those of the second version too, by initiation method and disconnect reason", async () => {
    const centre = await aMorning();
    const { queues = [] } = centre.simulator.instances()[0] ?? {};
    for (const to of ["+12065550150", "+12065550151", "+12065550100", "+12065550157"]) {
      await centre.call({ QueueId: queues[0]?.id, DestinationPhoneNumber: to });
    }
    await centre.advance(10 * 3600);
    const { records } = centre;
    const span = { from: midnight, to: hours(10) };
    const Groupings = ["QUEUE"];

    const methods = ["INBOUND", "API", "TRANSFER", "QUEUE_TRANSFER", "CALLBACK"] as const;
    const reasons = [...new Set(records.map(({ DisconnectReason }) => DisconnectReason ?? ""))];
    expect(reasons.length).toBeGreaterThan(4);
    const of = (Name: string, MetricFilterKey: string, value: string, Negate = false) => ({
      Name,
      MetricFilters: [{ MetricFilterKey, MetricFilterValues: [value], Negate }],
    });
    const method = "INITIATION_METHOD";

    // A record of a contact that came to no queue names none, so those are counted over all queues.
    const all = await resultsV2(centre, span, {
      Metrics: [...methods.map((one) => createdBy(one)), ...reasons.map((one) => disconnectedFor(one))],
    });
    expect(valuesV2(all[0] ?? {})).toEqual([
      ...methods.map((one) => records.filter(({ InitiationMethod }) => InitiationMethod === one).length),
      ...reasons.map((one) => records.filter(({ DisconnectReason }) => DisconnectReason === one).length),
    ]);

    const Metrics = [
      ...methods.map((one) => of("CONTACTS_HANDLED", method, one)),
      ...methods.map((one) => of("CONTACTS_HANDLED", method, one, true)),
      ...reasons.map((one) => of("CONTACTS_HANDLED", "DISCONNECT_REASON", one)),
      ...methods.map((one) => of("CONTACTS_ABANDONED", method, one)),
      ...methods.map((one) => of("AVG_INTERACTION_TIME", method, one)),
    ];
    for (const result of await resultsV2(centre, span, { Groupings, Metrics })) {
      const own = records.filter(({ Queue }) => Queue?.ARN === result.Dimensions?.["QUEUE_ARN"]);
      const handled = own.filter(({ Agent }) => Agent !== null);
      const talks = methods.map((one) =>
        handled
          .filter(({ InitiationMethod }) => InitiationMethod === one)
          .map(({ Agent }) => Agent?.AgentInteractionDuration ?? 0),
      );
      const values = valuesV2(result);
      expect(values.splice(0, values.length - methods.length)).toEqual([
        ...talks.map(({ length }) => length),
        ...talks.map(({ length }) => handled.length - length),
        ...reasons.map((one) => handled.filter(({ DisconnectReason }) => DisconnectReason === one).length),
        ...methods.map(
          (one) => own.filter((record) => record.InitiationMethod === one && abandoned(record)).length,
        ),
      ]);
      // Records have whole seconds.
      for (const [index, value] of values.entries()) {
        const known = talks[index] ?? [];
        if (known.length === 0) expect(value).toBeNull();
        else expect(Math.abs((value ?? 0) - mean(known))).toBeLessThan(0.5);
      }
    }

    const [both] = await resultsV2(centre, span, {
      Metrics: [
        {
          Name: "CONTACTS_HANDLED",
          MetricFilters: [
            { MetricFilterKey: method, MetricFilterValues: ["INBOUND", "CALLBACK"] },
            { MetricFilterKey: "DISCONNECT_REASON", MetricFilterValues: ["CUSTOMER_DISCONNECT"] },
          ],
        },
        ...(["LT", "LTE"] as const).map((Comparison) => ({
          Name: "SUM_CONTACTS_ANSWERED_IN_X",
          Threshold: [{ Comparison, ThresholdValue: 30 }],
        })),
      ],
    });
    const [handled, less, lessOrEqual] = valuesV2(both ?? {});
    expect(handled).toBe(
      records.filter(
        ({ Agent, InitiationMethod, DisconnectReason }) =>
          Agent !== null &&
          (InitiationMethod === "INBOUND" || InitiationMethod === "CALLBACK") &&
          DisconnectReason === "CUSTOMER_DISCONNECT",
      ).length,
    );
    const answered = records.filter(({ Agent, Queue }) => Agent !== null && Queue !== null);
    const atMost = (seconds: number) => answered.filter((record) => waited(record) <= seconds).length;
    // Records round a wait, metrics leave out the fraction.
    expect(less).toBeGreaterThanOrEqual(atMost(29));
    expect(lessOrEqual).toBeLessThanOrEqual(atMost(31));
    expect(lessOrEqual).toBeGreaterThanOrEqual(less ?? 0);
  });

  it("are the same in both versions, and in any intervals of the second", async () => {
    const centre = await aMorning();
    await centre.advance(5 * 3600);
    const span = { from: midnight, to: hours(5), threshold: 60 };
    const first = await historicalFigures(centre, span, ["QUEUE"]);
    const second = await resultsV2(centre, span, { Groupings: ["QUEUE"] });
    expect(second).toHaveLength(first.size);
    for (const result of second) {
      const figures = figuresV2(result);
      const former = first.get(result.Dimensions?.["QUEUE"] ?? "");
      for (const [name, same] of Object.entries(sameInBoth)) {
        expect([name, figures[same]]).toEqual([name, former?.[name as keyof typeof former]]);
      }
    }

    const whole = second.map(figuresV2);
    const summed = Object.keys(whole[0] ?? {}).filter((name) => /^(CONTACTS|SUM|AGENT_NON)_/.test(name));
    expect(summed.length).toBeGreaterThan(15);
    for (const IntervalPeriod of ["FIFTEEN_MIN", "THIRTY_MIN", "HOUR", "DAY"] as const) {
      const parts = await resultsV2(centre, span, { Interval: { IntervalPeriod, TimeZone: "Asia/Kolkata" } });
      for (const name of summed) {
        const sum = (all: Record<string, number | null>[]) =>
          all.reduce((count, one) => count + (one[name] ?? 0), 0);
        expect([name, sum(parts.map(figuresV2)).toFixed(3)]).toEqual([name, sum(whole).toFixed(3)]);
      }
    }
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
