import { describe, expect, it } from "vitest";
import { readSubscriber, wants } from "../../../lib/subscribers/subscriber.ts";
import { aNotice, aSubscriber } from "../../support/builders.ts";

const ended = aNotice({ state: "ended", outcome: "busy" });
const wanted = (filter: Parameters<typeof aSubscriber>[0], notice = ended) =>
  wants(aSubscriber(filter), notice);

describe("a filter", () => {
  it("that says nothing lets everything through", () => {
    expect(wanted({ filter: {} })).toBe(true);
    expect(wanted({ filter: {} }, aNotice({ type: "update-refused", state: undefined }))).toBe(true);
  });

  it("lets through what has one of the values in each of its lists", () => {
    expect(wanted({ filter: { state: ["parked", "ended"] } })).toBe(true);
    expect(wanted({ filter: { state: ["ended"], outcome: ["busy", "no-answer"] } })).toBe(true);
    expect(wanted({ filter: { state: ["ended"], outcome: ["no-answer"] } })).toBe(false);
    expect(wanted({ filter: { type: ["conflict"], state: ["ended"] } })).toBe(false);
  });

  it("that is not understood lets everything through, to a subscriber that is taken for disabled", () => {
    const broken = readSubscriber({ ...aSubscriber(), filter: { colour: ["red"] } });
    expect(broken).toMatchObject({ subscriberId: "s-1", status: "disabled", reason: expect.any(String) });
    expect(wants(broken, ended)).toBe(true);
    expect(() => readSubscriber({ subscriberId: "" })).toThrow();
  });

  it("holds back what has not the field at all, as SNS does", () => {
    expect(wanted({ filter: { outcome: ["busy"] } }, aNotice({ state: "placed" }))).toBe(false);
  });
});
