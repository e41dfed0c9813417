import { describe, expect, it } from "vitest";
import { periodOf, runSchedules, schedulesOf } from "../../../local/stack/schedule.ts";

const aRule = (properties: object) => ({
  resources: [
    {
      logicalId: "Rule",
      type: "AWS::Events::Rule",
      properties: {
        ScheduleExpression: "rate(1 minute)",
        Targets: [{ Id: "it", Arn: "arn:aws:lambda:us-east-1:000000000000:function:f" }],
        ...properties,
      },
    },
  ],
  outputs: {},
});

it.each([
  ["rate(1 minute)", 60_000],
  ["rate(5 minutes)", 300_000],
  ["rate(2 hours)", 7_200_000],
])("%s is every %i ms", (expression, ms) => expect(periodOf(expression)).toBe(ms));

it("a cron expression is an error that shows it", () => {
  expect(() => periodOf("cron(0 9 * * ? *)")).toThrow("not cron(0 9 * * ? *)");
});

describe("a rule with a schedule", () => {
  it("invokes its function once in each period, soon for the first time, with EventBridge's event", () => {
    const tasks: [number, number, () => void][] = [];
    const invoked: unknown[][] = [];
    const clock = {
      every: (ms: number, firstAfterMs: number, task: () => void) => {
        tasks.push([ms, firstAfterMs, task]);
        return () => void tasks.splice(0);
      },
      now: () => new Date("2026-05-04T10:00:00.123Z"),
    };
    const end = runSchedules(schedulesOf(aRule({})), (...call) => void invoked.push(call), clock);
    for (const [, , task] of tasks) task();
    expect(tasks).toEqual([[60_000, 10_000, expect.any(Function)]]);
    expect(invoked).toEqual([
      [
        "f",
        expect.objectContaining({
          "detail-type": "Scheduled Event",
          source: "aws.events",
          time: "2026-05-04T10:00:00Z",
          resources: ["arn:aws:events:us-east-1:000000000000:rule/Rule"],
        }),
      ],
    ]);
    end();
    expect(tasks).toEqual([]);
  });

  it("gives the input that it names instead", () => {
    const Targets = [{ Id: "it", Arn: "arn:aws:lambda:us-east-1:000000000000:function:f", Input: '{"a":1}' }];
    expect(schedulesOf(aRule({ Targets }))[0]).toMatchObject({ functionName: "f", input: { a: 1 } });
  });

  it("does nothing when it is disabled", () => {
    expect(schedulesOf(aRule({ State: "DISABLED" }))).toEqual([]);
  });
});
