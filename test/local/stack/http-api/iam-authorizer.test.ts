import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signedFetch, signedHeaders } from "../../../support/signed-fetch.ts";
import { type RunningApi, startApi, stopApi } from "./small-api.ts";

let api: RunningApi;
let url: string;
let calls = 0;

beforeAll(async () => {
  api = await startApi({ routes: { "ANY /calls/{id+}": { AuthorizationType: "AWS_IAM" } } });
  url = `${api.url}/calls/a%20b/c?x=2&x=1&y=%2F`;
  api.stack.onInvocation(({ phase }) => void (phase === "started" && calls++));
});
afterAll(() => stopApi(api));

const post = { method: "POST", headers: { "content-type": "application/json" }, body: '{"a":"ë"}' };

it("a signed request is the caller's", async () => {
  const response = await signedFetch(url, post);
  expect(await response.json()).toMatchObject({
    body: post.body,
    pathParameters: { id: "a b/c" },
    requestContext: {
      authorizer: {
        iam: {
          accessKey: "test",
          accountId: "000000000000",
          callerId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: "arn:aws:iam::000000000000:user/test",
          userId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
        },
      },
    },
  });
});

it("may be signed with the stack's own keys, and by curl", async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = api.stack.env;
  const own = await signedFetch(url, {}, { credentials: { accessKeyId, secretAccessKey } });
  expect(own.status).toBe(200);
  const { stdout } = await promisify(execFile)("curl", [
    "-sS",
    ...["--aws-sigv4", "aws:amz:us-east-1:execute-api", "--user", "test:test"],
    `${api.url}/calls/r-1`,
  ]);
  expect(JSON.parse(stdout)).toMatchObject({
    requestContext: { authorizer: { iam: { accessKey: "test" } } },
  });
});

describe("is refused, and reaches no function:", () => {
  const signed = (signer: Parameters<typeof signedHeaders>[2]) => async () =>
    signedHeaders(url, post, signer);
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const cases: [string, () => Promise<Record<string, string>>, object?][] = [
    ["without a signature", async () => post.headers],
    ["with another key's id", signed({ credentials: { accessKeyId: "nobody", secretAccessKey: "test" } })],
    ["with another secret", signed({ credentials: { accessKeyId: "test", secretAccessKey: "guess" } })],
    ["for another region", signed({ region: "eu-west-1" })],
    ["for another service", signed({ service: "connect" })],
    ["from six minutes ago", signed({ at: minutesAgo(6) })],
    ["from six minutes ahead", signed({ at: minutesAgo(-6) })],
    ["with another body", signed({}), { body: '{"a":"b"}' }],
    ["with no body", signed({}), { body: null }],
    ["by another method", signed({}), { method: "PUT" }],
    [
      "with a hash of another body",
      async () =>
        signedHeaders(url, { ...post, headers: { ...post.headers, "x-amz-content-sha256": "0".repeat(64) } }),
    ],
    [
      "with a signature that leaves the body out",
      async () =>
        signedHeaders(url, {
          ...post,
          headers: { ...post.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
        }),
    ],
    ["with nonsense", async () => ({ authorization: "AWS4-HMAC-SHA256 nonsense" })],
  ];
  it.each(cases)("%s", async (_, headers, changed = {}) => {
    const before = calls;
    const response = await fetch(url, { ...post, headers: await headers(), ...changed });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message: "Forbidden" });
    expect(calls).toBe(before);
  });

  it("at another path, and with another query", async () => {
    const headers = await signedHeaders(url);
    expect((await fetch(url, { headers })).status).toBe(200);
    for (const other of [url.replace("/c?", "/d?"), url.replace("x=1", "x=3"), `${url}&z=`])
      expect((await fetch(other, { headers })).status).toBe(403);
  });
});
