import { describe, expect, it } from "vitest";
import { covers, rightsOf } from "./statements.ts";

const aRole = (...Statement: object[]) => ({ Policies: [{ PolicyDocument: { Statement } }] });
const table = "arn:aws:dynamodb:us-east-1:000000000000:table/contacts";

describe("the rights of a role", () => {
  it("are each action of a statement on each of its resources", () => {
    const role = aRole(
      { Effect: "Allow", Action: ["a:Get", "a:Put"], Resource: ["one", "two"] },
      { Effect: "Allow", Action: "b:Get", Resource: "three" },
    );
    expect(rightsOf(role).map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      "a:Get one",
      "a:Get two",
      "a:Put one",
      "a:Put two",
      "b:Get three",
    ]);
  });

  it.each([
    { Effect: "Deny", Action: "a:Get", Resource: "*" },
    { Effect: "Allow", NotAction: "a:Get", Resource: "*" },
    { Effect: "Allow", Action: "a:Get", NotResource: "*" },
    {
      Effect: "Allow",
      Action: "a:Get",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "true" } },
    },
  ])("are not read out of what is not understood: %o", (statement) => {
    expect(() => rightsOf(aRole(statement))).toThrow();
  });

  it.each([
    ["dynamodb:GetItem", table, "dynamodb:GetItem", table, true],
    ["DynamoDB:getitem", table, "dynamodb:GetItem", table, true],
    ["dynamodb:*Item", table, "dynamodb:GetItem", table, true],
    ["dynamodb:GetItem", "*", "dynamodb:GetItem", table, true],
    ["dynamodb:GetItem", `${table}/index/*`, "dynamodb:GetItem", `${table}/index/due`, true],
    ["dynamodb:GetItem", `${table}/index/*`, "dynamodb:GetItem", table, false],
    ["dynamodb:GetItem", table, "dynamodb:GetItem", `${table}/index/due`, false],
    ["dynamodb:GetItem", table.toUpperCase(), "dynamodb:GetItem", table, false],
    ["dynamodb:Get", table, "dynamodb:GetItem", table, false],
    ["s3:PutObject", "arn:aws:s3:::a.b/?", "s3:PutObject", "arn:aws:s3:::a.b/1", true],
    ["s3:PutObject", "arn:aws:s3:::a.b/?", "s3:PutObject", "arn:aws:s3:::axb/1", false],
  ])("%s on %s is good for %s on %s: %s", (action, resource, asked, touched, good) => {
    expect(covers({ action, resource }, { action: asked, resource: touched })).toBe(good);
  });
});
