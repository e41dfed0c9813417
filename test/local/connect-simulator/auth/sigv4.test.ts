import {
  ListQueuesCommand,
  ListUsersCommand,
  StartOutboundVoiceContactCommand,
} from "@aws-sdk/client-connect";
import { describe, expect, test } from "vitest";
import { callerWithoutCheck } from "../../../../local/connect-simulator/auth/sigv4.ts";
import {
  type AuthServer,
  accountId,
  anAuthServer,
  headersWith,
  instanceArn,
  outcome,
  roleArn,
  sentBy,
  testKey,
} from "./support.ts";

const listUsers = new ListUsersCommand({ InstanceId: instanceArn });
const queues = new ListQueuesCommand({
  InstanceId: instanceArn,
  QueueTypes: ["STANDARD", "AGENT"],
  NextToken: "a+b/c=d e&é~*'()!%2F",
});
const call = new StartOutboundVoiceContactCommand({
  InstanceId: instanceArn,
  ContactFlowId: "flow",
  DestinationPhoneNumber: "+12065550100",
  Attributes: { name: "Zoë 東京 😀" },
});
const accepted = `accepted arn:aws:iam::${accountId}:user/test`;

const aUsersRequest = (server: AuthServer) => sentBy(server, () => server.connect().send(listUsers));
const aQueuesRequest = (server: AuthServer) => sentBy(server, () => server.connect().send(queues));
const aCallRequest = (server: AuthServer) => sentBy(server, () => server.connect().send(call));

describe("what the SDK signs is accepted", () => {
  test("an ARN as a path label", async () => {
    const server = await anAuthServer("us-east-1");
    const request = await aUsersRequest(server);
    expect(request.target).toContain("arn%3Aaws%3Aconnect");
    expect(outcome(request, server.keys)).toBe(accepted);
  });

  test("repeated query parameters with special characters", async () => {
    const server = await anAuthServer();
    const request = await aQueuesRequest(server);
    expect(request.target).toContain("queueTypes=STANDARD&queueTypes=AGENT");
    expect(outcome(request, server.keys)).toBe(accepted);
  });

  test("a body that is not ASCII, as bytes and as text", async () => {
    const server = await anAuthServer();
    const request = await aCallRequest(server);
    expect(outcome(request, server.keys)).toBe(accepted);
    expect(outcome({ ...request, body: request.body.toString() }, server.keys)).toBe(accepted);
  });

  test("the keys of a session, who is its role", async () => {
    const server = await anAuthServer();
    const session = server.keys.issue({ roleArn, sessionName: "me", durationSeconds: 900 });
    await server.connect(session).send(listUsers);
    expect(server.verdicts).toMatchObject([
      {
        kind: "accepted",
        caller: { arn: `arn:aws:sts::${accountId}:assumed-role/Callers/me`, sessionName: "me" },
      },
    ]);
  });

  test("the root user", async () => {
    const server = await anAuthServer();
    await server.connect({ accessKeyId: "AKIAROOT", secretAccessKey: "root secret" }).send(listUsers);
    expect(server.verdicts).toMatchObject([{ kind: "accepted", caller: { root: true, userId: accountId } }]);
  });

  test("a signed header with idle spaces", async () => {
    const server = await anAuthServer();
    const request = headersWith(await aUsersRequest(server), "amz-sdk-request", (value) =>
      value.replaceAll(" ", " \t "),
    );
    expect(outcome(request, server.keys)).toBe(accepted);
  });
});

describe("the SDK is told what is wrong", () => {
  test.each([
    ["a wrong secret", { ...testKey, secretAccessKey: "tset" }, "InvalidSignatureException"],
    ["an unknown key", { ...testKey, accessKeyId: "AKIANOBODY" }, "UnrecognizedClientException"],
    ["a token that is not a session's", { ...testKey, sessionToken: "t" }, "UnrecognizedClientException"],
  ])("%s", async (_, credentials, name) => {
    const server = await anAuthServer();
    await expect(server.connect(credentials).send(listUsers)).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 403 },
    });
  });

  test("another region", async () => {
    const server = await anAuthServer("us-east-1");
    await expect(server.connect(testKey, "eu-west-2").send(listUsers)).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message: "Credential should be scoped to a valid region, not 'eu-west-2'.",
    });
  });

  test.each([
    ["a stale date", 301, /^Signature expired: \w+ is now earlier than \w+ \(\w+ - 5 min\.\)$/],
    ["a future date", -302, /^Signature not yet current: \w+ is still later than \w+ \(\w+ \+ 5 min\.\)$/],
  ])("%s", async (_, aheadSeconds, message) => {
    const server = await anAuthServer();
    server.clock.aheadSeconds = aheadSeconds;
    await expect(server.connect().send(listUsers)).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message: expect.stringMatching(message),
    });
  });

  test("a session's token missing, wrong or expired", async () => {
    const server = await anAuthServer();
    const session = server.keys.issue({ roleArn, sessionName: "me", durationSeconds: 900 });
    const { accessKeyId, secretAccessKey } = session;
    const unrecognized = { name: "UnrecognizedClientException" };
    await expect(server.connect({ accessKeyId, secretAccessKey }).send(listUsers)).rejects.toMatchObject(
      unrecognized,
    );
    const wrong = server.connect({ ...session, sessionToken: "wrong" });
    await expect(wrong.send(listUsers)).rejects.toMatchObject(unrecognized);
    server.clock.aheadSeconds = 900;
    await expect(server.connect(session).send(listUsers)).rejects.toMatchObject({
      name: "ExpiredTokenException",
    });
  });
});

describe("a signed request that was changed is refused", () => {
  const mismatch = /^InvalidSignatureException 403: The request signature we calculated does not match/;

  test("in its body", async () => {
    const server = await anAuthServer();
    const request = await aCallRequest(server);
    const body = request.body.toString().replace("+12065550100", "+12065550101");
    const unhashed = { ...request, body };
    expect(outcome(unhashed, server.keys)).toMatch(/^InvalidSignatureException 403: /);
  });

  test("in its path, query, method or headers", async () => {
    const server = await anAuthServer();
    const request = await aQueuesRequest(server);
    const { target } = request;
    const changed = [
      { ...request, target: target.replace("queues-summary", "users-summary") },
      { ...request, target: target.replace("AGENT", "STANDARD") },
      { ...request, target: target.replace("queueTypes=AGENT", "") },
      { ...request, target: `${target}&maxResults=1` },
      { ...request, method: "POST" },
      headersWith(request, "host", () => "connect.us-east-1.amazonaws.com"),
      headersWith(request, "x-amz-user-agent", (value) => `${value}x`),
      headersWith(request, "x-amz-date", (value) => value.replace(/(\d)Z$/, (_, d) => `${(+d + 1) % 10}Z`)),
    ];
    for (const one of changed) expect(outcome(one, server.keys)).toMatch(mismatch);
  });

  test("only its order of query parameters may change", async () => {
    const server = await anAuthServer();
    const request = await aQueuesRequest(server);
    const [path = "", query = ""] = request.target.split("?");
    const target = `${path}?${query.split("&").reverse().join("&")}`;
    expect(outcome({ ...request, target }, server.keys)).toBe(accepted);
  });

  test("signed for another service, day or terminator", async () => {
    const server = await anAuthServer();
    const request = await aUsersRequest(server);
    const scoped = (from: RegExp, to: string) =>
      outcome(
        headersWith(request, "authorization", (text) => text.replace(from, to)),
        server.keys,
      );
    expect(outcome(request, server.keys, { service: "sts" })).toBe(
      "InvalidSignatureException 403: Credential should be scoped to correct service: 'sts'.",
    );
    expect(scoped(/\/\d{8}\//, "/20200101/")).toMatch(
      /^InvalidSignatureException 403: Date in Credential scope/,
    );
    expect(scoped(/aws4_request/, "aws4_reply")).toMatch(/terminator/);
    expect(scoped(/\/us-east-1\//, "/us-east-2/")).toMatch(mismatch);
  });
});

describe("the payload's hash", () => {
  test("in a header must be the body's, unless the payload is unsigned", async () => {
    const server = await anAuthServer();
    const request = await aCallRequest(server);
    const withHash = (hash: string) => ({
      ...request,
      rawHeaders: [
        ...request.rawHeaders.filter(
          (_, at, all) => all[at - (at % 2)]?.toLowerCase() !== "x-amz-content-sha256",
        ),
        "X-Amz-Content-Sha256",
        hash,
      ],
    });
    expect(outcome(withHash("0".repeat(64)), server.keys)).toBe(
      "InvalidSignatureException 403: x-amz-content-sha256 does not match the body.",
    );
    expect(outcome(withHash("UNSIGNED-PAYLOAD"), server.keys)).toMatch(/does not match the signature/);
  });
});

test("without a check the caller is the key that is named, else nobody known", async () => {
  const server = await anAuthServer();
  const request = await aUsersRequest(server);
  const callerOf = (from: string, to: string) =>
    callerWithoutCheck(
      headersWith(request, "authorization", (text) => text.replace(from, to)),
      server.keys,
    ).arn;
  expect(callerOf("Signature=", "Signature=0")).toBe(`arn:aws:iam::${accountId}:user/test`);
  expect(callerOf("Credential=test", "Credential=AKIANOBODY")).toMatch(/user\/anonymous$/);
  expect(callerWithoutCheck({ ...request, rawHeaders: [] }, server.keys).arn).toMatch(/user\/anonymous$/);
});
