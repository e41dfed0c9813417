import { expect, test } from "vitest";
import { callerWithoutCheck } from "../../../../local/connect-simulator/auth/sigv4.ts";
import { accountId, anAuthServer, instanceArn, outcome, presigned, roleArn } from "./support.ts";

const target = `/queues-summary/${encodeURIComponent(instanceArn)}`;
const query = { queueTypes: ["STANDARD", "AGENT"], nextToken: "a+b/c=d e&é" };
const accepted = `accepted arn:aws:iam::${accountId}:user/test`;

test("a presigned URL is accepted while it lasts", async () => {
  const { keys } = await anAuthServer();
  const request = await presigned({ target, query, expiresIn: 600 });
  expect(outcome(request, keys, { region: "us-east-1" })).toBe(accepted);
  expect(outcome(request, keys, { now: Date.now() + 598_000 })).toBe(accepted);
  expect(outcome(request, keys, { now: Date.now() + 602_000 })).toMatch(
    /^InvalidSignatureException 403: Signature expired: /,
  );
  expect(outcome(request, keys, { now: Date.now() - 302_000 })).toMatch(/Signature not yet current: /);
  expect(callerWithoutCheck(request, keys).arn).toMatch(/user\/test$/);
});

test("changed, it is refused", async () => {
  const { keys } = await anAuthServer();
  const request = await presigned({ target, query });
  const changed = [
    { ...request, target: request.target.replace("AGENT", "OTHER") },
    { ...request, target: request.target.replace("X-Amz-Expires=60", "X-Amz-Expires=61") },
    { ...request, target: `${request.target}&more=1` },
    { ...request, body: "a body" },
    { ...request, rawHeaders: ["host", "localhost:4586"] },
    { ...request, target: request.target.replace(/X-Amz-Signature=\w/, "X-Amz-Signature=g") },
  ];
  for (const one of changed)
    expect(outcome(one, keys)).toMatch(/^InvalidSignatureException 403: The request/);
});

test.each([
  ["X-Amz-Expires", "0"],
  ["X-Amz-Expires", "604801"],
  ["X-Amz-Expires", "1.5"],
  ["X-Amz-Algorithm", "AWS4-HMAC-SHA1"],
  ["X-Amz-Date", "now"],
  ["X-Amz-Credential", "test"],
  ["X-Amz-SignedHeaders", ""],
  ["X-Amz-Signature", ""],
])("%s=%s is incomplete", async (name, value) => {
  const { keys } = await anAuthServer();
  const request = await presigned({ target, query });
  const changed = request.target.replace(new RegExp(`${name}=[^&]+`), `${name}=${value}`);
  expect(outcome({ ...request, target: changed }, keys)).toMatch(/^IncompleteSignatureException 403: /);
});

test("a session's URL carries its token", async () => {
  const { keys } = await anAuthServer();
  const session = keys.issue({ roleArn, sessionName: "me", durationSeconds: 900 });
  const request = await presigned({ target, credentials: session, expiresIn: 3600 });
  expect(outcome(request, keys)).toMatch(/^accepted .*assumed-role\/Callers\/me$/);
  expect(outcome(request, keys, { now: Date.now() + 900_000 })).toMatch(/^ExpiredTokenException 403/);
  const without = request.target.replace(/X-Amz-Security-Token=[^&]+&?/, "");
  expect(outcome({ ...request, target: without }, keys)).toMatch(/^UnrecognizedClientException 403/);
});

test("a hoisted hash of the payload is the one that counts", async () => {
  const { keys } = await anAuthServer();
  const headers = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  const request = await presigned({ target, headers });
  expect(outcome({ ...request, body: "anything" }, keys)).toBe(accepted);
});

test("signed headers with idle spaces, in pieces", async () => {
  const { keys } = await anAuthServer();
  const request = await presigned({ target, headers: { "my-header": "a  b", list: "1,2" } });
  const rawHeaders = ["Host", "localhost:4585", "My-Header", "  a \t b ", "List", "1", "List", "2"];
  expect(outcome({ ...request, rawHeaders }, keys)).toBe(accepted);
});
