import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import { packagedService } from "../local/stack/packaged-service.ts";

const ofAttribute = v.pipe(
  v.object({ "Fn::GetAtt": v.tuple([v.string(), v.string()]) }),
  v.transform((reference) => reference["Fn::GetAtt"][0]),
);
const oneOrMore = <Of extends v.GenericSchema>(one: Of) =>
  v.pipe(
    v.union([v.array(one), one]),
    v.transform((said) => [said].flat()),
  );
const reference = v.union([
  ofAttribute,
  v.pipe(
    v.unknown(),
    v.transform(() => undefined),
  ),
]);
const mappingSchema = v.object({
  FunctionName: ofAttribute,
  EventSourceArn: ofAttribute,
  BatchSize: v.number(),
});
const functionSchema = v.object({
  Role: ofAttribute,
  RecursiveLoop: v.optional(v.string()),
  Environment: v.object({ Variables: v.record(v.string(), v.unknown()) }),
});
const roleSchema = v.object({
  Policies: v.array(
    v.object({
      PolicyDocument: v.object({
        Statement: v.array(v.object({ Action: oneOrMore(v.string()), Resource: oneOrMore(reference) })),
      }),
    }),
  ),
});

describe("what is deployed", () => {
  let all: [string, { Type: string; Properties?: unknown }][];
  beforeAll(async () => {
    const { template } = await packagedService(
      process.cwd(),
      (line) => void process.stderr.write(`${line}\n`),
    );
    all = Object.entries(template.Resources);
  });
  const properties = <Schema extends v.GenericSchema>(id: string, schema: Schema) =>
    v.parse(schema, Object.fromEntries(all)[id]?.Properties);
  const queuesSentTo = (roleId: string) =>
    properties(roleId, roleSchema).Policies.flatMap(({ PolicyDocument }) =>
      PolicyDocument.Statement.flatMap(({ Action, Resource }) =>
        Action.includes("sqs:SendMessage") ? Resource : [],
      ),
    );

  it("has Lambda's loop detection off for each function that sends to the queue that it reads, and no other", () => {
    const readers = all.filter(([, { Type }]) => Type === "AWS::Lambda::EventSourceMapping");
    const loops = readers.flatMap(([id]) => {
      const { FunctionName, EventSourceArn } = properties(id, mappingSchema);
      const { Role } = properties(FunctionName, functionSchema);
      return queuesSentTo(Role).includes(EventSourceArn) ? [FunctionName] : [];
    });
    const allowed = all.flatMap(([id, { Type }]) => {
      if (Type !== "AWS::Lambda::Function") return [];
      return properties(id, functionSchema).RecursiveLoop === "Allow" ? [id] : [];
    });
    expect(loops.length).toBeGreaterThanOrEqual(3);
    expect(allowed.toSorted()).toEqual(loops.toSorted());
  });

  it("gives nobody a right on user commands but who carries them out and what speaks for an identity provider", () => {
    const queue = JSON.stringify({ "Fn::GetAtt": ["UserCommandsQueue", "Arn"] });
    const roles = all.filter(
      ([, { Type, Properties }]) => Type === "AWS::IAM::Role" && JSON.stringify(Properties).includes(queue),
    );
    expect(roles.map(([id]) => id).toSorted()).toEqual([
      "AnswerScimRole",
      "ApplyUserRole",
      "SendUnsentUsersRole",
    ]);
  });

  it("lets federate-user take on the federation role, where there is one, and no other", () => {
    const { Policies } = properties("FederateUserRole", v.object({ Policies: v.array(v.unknown()) }));
    const [policy] = v.parse(
      v.tuple([v.object({ PolicyDocument: v.object({ Statement: v.array(v.unknown()) }) })]),
      Policies,
    );
    const rights = policy.PolicyDocument.Statement.filter((right) => JSON.stringify(right).includes("sts:"));
    const role = "arn:aws:iam::000000000000:role/federation";
    const right = { Effect: "Allow", Action: ["sts:AssumeRole"], Resource: role };
    expect(rights).toEqual([{ "Fn::If": ["HasFederationRole", right, { Ref: "AWS::NoValue" }] }]);
  });

  it("looks up the names of a whole batch of deliveries at once, and those of the one before it", () => {
    const [mapping] = all.flatMap(([id, { Type }]) => {
      if (Type !== "AWS::Lambda::EventSourceMapping") return [];
      const found = properties(id, mappingSchema);
      return found.FunctionName.startsWith("DeliverDashnotice") ? [found] : [];
    });
    if (!mapping) throw new Error("nothing reads the deliveries");
    const { Environment } = properties(mapping.FunctionName, functionSchema);
    expect(Number(Environment.Variables["UV_THREADPOOL_SIZE"])).toBeGreaterThan(2 * mapping.BatchSize);
  });
});
