import { beforeEach, describe, expect, it } from "vitest";
import { failuresToDisable, failuresToOpen } from "../../../lib/subscribers/circuit.ts";
import type { PostAnswer } from "../../../lib/subscribers/poster.ts";
import { aNotice, aSubscriber, days, minutes, seconds } from "../../support/builders.ts";
import { NoticeWorld } from "../../support/notice-world.ts";

const answered = (status: number, retryAfterMs?: number): PostAnswer => ({
  kind: "answered",
  status,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const silent: PostAnswer = { kind: "unanswered", why: "no answer in time" };

describe("deliver-notice", () => {
  let world: NoticeWorld;
  beforeEach(() => {
    world = new NoticeWorld();
    world.subscribe(aSubscriber());
  });

  it("delivers a notice as it is, signed, under the id that it always has", async () => {
    await world.publish(aNotice({ anything: { else: ["in", "it"] } }));
    await world.drain();
    expect(world.posts).toHaveLength(1);
    expect(world.verified("s-1")).toEqual([aNotice({ anything: { else: ["in", "it"] } })]);
    expect(world.posts[0]?.message.headers).toMatchObject({
      "webhook-id": "n-1",
      "content-type": "application/json",
      "user-agent": "contact-automation/test",
    });
    expect(world.deadLetters).toEqual([]);
  });

  it("delivers to those that want it and to nobody else", async () => {
    world.subscribe(aSubscriber({ subscriberId: "s-2", filter: { state: ["ended"] } }));
    world.subscribe(aSubscriber({ subscriberId: "s-3", filter: { state: ["placed"] } }));
    await world.publish(aNotice());
    await world.drain();
    expect(world.posts.map(({ subscriberId }) => subscriberId).toSorted()).toEqual(["s-1", "s-3"]);
  });

  it.each([199, 300, 301, 302, 304, 307, 308, 400, 401, 404, 429, 500, 503])(
    "takes %i for a failure and tries again",
    async (status) => {
      world.answers("s-1", answered(status), answered(200));
      await world.publish(aNotice());
      await world.drain();
      expect(world.posts).toHaveLength(2);
      expect(new Set(world.posts.map(({ message }) => message.headers["webhook-id"]))).toEqual(
        new Set(["n-1"]),
      );
      expect(world.posts.map(({ at }) => at - world.startedAt)).toEqual([0, seconds(5)]);
      expect(world.subscriber("s-1")).toMatchObject({ failures: 0, lastFailure: `it answered ${status}` });
    },
  );

  it.each([200, 201, 202, 204, 299])("takes %i for a success", async (status) => {
    world.answers("s-1", answered(status));
    await world.publish(aNotice());
    await world.drain();
    expect(world.posts).toHaveLength(1);
  });

  it("waits twice as long after each failure of the same notice", async () => {
    world.answers("s-1", answered(500), silent, answered(503), answered(302));
    await world.publish(aNotice());
    await world.drain();
    expect(world.posts.map(({ at }) => (at - world.startedAt) / 1000)).toEqual([0, 5, 15, 35, 75]);
    expect(world.posts.map(({ tries }) => tries)).toEqual([0, 1, 2, 3, 4]);
  });

  it("comes again no sooner than the receiver asks for", async () => {
    world.answers("s-1", answered(429, minutes(40)), answered(200));
    await world.publish(aNotice());
    await world.drain();
    expect(world.posts.map(({ at }) => at - world.startedAt)).toEqual([0, minutes(40)]);
    expect(world.receives).toBe(1 + 3);
  });

  it("signs anew for each attempt, with the time of that attempt", async () => {
    world.answers("s-1", silent, answered(200));
    await world.publish(aNotice());
    await world.drain();
    const stamps = world.posts.map(({ message }) => Number(message.headers["webhook-timestamp"]));
    expect(stamps).toEqual([world.startedAt / 1000, world.startedAt / 1000 + 5]);
  });

  it("gives up after a day, with the notice in the dead-letter queue", async () => {
    world.always("s-1", answered(500));
    await world.publish(aNotice());
    await world.drain();
    expect(world.posts.length).toBeGreaterThanOrEqual(failuresToDisable);
    expect(world.now() - world.startedAt).toBeLessThanOrEqual(days(1));
    expect(world.dead()).toMatchObject([{ subscriberId: "s-1", notice: aNotice() }]);
    expect(world.subscriber("s-1").status).toBe("enabled");
  });

  it("switches a subscriber off when nothing has succeeded for a day, and says so once", async () => {
    world.always("s-1", silent);
    await world.publish(aNotice());
    await world.drain();
    await world.publish(...[2, 3, 4, 5].map((n) => aNotice({ noticeId: `n-${n}` })));
    await world.drain();
    expect(world.subscriber("s-1")).toMatchObject({ status: "disabled" });
    expect(world.subscriber("s-1").reason).toMatch(/^\d+ attempts have failed since 2026-11-24T12:00:00/);
    expect(world.reports).toHaveLength(1);
    expect(
      world
        .dead()
        .map(({ notice }) => notice.noticeId)
        .toSorted(),
    ).toEqual(["n-1", "n-2", "n-3", "n-4", "n-5"]);
  });

  it("switches a subscriber off at once that is gone for good", async () => {
    world.answers("s-1", answered(410));
    await world.publish(aNotice());
    await world.drain();
    expect(world.subscriber("s-1")).toMatchObject({ status: "disabled", reason: "it answered 410 Gone" });
    expect(world.reports).toEqual([{ subscriberId: "s-1", reason: "it answered 410 Gone" }]);
    expect(world.dead()).toHaveLength(1);
  });

  it("keeps for a replay what comes while a subscriber is switched off", async () => {
    await world.subscribers.disable("s-1", "holidays", world.now());
    await world.publish(aNotice());
    await world.drain();
    expect(world.posts).toEqual([]);
    expect(world.deadLetters).toMatchObject([{ why: "the subscriber is disabled" }]);
  });

  it("drops what was for a subscriber that is removed", async () => {
    world.answers("s-1", silent);
    await world.publish(aNotice());
    await world.step();
    await world.subscribers.remove("s-1");
    await world.drain();
    expect(world.posts).toHaveLength(1);
    expect(world.deadLetters).toEqual([]);
  });

  it("looks at the URL once more: one that is not allowed counts as a failure and is not connected to", async () => {
    world.subscribe(aSubscriber({ subscriberId: "s-2", url: "https://169.254.169.254/latest/meta-data" }));
    await world.publish(aNotice());
    await world.drain(seconds(1));
    expect(world.posts.map(({ subscriberId }) => subscriberId)).toEqual(["s-1"]);
    expect(world.subscriber("s-2")).toMatchObject({
      failures: 1,
      lastFailure: "its URL is not allowed: the address is not a public one",
    });
  });

  it("sends nothing unsigned: without a secret the message comes back", async () => {
    world.secrets.delete("s-1");
    await world.publish(aNotice());
    await world.step();
    expect(world.posts).toEqual([]);
    expect(world.lastResults).toMatchObject([{ kind: "failed" }]);
    expect(world.subscriber("s-1").failures).toBe(0);
  });

  it("puts aside what it cannot read, quoting nothing of it", async () => {
    world.enqueue("not JSON");
    world.enqueue(JSON.stringify({ subscriberId: "s-1", notice: { noticeId: "no id\r\nx: y" }, tries: 0 }));
    await world.drain();
    expect(world.deadLetters.map(({ why }) => why)).toEqual([
      "the body is not JSON",
      "the body is not a delivery of a notice",
    ]);
  });

  it.each([
    ["that nobody can tell", "2026-11-24T12:00:00+23"],
    ["in the far future", "9999-01-01T00:00:00.000Z"],
  ])("keeps nothing coming round for ever whose beginning is %s", async (_, firstAt) => {
    world.always("s-1", answered(500));
    world.enqueue(JSON.stringify({ subscriberId: "s-1", notice: aNotice(), tries: 0, firstAt }));
    await world.drain(minutes(1));
    expect(world.posts.length).toBeLessThanOrEqual(1);
    expect(world.waiting()).toBe(0);
    expect(world.deadLetters).toHaveLength(1);
  });

  it("goes on with a receiver that takes what it can and answers 429 to the rest", async () => {
    const atOnce = new Map<number, number>();
    world.behaviour = () => {
      const before = atOnce.get(world.now()) ?? 0;
      atOnce.set(world.now(), before + 1);
      return answered(before < 10 ? 200 : 429);
    };
    await world.publish(...Array.from({ length: 20 }, (_, n) => aNotice({ noticeId: `n-${n}` })));
    await world.drain(seconds(10));
    expect(world.verified("s-1")).toHaveLength(20);
  });

  it("closes a circuit that was opened just when a success had its failures forgotten", async () => {
    await world.subscribers.hold(world.subscriber("s-1"), world.now() + seconds(20));
    await world.publish(...Array.from({ length: 9 }, (_, n) => aNotice({ noticeId: `n-${n}` })));
    await world.drain(minutes(2));
    expect(world.verified("s-1")).toHaveLength(9);
    expect(world.subscriber("s-1")).not.toHaveProperty("heldUntil");
  });

  describe("with a subscriber that fails", () => {
    const publish = (count: number) =>
      world.publish(...Array.from({ length: count }, (_, n) => aNotice({ noticeId: `n-${n}` })));

    it("tries one at a time, and at longer and longer intervals", async () => {
      world.always("s-1", silent);
      await publish(50);
      await world.drain(minutes(60));
      const times = world.posts.map(({ at }) => at - world.startedAt);
      // The first batch finds the circuit closed; after it there is one probe at a time.
      const probes = times.filter((at) => at > 0);
      expect(times.length - probes.length).toBeLessThanOrEqual(failuresToOpen - 1 + 10);
      expect(new Set(probes).size).toBe(probes.length);
      // Each waits for as long again as it has failed so far, up to a quarter of an hour.
      expect(probes[0]).toBeGreaterThanOrEqual(seconds(20));
      for (const [index, at] of probes.slice(1).entries()) {
        const before = probes[index] ?? 0;
        expect(at - before).toBeGreaterThanOrEqual(Math.min(before, minutes(15)));
      }
      expect(probes.length).toBeGreaterThan(4);
    });

    it("delivers all of it once it has recovered", async () => {
      world.always("s-1", silent);
      await publish(50);
      await world.drain(minutes(90));
      expect(world.verified("s-1")).toEqual([]);
      world.always("s-1", answered(200));
      await world.drain();
      expect(new Set(world.verified("s-1").map(({ noticeId }) => noticeId)).size).toBe(50);
      expect(world.subscriber("s-1")).not.toHaveProperty("heldUntil");
      expect(world.deadLetters).toEqual([]);
    });

    it("delays the others by no batch, and few batches by its silence", async () => {
      for (const n of [2, 3, 4, 5]) world.subscribe(aSubscriber({ subscriberId: `s-${n}` }));
      world.always("s-1", silent);
      for (let n = 0; n < 40; n += 1) {
        await world.publish(aNotice({ noticeId: `n-${n}` }));
        await world.drain(0);
      }
      const alive = world.posts.filter(({ subscriberId }) => subscriberId !== "s-1");
      expect(alive).toHaveLength(160);
      // Each in the first batch that its message came in: it was put off by nothing.
      for (const { tries, batchesWaited } of alive) expect([tries, batchesWaited]).toEqual([0, 0]);
      const slow = new Set(
        world.posts.filter(({ subscriberId }) => subscriberId === "s-1").map(({ batch }) => batch),
      );
      expect(slow.size).toBeLessThanOrEqual(failuresToOpen);
    });
  });
});
