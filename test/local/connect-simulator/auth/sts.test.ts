import { ListUsersCommand } from "@aws-sdk/client-connect";
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import { answerSts, isStsRequest } from "../../../../local/connect-simulator/auth/sts.ts";
import { accountId, anAuthServer, instanceArn, presigned, roleArn, testKey } from "./support.ts";

const who = new GetCallerIdentityCommand({});

test("GetCallerIdentity says who the key belongs to", async () => {
  const server = await anAuthServer();
  const reply = await server.sts().send(who);
  expect(reply).toMatchObject({ Account: accountId, Arn: `arn:aws:iam::${accountId}:user/test` });
  expect(reply.UserId).toMatch(/^AIDA/);
  expect(reply.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
});

test("AssumeRole hands out keys that work, for Connect and for STS", async () => {
  const server = await anAuthServer();
  const before = Date.now();
  const { Credentials, AssumedRoleUser } = await server
    .sts()
    .send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "me=+,.@-_1" }));
  const arn = `arn:aws:sts::${accountId}:assumed-role/Callers/me=+,.@-_1`;
  expect(AssumedRoleUser).toEqual({ Arn: arn, AssumedRoleId: expect.stringMatching(/^AROA\w{17}:me/) });
  const lasts = (Credentials?.Expiration?.getTime() ?? 0) - before;
  expect(Math.abs(lasts - 3_600_000)).toBeLessThan(5_000);
  const session = {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
  expect(await server.sts(session).send(who)).toMatchObject({
    Arn: arn,
    UserId: AssumedRoleUser?.AssumedRoleId,
  });
  await server.connect(session).send(new ListUsersCommand({ InstanceId: instanceArn }));
  const chained = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "me", DurationSeconds: 3601 });
  await expect(server.sts(session).send(chained)).rejects.toMatchObject({ name: "ValidationError" });
});

test("a presigned GetCallerIdentity, by GET", async () => {
  const server = await anAuthServer();
  const { target } = await presigned({
    target: "/",
    service: "sts",
    query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
    headers: { host: new URL(server.url).host },
  });
  const response = await fetch(server.url + target);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain(`<Arn>arn:aws:iam::${accountId}:user/test</Arn>`);
});

describe("AssumeRole refuses", () => {
  const good = { RoleArn: roleArn, RoleSessionName: "me" };
  test.each([
    ["a short ARN", { ...good, RoleArn: "arn:aws:iam" }, /'roleArn' failed/],
    ["a long ARN", { ...good, RoleArn: roleArn.padEnd(2049, "x") }, /'roleArn' failed/],
    ["a user's ARN", { ...good, RoleArn: `arn:aws:iam::${accountId}:user/Callers` }, /is invalid/],
    ["no ARN", { RoleSessionName: "me" } as never, /null at 'roleArn' failed/],
    ["a short name", { ...good, RoleSessionName: "m" }, /'roleSessionName' failed/],
    ["a long name", { ...good, RoleSessionName: "m".repeat(65) }, /'roleSessionName' failed/],
    ["a name of other letters", { ...good, RoleSessionName: "<me & \u0001>" }, /Value '<me & \ufffd>' at/],
    ["a short duration", { ...good, DurationSeconds: 899 }, /'durationSeconds' failed/],
    ["a long duration", { ...good, DurationSeconds: 43_201 }, /'durationSeconds' failed/],
    ["two at once", { ...good, RoleSessionName: "m", DurationSeconds: 1 }, /^2 validation errors detected: /],
  ])("%s", async (_, input, message) => {
    const server = await anAuthServer();
    await expect(server.sts().send(new AssumeRoleCommand(input))).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringMatching(message),
      $metadata: { httpStatusCode: 400 },
    });
  });

  test("a role of another account, and the root user", async () => {
    const server = await anAuthServer();
    const denied = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };
    const other = new AssumeRoleCommand({ ...good, RoleArn: "arn:aws:iam::999999999999:role/Callers" });
    await expect(server.sts().send(other)).rejects.toMatchObject(denied);
    const root = server.sts({ accessKeyId: "AKIAROOT", secretAccessKey: "root secret" });
    await expect(root.send(new AssumeRoleCommand(good))).rejects.toMatchObject(denied);
  });
});

describe("STS has its own names for a bad signature", () => {
  test.each([
    ["SignatureDoesNotMatch", { ...testKey, secretAccessKey: "tset" }],
    ["InvalidClientTokenId", { ...testKey, accessKeyId: "AKIANOBODY" }],
  ])("%s", async (name, credentials) => {
    const server = await anAuthServer();
    await expect(server.sts(credentials).send(who)).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 403 },
    });
  });

  test("ExpiredToken", async () => {
    const server = await anAuthServer();
    const session = server.keys.issue({ roleArn, sessionName: "me", durationSeconds: 900 });
    server.clock.aheadSeconds = 900;
    await expect(server.sts(session).send(who)).rejects.toMatchObject({
      name: "ExpiredToken",
      $metadata: { httpStatusCode: 403 },
    });
  });

  test("MissingAuthenticationToken", async () => {
    const server = await anAuthServer();
    const response = await fetch(`${server.url}/?Action=GetCallerIdentity&Version=2011-06-15`);
    expect(response.status).toBe(403);
    expect(await response.text()).toMatch(
      /^<ErrorResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/"><Error><Type>Sender<\/Type><Code>MissingAuthenticationToken<\/Code><Message>/,
    );
  });
});

test("another Action or Version is an InvalidAction", async () => {
  const server = await anAuthServer();
  await expect(server.sts().send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
    name: "InvalidAction",
    message: "Could not find operation GetSessionToken for version 2011-06-15",
    $metadata: { httpStatusCode: 400 },
  });
  const key = server.keys.find("test");
  if (key === undefined) throw new Error("no key");
  const request = { method: "POST", target: "/", body: "Action=AssumeRole" };
  expect(answerSts(request, key.caller, server.keys)).toMatchObject({
    status: 400,
    error: { type: "InvalidAction", message: expect.stringContaining("NO_VERSION_SPECIFIED") },
  });
});

test("only requests to / with an Action are for STS", () => {
  const of = (method: string, target: string, body = "") => isStsRequest({ method, target, body });
  expect(of("POST", "/", "Action=AssumeRole&Version=2011-06-15")).toBe(true);
  expect(of("GET", "/?Action=GetCallerIdentity")).toBe(true);
  expect(of("GET", "/", "Action=GetCallerIdentity")).toBe(false);
  expect(of("POST", "/")).toBe(false);
  expect(of("POST", "/contact/stop", "Action=AssumeRole")).toBe(false);
  expect(of("POST", "/", '{"Action":"AssumeRole"}')).toBe(false);
});
