import { randomUUID } from "node:crypto";
import type { Deployment } from "./cloudformation.ts";
import { accountId, region } from "./emulators.ts";
import { all, nameIn } from "./properties.ts";

/** @returns the period in milliseconds of `rate(5 minutes)` @throws Error for any other expression */
export function periodOf(expression: string): number {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (!match) throw new Error(`The local stack runs rate(…) schedules only, not ${expression}`);
  const units = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
  return Number(match[1]) * units[match[2] as keyof typeof units];
}

export interface Schedule {
  ruleName: string;
  functionName: string;
  periodMs: number;
  /** What the target is given instead of the event, where the rule says so. */
  input: unknown;
}

export function schedulesOf(deployment: Deployment): Schedule[] {
  return all(deployment, "AWS::Events::Rule").flatMap(({ logicalId, properties }) => {
    const { ScheduleExpression, Targets, State, Name: ruleName = logicalId } = properties;
    if (ScheduleExpression === undefined || State === "DISABLED") return [];
    const periodMs = periodOf(ScheduleExpression);
    return Targets.map(({ Arn, Input }) => {
      if (!Arn.startsWith("arn:aws:lambda:"))
        throw new Error(`${logicalId} has the target ${Arn}: schedules invoke functions only here`);
      const input: unknown = Input === undefined ? undefined : JSON.parse(Input);
      return { ruleName, functionName: nameIn(Arn), periodMs, input };
    });
  });
}

/** What EventBridge sends to the target of a schedule. */
function scheduledEvent(ruleName: string, id: string, at: Date) {
  return {
    version: "0",
    id,
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: accountId,
    time: `${at.toISOString().slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:events:${region}:${accountId}:rule/${ruleName}`],
    detail: {},
  };
}

/** Milliseconds. On AWS, too, the first run comes at some time within the first period. */
const firstAfter = 10_000;

interface Clock {
  every(ms: number, firstAfterMs: number, task: () => void): () => void;
  now(): Date;
}

/** @returns how to end them */
export function runSchedules(
  schedules: Schedule[],
  invoke: (functionName: string, event: unknown) => void,
  clock: Clock = realClock,
): () => void {
  const ends = schedules.map(({ ruleName, functionName, periodMs, input }) =>
    clock.every(periodMs, Math.min(firstAfter, periodMs), () =>
      invoke(functionName, input ?? scheduledEvent(ruleName, randomUUID(), clock.now())),
    ),
  );
  return () => {
    for (const end of ends) end();
  };
}

const realClock: Clock = {
  every: (ms, firstAfterMs, task) => {
    let timer = setTimeout(() => {
      timer = setInterval(task, ms);
      task();
    }, firstAfterMs);
    // Node clears either kind with either function.
    return () => clearTimeout(timer);
  },
  now: () => new Date(),
};
