import fc from "fast-check";
import { expect, it } from "vitest";
import type { PostAnswer } from "../../../lib/subscribers/poster.ts";
import { wants } from "../../../lib/subscribers/subscriber.ts";
import { type Draw, drawFrom } from "../../../local/connect-simulator/centre/random.ts";
import { aNotice, aSubscriber, days, minutes } from "../../support/builders.ts";
import { NoticeWorld } from "../../support/notice-world.ts";

const states = ["placed", "connected", "ended"];
const subscribers = [
  aSubscriber({ subscriberId: "all" }),
  aSubscriber({ subscriberId: "ended", filter: { state: ["ended"] } }),
  aSubscriber({ subscriberId: "started", filter: { state: ["placed", "connected"] } }),
];
const ids = subscribers.map(({ subscriberId }) => subscriberId);

const failures: [PostAnswer, ...PostAnswer[]] = [
  { kind: "answered", status: 500 },
  { kind: "answered", status: 302 },
  { kind: "answered", status: 429, retryAfterMs: minutes(20) },
  { kind: "unanswered", why: "no answer in time" },
];

type Step =
  | { kind: "publish"; state: string }
  | { kind: "pass"; minutes: number }
  /** From now on this share of its answers is a failure; what it has failed to answer it may have taken all the same. */
  | { kind: "health"; id: string; failing: number }
  | { kind: "gone"; id: string }
  | { kind: "disable" | "enable"; id: string };

const id = fc.constantFrom(...ids);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("publish"), state: fc.constantFrom(...states) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("pass"), minutes: fc.nat({ max: 2_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("health"), id, failing: fc.constantFrom(0, 0.3, 0.8, 1) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("gone"), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("disable", "enable"), id }) },
) as fc.Arbitrary<Step>;

it("each subscriber sees each notice that it wants, once by its id, or the dead-letter queue has it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 20 }),
      fc.integer(),
      fc.nat({ max: 10 }),
      async (steps, seed, misfortunes) => {
        const world = aWorldOfChance(drawFrom(seed), misfortunes);
        const notices: ReturnType<typeof aNotice>[] = [];
        for (const step of steps) await take(step, world, notices);
        await world.drain(days(60));

        expect(world.waiting()).toBe(0);
        for (const subscriber of subscribers) {
          const { subscriberId } = subscriber;
          const seen = new Map(world.verified(subscriberId).map((notice) => [notice.noticeId, notice]));
          const dead = world.dead().filter((delivery) => delivery.subscriberId === subscriberId);
          const kept = new Map(dead.map(({ notice }) => [notice.noticeId, notice]));
          const wanted = notices.filter((notice) => wants(subscriber, notice));
          for (const notice of wanted)
            expect([seen.get(notice.noticeId), kept.get(notice.noticeId)]).toContainEqual(notice);
          expect(seen.size).toBeLessThanOrEqual(wanted.length);
        }
      },
    ),
    { numRuns: 200, seed: 5 },
  );
});

type Worlds = NoticeWorld & { health: Map<string, number>; goneFor: Set<string> };

/** @param misfortunes so many deaths of workers, and messages that SQS delivers twice: each may double what is under way */
function aWorldOfChance(draw: Draw, misfortunes: number): Worlds {
  const world = Object.assign(new NoticeWorld(), {
    health: new Map<string, number>(),
    goneFor: new Set<string>(),
  });
  let left = misfortunes;
  const misfortune = () => {
    const strikes = left > 0 && draw.chance(0.05);
    if (strikes) left -= 1;
    return strikes;
  };
  for (const subscriber of subscribers) world.subscribe({ ...subscriber });
  world.random = draw.fraction;
  world.order = draw.fraction;
  world.doubles = misfortune;
  world.worker = () => {
    let dead = false;
    return () => {
      dead ||= misfortune();
      if (dead) throw new Error("the worker is dead");
    };
  };
  world.behaviour = (subscriberId) => {
    if (world.goneFor.has(subscriberId)) return { kind: "answered", status: 410 };
    const fails = draw.chance(world.health.get(subscriberId) ?? 0);
    return fails ? draw.oneOf(failures) : { kind: "answered", status: 200 };
  };
  return world;
}

async function take(step: Step, world: Worlds, notices: ReturnType<typeof aNotice>[]): Promise<void> {
  switch (step.kind) {
    case "publish": {
      const notice = aNotice({ noticeId: `n-${notices.length}`, state: step.state });
      notices.push(notice);
      return world.publish(notice);
    }
    case "pass":
      return world.drain(minutes(step.minutes));
    case "health":
      return void world.health.set(step.id, step.failing);
    case "gone":
      return void world.goneFor.add(step.id);
    case "disable":
      return void (await world.subscribers.disable(step.id, "by hand", world.now()));
    case "enable":
      world.goneFor.delete(step.id);
      return void (await world.subscribers.enable(step.id, world.now()));
  }
}
