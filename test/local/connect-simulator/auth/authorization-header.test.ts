import { ListUsersCommand } from "@aws-sdk/client-connect";
import { describe, expect, test } from "vitest";
import { anAuthServer, headersWith, instanceArn, outcome, sentBy } from "./support.ts";

describe("an Authorization header that is not one", () => {
  const bare = { method: "GET", target: "/users-summary/x", body: "" };

  test("missing", async () => {
    const { keys } = await anAuthServer();
    expect(outcome({ ...bare, rawHeaders: ["Host", "localhost"] }, keys)).toBe(
      "MissingAuthenticationTokenException 403: Missing Authentication Token",
    );
  });

  const scope = "20260101/us-east-1/connect/aws4_request";
  test.each([
    ["", "begin with AWS4-HMAC-SHA256"],
    ["Bearer abc", "begin with AWS4-HMAC-SHA256"],
    ["AWS4-ECDSA-P256-SHA256 Credential=test", "begin with AWS4-HMAC-SHA256"],
    ["AWS4-HMAC-SHA256", "'Credential'"],
    [`AWS4-HMAC-SHA256 Credential=test/${scope}`, "'SignedHeaders'"],
    [`AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=host`, "'Signature'"],
    ["AWS4-HMAC-SHA256 Credential=test, SignedHeaders=host, Signature=0", "KEY-ID/YYYYMMDD"],
  ])("%s", async (authorization, reason) => {
    const { keys } = await anAuthServer();
    const rawHeaders = [
      "Host",
      "localhost",
      "X-Amz-Date",
      "20260101T000000Z",
      "Authorization",
      authorization,
    ];
    const found = outcome({ ...bare, rawHeaders }, keys);
    expect(found).toMatch(/^IncompleteSignatureException 403: /);
    expect(found).toContain(reason);
  });

  test.each([
    [[], "requires an 'X-Amz-Date' header"],
    [["X-Amz-Date", "yesterday"], "not of the form"],
    [["X-Amz-Date", "20261340T000000Z"], "not of the form"],
  ])("with the date %s", async (date, reason) => {
    const { keys } = await anAuthServer();
    const authorization = `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=host, Signature=0`;
    const rawHeaders = ["Host", "localhost", "Authorization", authorization, ...date];
    expect(outcome({ ...bare, rawHeaders }, keys)).toContain(reason);
  });

  test("host left unsigned, and a signed header that is not there", async () => {
    const server = await anAuthServer();
    const request = await sentBy(server, () =>
      server.connect().send(new ListUsersCommand({ InstanceId: instanceArn })),
    );
    const named = (from: RegExp, to: string) =>
      outcome(
        headersWith(request, "authorization", (text) => text.replace(from, to)),
        server.keys,
      );
    expect(named(/SignedHeaders=[^,]+/, "SignedHeaders=x-amz-date")).toMatch(
      /'host' must be a signed header/,
    );
    expect(named(/SignedHeaders=/, "SignedHeaders=accept-nothing;")).toMatch(/is not in the request/);
  });
});
