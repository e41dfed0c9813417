import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningApi, startApi, stopApi } from "./small-api.ts";

const { privateKey, publicKey } = await generateKeyPair("RS256");
const other = await generateKeyPair("RS256");
const elliptic = await generateKeyPair("ES256");

let issuer: string;
let identityProvider: Server;
let isDown = false;
let api: RunningApi;

beforeAll(async () => {
  const jwks = {
    keys: [
      { ...(await exportJWK(publicKey)), kid: "one", alg: "RS256" },
      { ...(await exportJWK(elliptic.publicKey)), kid: "elliptic", alg: "ES256" },
    ],
  };
  identityProvider = createServer(({ url }, response) => {
    if (isDown) response.writeHead(503).end();
    else if (url === "/keys") response.end(JSON.stringify(jwks));
    else if (url === "/.well-known/openid-configuration")
      response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}keys` }));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => identityProvider.listen(0, "127.0.0.1", () => resolve()));
  issuer = `http://127.0.0.1:${(identityProvider.address() as AddressInfo).port}/`;
  const AuthorizerId = { Ref: "HttpApiAuthorizerToken" };
  api = await startApi({
    routes: {
      "GET /open": { AuthorizationType: "JWT", AuthorizerId },
      "GET /scoped": {
        AuthorizationType: "JWT",
        AuthorizerId,
        AuthorizationScopes: ["calls:read", "calls:write"],
      },
    },
    others: {
      HttpApiAuthorizerToken: {
        Type: "AWS::ApiGatewayV2::Authorizer",
        Properties: {
          ApiId: { Ref: "HttpApi" },
          Name: "token",
          IdentitySource: ["$request.header.Authorization"],
          AuthorizerType: "JWT",
          JwtConfiguration: { Audience: ["calls", "other"], Issuer: issuer },
        },
      },
    },
  });
});
afterAll(async () => {
  await stopApi(api);
  identityProvider.closeAllConnections();
  identityProvider.close();
});

const now = () => Math.floor(Date.now() / 1000);
const aToken = (claims: Record<string, unknown> = {}, header: object = {}, key = privateKey) =>
  new SignJWT({ sub: "alice", iss: issuer, aud: "calls", iat: now(), exp: now() + 60, ...claims })
    .setProtectedHeader({ alg: "RS256", kid: "one", ...header })
    .sign(key);
const ask = (path: string, token?: string) =>
  fetch(`${api.url}${path}`, { headers: token === undefined ? {} : { authorization: token } });
const challengeOf = ({ headers }: Response) => headers.get("www-authenticate");

it("answers 401 for as long as the issuer's keys cannot be had", async () => {
  isDown = true;
  const response = await ask("/open", await aToken());
  isDown = false;
  expect([response.status, challengeOf(response)]).toEqual([
    401,
    'Bearer scope="" error="invalid_token" error_description="OIDC discovery endpoint communication error"',
  ]);
});

describe("a valid token", () => {
  it("gives its claims to the function as text", async () => {
    const iat = now();
    const claims = { iat, exp: iat + 60, groups: ["a", "b"], admin: true, nested: { x: 1 } };
    const event = await (await ask("/open", `Bearer ${await aToken(claims)}`)).json();
    expect(event).toMatchObject({
      requestContext: {
        authorizer: {
          jwt: {
            claims: {
              sub: "alice",
              iss: issuer,
              aud: "calls",
              iat: String(iat),
              exp: String(iat + 60),
              groups: "[a b]",
              admin: "true",
              nested: '{"x":1}',
            },
            scopes: null,
          },
        },
      },
    });
  });

  it("may come without the word Bearer, and for any of its audiences", async () => {
    expect((await ask("/open", await aToken({ aud: ["strange", "other"] }))).status).toBe(200);
  });

  it("may name its client in place of an audience", async () => {
    const token = (claims: JWTPayload) =>
      new SignJWT({ iss: issuer, exp: now() + 60, ...claims })
        .setProtectedHeader({ alg: "RS256", kid: "one" })
        .sign(privateKey);
    expect((await ask("/open", await token({ client_id: "calls" }))).status).toBe(200);
    expect((await ask("/open", await token({ client_id: "calls", aud: "strange" }))).status).toBe(401);
  });
});

describe("a token is refused", () => {
  const cases: [string, () => Promise<string>, string][] = [
    ["that has expired", () => aToken({ exp: now() - 1 }), "the token has expired"],
    ["that never expires", () => aToken({ exp: undefined }), "the claim exp is not valid"],
    ["before its time", () => aToken({ nbf: now() + 60 }), "the claim nbf is not valid"],
    ["from the future", () => aToken({ iat: now() + 60 }), "the token was issued in the future"],
    ["for another audience", () => aToken({ aud: "strange" }), "the token does not have a valid audience"],
    ["for no audience", () => aToken({ aud: undefined }), "the token does not have a valid audience"],
    ["of another issuer", () => aToken({ iss: "http://elsewhere/" }), "the claim iss is not valid"],
    ["of another key", () => aToken({}, {}, other.privateKey), "the signature is not valid"],
    ["of an unknown key", () => aToken({}, { kid: "two" }), "the issuer has no such key"],
    [
      "of another algorithm",
      () => aToken({}, { alg: "ES256", kid: "elliptic" }, elliptic.privateKey),
      "the signing method is not valid",
    ],
    [
      "that nobody signed",
      async () => {
        const [, claims] = (await aToken()).split(".");
        return `${Buffer.from('{"alg":"none"}').toString("base64url")}.${claims}.`;
      },
      "the signing method is not valid",
    ],
    [
      "with other claims than were signed",
      async () => {
        const [header, , signature] = (await aToken()).split(".");
        const claims = { sub: "mallory", iss: issuer, aud: "calls", exp: now() + 60 };
        return [header, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
      },
      "the signature is not valid",
    ],
    ["that is none", async () => "nonsense", "the token is malformed"],
  ];
  it.each(cases)("%s", async (_, token, why) => {
    const response = await ask("/open", `Bearer ${await token()}`);
    expect([response.status, challengeOf(response)]).toEqual([
      401,
      `Bearer scope="" error="invalid_token" error_description="${why}"`,
    ]);
    expect(await response.json()).toEqual({ message: "Unauthorized" });
  });

  it("that is not there", async () => {
    const response = await ask("/open");
    expect([response.status, challengeOf(response)]).toEqual([401, "Bearer"]);
  });
});

describe("a route with scopes", () => {
  it.each([{ scope: "profile calls:read" }, { scp: ["calls:read"] }])(
    "takes a token with one of them: %j",
    async (claims) => {
      const response = await ask("/scoped", await aToken(claims));
      expect(await response.json()).toMatchObject({
        requestContext: { authorizer: { jwt: { scopes: ["calls:read"] } } },
      });
    },
  );

  it.each([{}, { scope: "profile" }, { scope: "calls:readx" }, { scope: 7 }])(
    "takes no other: %j",
    async (claims) => {
      const response = await ask("/scoped", await aToken(claims));
      expect([response.status, challengeOf(response)]).toEqual([
        403,
        'Bearer scope="calls:read calls:write" error="insufficient_scope" error_description="the token does not have any of the required scopes"',
      ]);
      expect(await response.json()).toEqual({ message: "Forbidden" });
    },
  );
});
