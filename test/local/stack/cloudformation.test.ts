import { describe, expect, it } from "vitest";
import { evaluate, type Template } from "../../../local/stack/cloudformation.ts";
import { identities } from "../../../local/stack/identities.ts";

const pseudo = { "AWS::Region": "us-east-1", "AWS::AccountId": "000000000000", "AWS::Partition": "aws" };
const evaluated = (Resources: Template["Resources"], more: Partial<Template> = {}) =>
  evaluate(
    { Resources, ...more },
    pseudo,
    identities((name) => `http://queues/${name}`),
  );
const queue = { Type: "AWS::SQS::Queue", Properties: { QueueName: "q" } };

describe("a template", () => {
  it("has its references resolved", () => {
    const { resources, outputs } = evaluated(
      {
        Queue: queue,
        Function: {
          Type: "AWS::Lambda::Function",
          Properties: {
            FunctionName: { "Fn::Join": ["-", ["f", { Ref: "AWS::Region" }]] },
            Url: { Ref: "Queue" },
            Arn: { "Fn::GetAtt": ["Queue", "Arn"] },
            // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax
            Sub: { "Fn::Sub": "arn:${AWS::Partition}:x/${Queue.QueueName}/${Queue}" },
            Nothing: { "Fn::If": ["No", "a", { Ref: "AWS::NoValue" }] },
          },
        },
      },
      {
        Conditions: { No: { "Fn::Not": [{ "Fn::Equals": ["", ""] }] } },
        Outputs: { Url: { Value: { Ref: "Queue" } } },
      },
    );
    expect(resources[1]?.properties).toEqual({
      FunctionName: "f-us-east-1",
      Url: "http://queues/q",
      Arn: "arn:aws:sqs:us-east-1:000000000000:q",
      Sub: "arn:aws:x/q/http://queues/q",
    });
    expect(outputs).toEqual({ Url: "http://queues/q" });
  });

  it("leaves out what its condition leaves out", () => {
    const Conditions = { Never: { "Fn::Equals": ["a", "b"] } };
    expect(evaluated({ Queue: { ...queue, Condition: "Never" } }, { Conditions }).resources).toEqual([]);
  });

  it("has conditions made of others", () => {
    const Conditions = {
      Yes: { "Fn::Equals": ["a", "a"] },
      Both: { "Fn::And": [{ Condition: "Yes" }, { "Fn::Not": [{ Condition: "Yes" }] }] },
      Either: { "Fn::Or": [{ Condition: "Both" }, { Condition: "Yes" }] },
    };
    const { resources, outputs } = evaluated(
      { A: { ...queue, Condition: "Both" }, B: { ...queue, Condition: "Either" } },
      { Conditions, Outputs: { A: { Condition: "Both", Value: "a" }, B: { Value: "b" } } },
    );
    expect(resources.map(({ logicalId }) => logicalId)).toEqual(["B"]);
    expect(outputs).toEqual({ B: "b" });
  });

  it("keeps what Fn::Sub is told to leave alone", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax
    const Properties = { QueueName: { "Fn::Sub": ["${!Kept}-${Own}", { Own: "x" }] } };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax
    const kept = "${Kept}-x";
    expect(evaluated({ Q: { Type: "AWS::SQS::Queue", Properties } }).resources[0]?.properties).toEqual({
      QueueName: kept,
    });
  });

  it("may not refer to what its condition leaves out", () => {
    const Conditions = { Never: { "Fn::Equals": ["a", "b"] } };
    const Value = { Ref: "Queue" };
    expect(() =>
      evaluated({ Queue: { ...queue, Condition: "Never" } }, { Conditions, Outputs: { Url: { Value } } }),
    ).toThrow("Output Url: Queue is left out by its condition Never");
  });

  it.each([
    [{ Value: { "Fn::ImportValue": "x" } }, /Thing \(AWS::SQS::Queue\): Fn::ImportValue is not supported/],
    [{ Value: { Ref: "Nobody" } }, /there is no resource Nobody/i],
    [{ Value: { "Fn::GetAtt": ["Thing", "Colour"] } }, /Thing has no attribute Colour/],
  ])("that is not understood is an error that names the resource (%#)", (Properties, message) => {
    expect(() => evaluated({ Thing: { Type: "AWS::SQS::Queue", Properties } })).toThrow(message);
  });
});
