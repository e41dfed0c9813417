import { setTimeout as sleep } from "node:timers/promises";
import type { Told } from "../local/stack/notice-watch.ts";
import type { Stack } from "../local/stack/stack.ts";
import type { Disturber } from "./disturb/disturber.ts";
import type { Plan } from "./plan/plan.ts";
import type { Producer } from "./producer.ts";

const stepMs = 50;
const progressMs = 5_000;

export interface Scene {
  stack: Stack;
  disturber: Disturber;
  producer: Producer;
  notices: Told[];
  say: (line: string) => void;
}

/** Sends and disturbs as planned, while release-due runs as its schedule would have it, only more often. */
export async function trouble(
  { extent, ...plan }: Plan,
  { stack, disturber, producer, notices, say }: Scene,
): Promise<void> {
  const [messages, disturbances] = [[...plan.messages], [...plan.disturbances]];
  const beganAt = Date.now();
  const lengthMs = extent.minutes * 60_000;
  const elapsed = () => Date.now() - beganAt;
  const releasing = releaseUntil(stack, () => elapsed() > lengthMs);
  disturber.begin();
  let saidAt = 0;
  while (elapsed() < lengthMs || messages.length > 0) {
    for (const disturbance of takeDue(disturbances, elapsed())) disturber.cause(disturbance);
    await producer.send(takeDue(messages, elapsed()));
    if (elapsed() - saidAt > progressMs) {
      saidAt = elapsed();
      const { calls, stops, updates } = producer.sent;
      const ended = new Set(
        notices.filter(({ state }) => state === "ended").map(({ requestId }) => requestId),
      ).size;
      say(
        `${calls.size} requests, ${stops.length} stops and ${updates.length} updates sent; ` +
          `${ended} calls ended, ${disturber.kills} workers killed`,
      );
    }
    await sleep(stepMs);
  }
  await disturber.end();
  await releasing;
}

function takeDue<Item extends { at: number }>(items: Item[], now: number): Item[] {
  const due = items.findIndex(({ at }) => at > now);
  return items.splice(0, due < 0 ? items.length : due);
}

async function releaseUntil(stack: Stack, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await stack.invoke("release-due");
    await sleep(1_000);
  }
}
