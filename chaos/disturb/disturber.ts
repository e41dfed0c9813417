import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import type { Seen, Stack } from "../../local/stack/stack.ts";
import { type FunctionName, functionNames } from "../conditions.ts";
import type { Disturbance } from "../plan/disturbances.ts";
import { between, type Draw } from "../plan/draw.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Of the invocations so many are killed, and of the batches that were dealt with so many are handed over once more. By invocation and not
 * by time, which would meet a slow one again and again: what is killed five times in a row is in a dead-letter queue, where it belongs.
 */
const odds = { killed: 0.05, doubled: 0.03 } as const;
const killedAfterMs = [0, 150] as const;
const doubledAfterMs = [0, 8_000] as const;

/** Does to a running stack what is planned, kills its workers, and hands batches to functions a second time. */
export class Disturber {
  kills = 0;
  redeliveries = 0;
  private readonly stack: Stack;
  private readonly surroundings: Surroundings;
  private readonly draw: Draw;
  private readonly underWay = new Set<Promise<void>>();
  /** Events whose invocation has ended. */
  private readonly over = new WeakSet<object>();
  private readonly killable: readonly FunctionName[];
  private stopListening: () => void = () => {};

  constructor(stack: Stack, surroundings: Surroundings, killable: readonly FunctionName[], draw: Draw) {
    this.stack = stack;
    this.killable = killable;
    this.surroundings = surroundings;
    this.draw = draw;
  }

  begin(): void {
    for (const fates of Object.values(this.surroundings.fates)) fates.begin();
    this.stopListening = this.stack.onInvocation((seen) => this.onInvocation(seen));
  }

  cause(disturbance: Disturbance): void {
    const { fates } = this.surroundings;
    switch (disturbance.kind) {
      case "outage":
        fates[disturbance.service].outage(disturbance.forMs);
        break;
      case "stall":
        fates[disturbance.service].stall(disturbance.forMs);
        break;
      case "fault":
        this.stack.simulator.faults(disturbance.fault);
        break;
      case "events":
        this.stack.simulator.events(disturbance.settings);
    }
  }

  /** Resolves when nothing is disturbed any more. */
  async end(): Promise<void> {
    this.stopListening();
    this.stack.simulator.events({});
    for (const fates of Object.values(this.surroundings.fates)) fates.end();
    await Promise.all(this.underWay);
  }

  private onInvocation({ functionName: fullName, event, ...seen }: Seen): void {
    const functionName = functionNames.find((name) => fullName.endsWith(`-${name}`));
    if (!functionName) return;
    if (seen.phase === "ended" && isObject(event)) this.over.add(event);
    if (seen.phase === "started") {
      if (this.killable.includes(functionName) && this.draw.chance(odds.killed))
        this.later(between(this.draw, ...killedAfterMs), () => this.kill(event, seen.pid));
    } else if (seen.invocation.kind === "result" && functionName !== "release-due") {
      if (this.draw.chance(odds.doubled))
        this.later(between(this.draw, ...doubledAfterMs), async () => {
          this.redeliveries += 1;
          await this.stack.invoke(functionName, redelivered(event));
        });
    }
  }

  /** The worker that is at it, unless it is done. */
  private kill(event: unknown, pid: number | undefined): void {
    if (pid === undefined || (isObject(event) && this.over.has(event))) return;
    this.kills += 1;
    process.kill(pid, "SIGKILL");
  }

  private later(ms: number, what: () => Promise<void> | void): void {
    const work = sleep(ms)
      .then(what)
      .finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const eventSchema = v.looseObject({
  Records: v.array(v.looseObject({ attributes: v.record(v.string(), v.string()) })),
});

/** As SQS delivers messages that it has delivered before. */
function redelivered(event: unknown): unknown {
  const { Records } = v.parse(eventSchema, event);
  return {
    Records: Records.map(({ attributes, ...record }) => {
      const count = Number(attributes["ApproximateReceiveCount"]) + 1;
      return { ...record, attributes: { ...attributes, ApproximateReceiveCount: String(count) } };
    }),
  };
}
