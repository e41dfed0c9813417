import { describe, expect, it } from "vitest";
import { type FanOutSteps, fanOutNotices } from "../../../lib/subscribers/fan-out-notice.ts";
import type { NoticeDelivery } from "../../../lib/subscribers/notice-delivery.ts";
import { rememberedFor } from "../../../lib/subscribers/remembered.ts";
import { aDelivery, aNotice, aSubscriber, seconds } from "../../support/builders.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
const subscribers = [
  aSubscriber({ subscriberId: "all" }),
  aSubscriber({ subscriberId: "ended", filter: { state: ["ended"] } }),
  aSubscriber({ subscriberId: "off", status: "disabled" }),
];

function aFanOut(take: (deliveries: NoticeDelivery[]) => boolean[]) {
  const sent: NoticeDelivery[] = [];
  const aside: string[] = [];
  const steps: FanOutSteps = {
    subscribers: async () => subscribers,
    queue: {
      send: async (deliveries) => {
        sent.push(...deliveries);
        return take(deliveries);
      },
    },
    deadLetters: { put: async (_message, why) => void aside.push(why) },
    now: () => now,
  };
  const fanOut = async (...bodies: unknown[]) => {
    const messages = bodies.map((body) => aDelivery(body));
    const results = await fanOutNotices(messages, steps);
    return messages.map(({ messageId }) => results.get(messageId));
  };
  return { sent, aside, fanOut };
}
const all = (deliveries: NoticeDelivery[]) => deliveries.map(() => true);

describe("fan-out-notice", () => {
  it("makes a delivery for each subscriber that wants the notice, a disabled one too", async () => {
    const { sent, fanOut } = aFanOut(all);
    const [placed, ended] = await fanOut(aNotice(), aNotice({ noticeId: "n-2", state: "ended" }));
    expect([placed, ended]).toEqual([
      { kind: "fanned-out", noticeId: "n-1", deliveries: 2 },
      { kind: "fanned-out", noticeId: "n-2", deliveries: 3 },
    ]);
    expect(sent[0]).toEqual({
      subscriberId: "all",
      notice: aNotice(),
      tries: 0,
      firstAt: "2026-11-24T12:00:00.000Z",
    });
    expect(sent.map(({ subscriberId }) => subscriberId)).toEqual(["all", "off", "all", "ended", "off"]);
  });

  it("has a notice come again of which not every delivery was taken, and no other", async () => {
    const { fanOut } = aFanOut((deliveries) => deliveries.map((_, index) => index !== 2));
    const results = await fanOut(aNotice(), aNotice({ noticeId: "n-2" }), aNotice({ noticeId: "n-3" }));
    expect(results.map((result) => result?.kind)).toEqual(["fanned-out", "failed", "fanned-out"]);
  });

  it("has all of them come again when the queue cannot be reached", async () => {
    const { fanOut } = aFanOut(() => {
      throw new Error("unreachable");
    });
    expect((await fanOut(aNotice())).map((result) => result?.kind)).toEqual(["failed"]);
  });

  it("puts aside what is no notice, and goes on with the others", async () => {
    const { aside, fanOut } = aFanOut(all);
    const results = await fanOut("{", { type: "state-changed" }, aNotice());
    expect(results.map((result) => result?.kind)).toEqual(["unusable", "unusable", "fanned-out"]);
    expect(aside).toEqual(["the body is not JSON", "the body is not a notice"]);
  });
});

describe("what is remembered", () => {
  it("is read once in its time, by however many at once, and a failure is not remembered", async () => {
    let time = 0;
    let reads = 0;
    const get = rememberedFor(
      seconds(30),
      async () => {
        reads += 1;
        if (reads === 1) throw new Error("not now");
        return reads;
      },
      () => time,
    );
    await expect(get()).rejects.toThrow("not now");
    expect(await Promise.all([get(), get(), get()])).toEqual([2, 2, 2]);
    time = seconds(30) - 1;
    expect(await get()).toBe(2);
    time = seconds(30);
    expect(await get()).toBe(3);
  });
});
