import { describe, expect, it } from "vitest";
import { eventBus } from "../../../local/stack/event-bus.ts";

const [queue, other] = ["arn:aws:sqs:us-east-1:000000000000:q", "arn:aws:sqs:us-east-1:000000000000:other"];
const aBus = (resources: Record<string, { type: string; properties: object }>) => {
  const sent: [string, unknown][] = [];
  const bus = eventBus(
    {
      resources: Object.entries(resources).map(([logicalId, { type, properties }]) => ({
        logicalId,
        type,
        properties: { ...properties },
      })),
      outputs: {},
    },
    async (arn, body) => void sent.push([arn, JSON.parse(body)]),
  );
  return { bus, sent };
};
const aRule = (EventPattern: object, Arn = queue) => ({
  type: "AWS::Events::Rule",
  properties: { EventPattern, Targets: [{ Id: "it", Arn }] },
});
const aPipe = (properties: object = {}) => ({
  type: "AWS::Pipes::Pipe",
  properties: {
    Source: "arn:aws:kinesis:us-east-1:000000000000:stream/s",
    Target: queue,
    TargetParameters: { InputTemplate: "<$.data>" },
    ...properties,
  },
});

describe("the event bus", () => {
  it("takes an event to the targets of the rules that it matches", async () => {
    const { bus, sent } = aBus({
      One: aRule({ source: ["aws.connect"] }),
      Two: aRule({ source: ["aws.other"] }, other),
      Schedule: {
        type: "AWS::Events::Rule",
        properties: { ScheduleExpression: "rate(1 minute)", Targets: [] },
      },
    });
    await bus.event({ source: "aws.connect", id: "e-1" });
    expect(sent).toEqual([[queue, { source: "aws.connect", id: "e-1" }]]);
  });

  it("takes a contact record where the pipe leads, as it is", async () => {
    const { bus, sent } = aBus({ Pipe: aPipe() });
    await bus.record({ ContactId: "c-1" });
    expect(sent).toEqual([[queue, { ContactId: "c-1" }]]);
  });

  it.each([
    [{ Rule: aRule({}, "arn:aws:lambda:us-east-1:0:function:f") }, /^Rule has the target arn:aws:lambda/],
    [{ Rule: aRule({ detail: { n: [{ numeric: [">", 1] }] } }) }, /^Rule.EventPattern.detail.n uses numeric/],
    [{ Pipe: aPipe({ TargetParameters: { InputTemplate: "x" } }) }, /cannot run Pipe .*InputTemplate/],
    [{ Pipe: aPipe({ Enrichment: "arn" }) }, /cannot run Pipe .*Enrichment/],
  ])("does not begin with what it cannot do (%#)", (resources, message) => {
    expect(() => aBus(resources)).toThrow(message);
  });
});
