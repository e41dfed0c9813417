import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { GetItemCommand, ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ListBucketsCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, it } from "vitest";
import { type Stack, type StackOptions, startStack } from "../../../local/stack/stack.ts";
import {
  aDirectory,
  aFunction,
  aMapping,
  aQueue,
  aService,
  obedientBundle,
  removeDirectories,
  send,
  until,
} from "./small-service.ts";

const aTable = (properties: object = {}) => ({
  Type: "AWS::DynamoDB::Table",
  Properties: {
    TableName: "things",
    BillingMode: "PAY_PER_REQUEST",
    SSESpecification: { SSEEnabled: true },
    TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    ...properties,
  },
});
const echo = `export const handler = async (event, context) =>
  ({ event, context, left: context.getRemainingTimeInMillis(), env: process.env });`;

const stacks: Stack[] = [];
const start = async (options: Partial<StackOptions> & Pick<StackOptions, "service">) => {
  const stack = await startStack({ dir: aDirectory(), warn: () => {}, ...options });
  stacks.push(stack);
  return stack;
};

afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
  removeDirectories();
});

describe("a function", () => {
  it("has its event, its context and the environment of the template, over which the options are laid", async () => {
    const Environment = { Variables: { QUEUE: { Ref: "Queue" }, COLOUR: "red", SIZE: "big" } };
    const stack = await start({
      service: aService(
        { Queue: aQueue("q"), Echo: aFunction("echo", { Environment, MemorySize: 256, Timeout: 5 }) },
        { echo },
      ),
      environment: { COLOUR: "blue" },
    });
    const invocation = await stack.invoke("echo", { a: 1 });
    expect(invocation).toMatchObject({
      kind: "result",
      result: {
        event: { a: 1 },
        context: {
          awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          functionName: "small-echo",
          memoryLimitInMB: "256",
          invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:small-echo",
        },
        left: expect.toSatisfy((ms: number) => ms > 0 && ms <= 5_000),
        env: {
          QUEUE: `${stack.env["AWS_ENDPOINT_URL_SQS"]}/000000000000/q`,
          COLOUR: "blue",
          SIZE: "big",
          AWS_ENDPOINT_URL_CONNECT: stack.simulator.url,
          AWS_LAMBDA_FUNCTION_NAME: "small-echo",
          _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};/),
        },
      },
    });
  });

  it("is loaded once and used again, and anew when it was killed", async () => {
    const count = "let n = 0; export const handler = async () => ++n;";
    const stack = await start({ service: aService({ F: aFunction("count") }, { count }) });
    expect(await stack.invoke("count")).toEqual({ kind: "result", result: 1 });
    expect(await stack.invoke("count")).toEqual({ kind: "result", result: 2 });
    const end = stack.onInvocation(({ phase }) => void (phase === "started" && stack.kill("count")));
    expect(await stack.invoke("count")).toEqual({ kind: "died" });
    end();
    expect(await stack.invoke("count")).toEqual({ kind: "result", result: 1 });
  });

  it("that cannot be loaded says why, each time", async () => {
    const broken = 'throw new Error("a setting is missing");';
    const dir = aDirectory();
    const stack = await start({ service: aService({ F: aFunction("broken") }, { broken }), dir });
    for (const _ of [1, 2]) {
      const failed = { kind: "failed", error: expect.stringContaining("a setting is missing") };
      expect(await stack.invoke("broken")).toMatchObject(failed);
    }
    expect(readFileSync(join(dir, "logs", "small-broken.log"), "utf8")).toContain("a setting is missing");
  });
});

describe("a stack", () => {
  const resources = {
    Things: aTable(),
    Work: aQueue("work", { VisibilityTimeout: 30 }),
    Worker: aFunction("worker"),
    Mapping: aMapping("Work", "Worker"),
  };

  it("keeps its state from one start to the next, and forgets it when told to", async () => {
    const dir = aDirectory();
    const options = { service: aService(resources, { worker: obedientBundle }), dir, persist: true };
    const item = { id: { S: "a" } };

    const first = await start({ ...options, pollers: false });
    await first.clients.dynamoDb.send(new PutItemCommand({ TableName: "things", Item: item }));
    await send(first, "work", [{ name: "one" }]);
    await first.stop();

    const second = await start({ ...options, pollers: false });
    const Key = item;
    const kept = await second.clients.dynamoDb.send(new GetItemCommand({ TableName: "things", Key }));
    expect(kept.Item).toEqual(item);
    const ended: string[] = [];
    second.onInvocation((seen) => void (seen.phase === "ended" && ended.push(seen.invocation.kind)));
    second.resume("worker");
    await until(() => expect(ended).toEqual(["result"]));
    await second.stop();

    const third = await start({ ...options, fresh: true });
    const gone = await third.clients.dynamoDb.send(new GetItemCommand({ TableName: "things", Key }));
    expect(gone.Item).toBeUndefined();
  });

  it("does not start on the state of tables that look otherwise", async () => {
    const dir = aDirectory();
    await (await start({ service: aService({ Things: aTable() }, {}), dir, persist: true })).stop();
    const other = aTable({
      AttributeDefinitions: [{ AttributeName: "key", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "key", KeyType: "HASH" }],
    });
    const started = start({ service: aService({ Things: other }, {}), dir, persist: true });
    await expect(started).rejects.toThrow("The table things of an earlier start has other keys");
  });

  it("makes tables with their indexes", async () => {
    const stack = await start({ service: aService({ Things: aTable() }, {}) });
    const { TableNames } = await stack.clients.dynamoDb.send(new ListTablesCommand({}));
    expect(TableNames).toEqual(["things"]);
  });

  it("makes the buckets that have a name, and keeps what is in them from one start to the next", async () => {
    const buckets = {
      Files: { Type: "AWS::S3::Bucket", Properties: { BucketName: "files" } },
      Deployments: { Type: "AWS::S3::Bucket" },
    };
    const options = { service: aService(buckets, {}), dir: aDirectory(), persist: true };
    const Bucket = "files";
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const clientOf = ({ env }: Stack) =>
      new S3Client({ region: "us-east-1", credentials, endpoint: String(env["AWS_ENDPOINT_URL_S3"]) });

    const first = await start(options);
    await clientOf(first).send(new PutObjectCommand({ Bucket, Key: "a/b=c", Body: "d" }));
    await first.stop();
    const again = clientOf(await start(options));
    const { Buckets = [] } = await again.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toEqual([Bucket]);
    const { Contents = [] } = await again.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents.map(({ Key }) => Key)).toEqual(["a/b=c"]);
  });

  it("takes what is published to the queues that subscribe", async () => {
    const stack = await start({
      service: aService(
        {
          Told: aQueue("told"),
          Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: "news" } },
          Subscription: {
            Type: "AWS::SNS::Subscription",
            Properties: {
              TopicArn: { Ref: "Topic" },
              Protocol: "sqs",
              Endpoint: { "Fn::GetAtt": ["Told", "Arn"] },
              RawMessageDelivery: true,
            },
          },
        },
        {},
      ),
    });
    const TopicArn = "arn:aws:sns:us-east-1:000000000000:news";
    await stack.clients.sns.send(new PublishCommand({ TopicArn, Message: "hello" }));
    const QueueUrl = `${stack.env["AWS_ENDPOINT_URL_SQS"]}/000000000000/told`;
    const { Messages } = await stack.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }),
    );
    expect(Messages?.map(({ Body }) => Body)).toEqual(["hello"]);
  });

  it("says which port is taken, by whom it is wanted, and what to do", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", () => resolve()));
    const { port } = other.address() as { port: number };
    const started = start({ service: aService({}, {}), portBase: port - 1 });
    await expect(started).rejects.toThrow(
      new RegExp(`^Port ${port}, which SQS, SNS and S3 wants, is taken. Choose others with --port-base`),
    );
    other.close();
  });

  it("is the only one of its directory", async () => {
    const dir = aDirectory();
    const first = await start({ service: aService({}, {}), dir });
    await expect(start({ service: aService({}, {}), dir })).rejects.toThrow(
      `A stack is running on ${dir} already (process ${process.pid})`,
    );
    await first.stop();
    await start({ service: aService({}, {}), dir });
  });

  it("leaves no process behind, and kills what is under way unless it is given time", async () => {
    const resourcesOfHasty = { ...resources, Worker: aFunction("worker", { Timeout: 20 }) };
    const service = aService(resourcesOfHasty, { worker: obedientBundle });
    for (const [graceMs, kind] of [
      [0, "died"],
      [10_000, "result"],
    ] as const) {
      const stack = await start({ service });
      const ended: string[] = [];
      stack.onInvocation((seen) => void (seen.phase === "ended" && ended.push(seen.invocation.kind)));
      await send(stack, "work", [{ does: "take-time" }]);
      await until(() => expect(stack.busy("worker")).toBe(1));
      const [{ pid } = { pid: undefined }] = stack.environments("worker");
      await stack.stop(graceMs);
      expect(ended).toEqual([kind]);
      expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH");
    }
  });

  it.each([
    [{ Cache: { Type: "AWS::ElastiCache::CacheCluster" } }, "what to do with Cache (AWS::ElastiCache"],
    [{ Things: aTable({ StreamSpecification: {} }) }, /cannot run Things .*StreamSpecification/],
    [{ F: aFunction("f", { Runtime: "python3.13" }) }, /cannot run F .*only Node.js runs here/],
    [
      { Q: aQueue("q"), F: aFunction("f", { Timeout: 9 }), M: aMapping("Q", "F") },
      /M: .*timeout of 1 s is less/,
    ],
    [
      { Q: aQueue("q"), F: aFunction("f"), M: aMapping("Q", "F", { FilterCriteria: {} }) },
      /cannot run M .*FilterCriteria/,
    ],
  ])("does not start when it does not understand the template (%#)", async (template, message) => {
    await expect(start({ service: aService(template, { f: echo }) })).rejects.toThrow(message);
  });

  it("names what of the template needs nothing here", async () => {
    const role = { Role: { Type: "AWS::IAM::Role" }, Alarm: { Type: "AWS::CloudWatch::Alarm" } };
    expect((await start({ service: aService(role, {}) })).ignored).toEqual(["Role", "Alarm"]);
  });
});
