import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  type ParameterType,
  PutParameterCommand,
  SSMClient,
  SSMServiceException,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Stack, type StackOptions, startStack } from "../../../../local/stack/stack.ts";
import { aDirectory, aFunction, aService, removeDirectories } from "../small-service.ts";

const dir = aDirectory();
const file = join(dir, "parameters.json");
const resources = {
  Limit: { Type: "AWS::SSM::Parameter", Properties: { Name: "/app/limit", Type: "String", Value: "10" } },
  Echo: aFunction("echo", { Environment: { Variables: { LIMIT_PARAMETER: { Ref: "Limit" } } } }),
};
const warnings: string[] = [];
const start = (options: Partial<StackOptions> = {}) =>
  startStack({
    service: aService(resources, { echo: "export const handler = () => process.env;" }),
    dir,
    warn: (message) => void warnings.push(message),
    ...options,
  });
let stack: Stack;
let ssm: SSMClient;

beforeAll(async () => {
  stack = await start({ parameters: { "/app/secret": "hush" } });
  ssm = new SSMClient({
    region: "us-east-1",
    endpoint: String(stack.env["AWS_ENDPOINT_URL_SSM"]),
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  ssm.destroy();
  await stack.stop();
  removeDirectories();
});
beforeEach(() => writeFileSync(file, "{}"));

const put = (Name: string, Value: string, Type?: ParameterType, Overwrite?: boolean) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type, Overwrite }));
const get = async (Name: string, WithDecryption?: boolean) =>
  (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof SSMServiceException ? error.name : error),
  );

describe("a parameter", () => {
  it("is what was put there", async () => {
    expect(await put("/app/name", "value", "String")).toMatchObject({ Version: 1, Tier: "Standard" });
    expect(await get("/app/name")).toEqual({
      Name: "/app/name",
      Type: "String",
      Value: "value",
      Version: 1,
      LastModifiedDate: expect.any(Date),
      ARN: "arn:aws:ssm:us-east-1:000000000000:parameter/app/name",
      DataType: "text",
    });
  });

  it("has a new version when it is overwritten, and is overwritten only when told to", async () => {
    await put("plain", "1", "String");
    expect(await errorOf(put("plain", "2", "String"))).toBe("ParameterAlreadyExists");
    expect(await put("plain", "2", undefined, true)).toMatchObject({ Version: 2 });
    expect(await get("plain:2")).toMatchObject({ Value: "2", Type: "String", Version: 2, Selector: ":2" });
    expect(await errorOf(get("plain:1"))).toBe("ParameterVersionNotFound");
    expect(await get("arn:aws:ssm:us-east-1:000000000000:parameter/plain")).toMatchObject({ Name: "plain" });
  });

  it("that is secret is told only WithDecryption", async () => {
    await put("/app/key", "hush", "SecureString");
    expect((await get("/app/key", true))?.Value).toBe("hush");
    const encrypted = (await get("/app/key"))?.Value ?? "";
    expect(encrypted).toMatch(/^[\w+/=]{20,}$/);
    for (const text of [encrypted, Buffer.from(encrypted, "base64").toString()])
      expect(text).not.toContain("hush");
  });

  it("is gone when it was deleted", async () => {
    await put("/app/name", "value", "String");
    await ssm.send(new DeleteParameterCommand({ Name: "/app/name" }));
    expect(await errorOf(get("/app/name"))).toBe("ParameterNotFound");
    expect(await errorOf(ssm.send(new DeleteParameterCommand({ Name: "/app/name" })))).toBe(
      "ParameterNotFound",
    );
  });
});

describe("several parameters", () => {
  it("come with the names of those that are not there", async () => {
    await put("a", "1", "String");
    await put("b", "2", "SecureString");
    const { Parameters, InvalidParameters } = await ssm.send(
      new GetParametersCommand({ Names: ["a", "b", "c"], WithDecryption: true }),
    );
    expect(Parameters?.map(({ Name, Value }) => [Name, Value])).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
    expect(InvalidParameters).toEqual(["c"]);
  });

  it("come by their path, page by page", async () => {
    for (const name of ["/app/a", "/app/b", "/app/c", "/app/deep/d", "/apple", "app"])
      await put(name, name, "String");
    const pages = async (Recursive: boolean) => {
      const names: (string | undefined)[][] = [];
      let NextToken: string | undefined;
      do {
        const input = { Path: "/app", Recursive, MaxResults: 2, NextToken };
        const page = await ssm.send(new GetParametersByPathCommand(input));
        names.push((page.Parameters ?? []).map(({ Name }) => Name));
        NextToken = page.NextToken;
      } while (NextToken);
      return names;
    };
    expect(await pages(false)).toEqual([["/app/a", "/app/b"], ["/app/c"]]);
    expect(await pages(true)).toEqual([
      ["/app/a", "/app/b"],
      ["/app/c", "/app/deep/d"],
    ]);
  });
});

describe("the file", () => {
  it("can be edited by hand, and is read each time", async () => {
    writeFileSync(
      file,
      JSON.stringify({ "/by/hand": { type: "String", value: "one" }, "/secret": { value: "two" } }),
    );
    expect(await get("/by/hand")).toMatchObject({ Value: "one", Version: 1 });
    expect(await get("/secret", true)).toMatchObject({ Value: "two", Type: "SecureString" });
  });

  it("is for its owner alone, and for people to read", async () => {
    await put("/b", "2", "String");
    await put("/a", "1", "SecureString");
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(
      `${JSON.stringify({ "/a": { type: "SecureString", value: "1", version: 1 }, "/b": { type: "String", value: "2", version: 1 } }, undefined, 2)}\n`,
    );
  });

  it.each(['{"hush', '{"/a":{"type":"Secret","value":"hush"}}', '{"/a":"hush"}'])(
    "that is not understood is an error that tells none of it: %s",
    async (text) => {
      writeFileSync(file, text);
      const error = await get("/a").catch((problem: unknown) => problem);
      expect(error).toMatchObject({ name: "InternalServerError", message: expect.stringContaining(file) });
      expect(String(error)).not.toContain("hush");
    },
  );

  it("keeps every parameter when many are put at once", async () => {
    const names = Array.from({ length: 50 }, (_, index) => `/many/${index}`);
    await Promise.all(names.map((name) => put(name, name, "String")));
    expect(Object.keys(JSON.parse(readFileSync(file, "utf8")))).toEqual(names.sort());
  });
});

describe("what is wrong", () => {
  it.each([
    () => put("bad name", "x", "String"),
    () => put("no-type", "x"),
    () => put("too-long", "x".repeat(4_097), "String"),
    () => put("", "x", "String"),
    () => ssm.send(new GetParametersCommand({ Names: [] })),
    () => ssm.send(new GetParametersByPathCommand({ Path: "app" })),
    () => put("app/name", "its path does not begin at the root", "String"),
  ])("is a ValidationException (%#)", async (work) => {
    expect(await errorOf(work())).toBe("ValidationException");
  });

  it("is told without the value", async () => {
    const error = await put("bad name", "hush", "SecureString").catch((problem: unknown) => problem);
    expect(error).toMatchObject({ message: "Not valid: Name" });
    expect(warnings.join()).not.toContain("hush");
  });

  it("is UnknownOperationException where the operation is", async () => {
    expect(await errorOf(ssm.send(new DescribeParametersCommand({})))).toBe("UnknownOperationException");
  });

  it("leaves the server as it was", async () => {
    const url = String(stack.env["AWS_ENDPOINT_URL_SSM"]);
    const target = { "x-amz-target": "AmazonSSM.GetParameter" };
    for (const body of ["", "{", "null", "[]", '"x"', '{"Name":{}}', "x".repeat(70_000)]) {
      const response = await fetch(url, { method: "POST", headers: target, body });
      expect(response.status).toBe(400);
    }
    expect(await errorOf(get("/nothing"))).toBe("ParameterNotFound");
  });
});

describe("a start", () => {
  it("makes the template's parameters and the secrets handed in, where they are not there yet", async () => {
    const other = aDirectory();
    const there = { "/app/limit": { type: "String", value: "20" } };
    writeFileSync(join(other, "parameters.json"), JSON.stringify(there));
    const second = await start({ dir: other, parameters: { "/app/secret": "hush", "/app/limit": "0" } });
    await second.stop();
    expect(JSON.parse(readFileSync(join(other, "parameters.json"), "utf8"))).toMatchObject({
      "/app/limit": { type: "String", value: "20" },
      "/app/secret": { type: "SecureString", value: "hush", version: 1 },
    });
  });

  it("tells functions where SSM is, and what the template's parameters are called", async () => {
    expect(await stack.invoke("echo")).toMatchObject({
      result: { AWS_ENDPOINT_URL_SSM: stack.env["AWS_ENDPOINT_URL_SSM"], LIMIT_PARAMETER: "/app/limit" },
    });
  });
});
