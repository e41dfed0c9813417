import { describe, expect, it } from "vitest";
import { planOf } from "../../chaos/plan/plan.ts";

const extent = { seed: 5, minutes: 1, requests: 300, brief: false };

describe("The plan of a chaos run", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(planOf(extent)).toEqual(planOf(extent));
    expect(planOf({ ...extent, seed: 6 }).messages).not.toEqual(planOf(extent).messages);
  });

  it("has every request once and some again, and its order is that of time", () => {
    const { messages } = planOf(extent);
    const ids = messages.flatMap((message) => (message.kind === "call" ? [message.body.requestId] : []));
    expect(new Set(ids).size).toBe(300);
    expect(ids.length).toBeGreaterThan(300);
    expect(messages.map(({ at }) => at)).toEqual(messages.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it("stops every call that would last for ever", () => {
    const { messages } = planOf(extent);
    const waiting = messages.flatMap((message) =>
      message.kind === "call" && message.body["queueId"] !== undefined ? [message.body.requestId] : [],
    );
    const stopped = messages.flatMap((message) => (message.kind === "stop" ? [message.stop.requestId] : []));
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting.filter((requestId) => !stopped.includes(requestId))).toEqual([]);
  });

  it("has all its trouble within its time, of every kind", () => {
    const { disturbances } = planOf(extent);
    expect(Math.max(...disturbances.map(({ at }) => at))).toBeLessThan(60_000);
    expect(new Set(disturbances.map(({ kind }) => kind))).toEqual(
      new Set(["outage", "stall", "fault", "events"]),
    );
  });
});
