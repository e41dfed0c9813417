import { afterEach, describe, expect, it } from "vitest";
import type { Template } from "../../../../local/stack/cloudformation.ts";
import { startStack } from "../../../../local/stack/stack.ts";
import { aDirectory, aFunction, aService, removeDirectories, until } from "../small-service.ts";
import { anApi, answering, type RunningApi, startApi, stopApi } from "./small-api.ts";

const running: RunningApi[] = [];
const start = async (...parts: Parameters<typeof startApi>) => {
  const api = await startApi(...parts);
  running.push(api);
  return api;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map(stopApi));
  removeDirectories();
});

describe("an integration", () => {
  it("that takes longer than its timeout is 503, and its function goes on", async () => {
    const others = anApi({ routes: {} });
    const integration = others["HttpApiIntegrationAnswer"];
    const Properties = { ...(integration?.Properties as object), TimeoutInMillis: 100 };
    const api = await start({
      routes: { "GET /slow": {} },
      others: { HttpApiIntegrationAnswer: { Type: "AWS::ApiGatewayV2::Integration", Properties } },
    });
    const response = await fetch(`${api.url}/slow`, { headers: answering({ sleeps: 300, returns: 1 }) });
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ message: "Service Unavailable" });
    expect(api.stack.busy("answer")).toBe(1);
  });

  it("whose function runs out of its own time is 500", async () => {
    const api = await start({
      routes: { "GET /slow": {} },
      others: { Answer: aFunction("answer", { Timeout: 1 }) },
    });
    const response = await fetch(`${api.url}/slow`, { headers: answering({ sleeps: 5_000 }) });
    expect(response.status).toBe(500);
    expect(api.warnings).toEqual(["small-answer timed-out, invoked by GET /slow"]);
  });
});

describe("CORS", () => {
  const CorsConfiguration = {
    AllowOrigins: ["https://app.example", "http://*"],
    AllowMethods: ["GET", "POST"],
    AllowHeaders: ["authorization"],
    ExposeHeaders: ["x-mine"],
    AllowCredentials: true,
    MaxAge: 60,
  };
  const preflight = (origin: string) => ({
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST" },
  });

  it("is answered for its functions where the API is set up for it", async () => {
    const api = await start({ routes: { "POST /calls": {} }, api: { CorsConfiguration } });
    const response = await fetch(`${api.url}/calls`, preflight("https://app.example"));
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "access-control-allow-origin": "https://app.example",
      "access-control-allow-methods": "GET,POST",
      "access-control-allow-headers": "authorization",
      "access-control-allow-credentials": "true",
      "access-control-max-age": "60",
    });
    const stranger = await fetch(`${api.url}/calls`, preflight("https://evil.example"));
    expect([stranger.status, stranger.headers.get("access-control-allow-origin")]).toEqual([204, null]);
  });

  it("takes the place of what a function says of it", async () => {
    const api = await start({ routes: { "POST /calls": {} }, api: { CorsConfiguration } });
    const headers = {
      origin: "http://local.example",
      ...answering({ returns: { statusCode: 200, headers: { "Access-Control-Allow-Origin": "*" } } }),
    };
    const response = await fetch(`${api.url}/calls`, { method: "POST", headers });
    expect(response.headers.get("access-control-allow-origin")).toBe("http://local.example");
    expect(response.headers.get("access-control-expose-headers")).toBe("x-mine");
    const missing = await fetch(`${api.url}/nothing`, { headers: { origin: "http://local.example" } });
    expect([missing.status, missing.headers.get("access-control-allow-origin")]).toEqual([
      404,
      "http://local.example",
    ]);
  });

  it("is the functions' affair otherwise", async () => {
    const api = await start({ routes: { "OPTIONS /calls": {} } });
    const { headers, method } = preflight("https://app.example");
    const returns = { statusCode: 200, headers: { "access-control-allow-origin": "*" } };
    const response = await fetch(`${api.url}/calls`, {
      method,
      headers: { ...headers, ...answering({ returns }) },
    });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
  });
});

describe("a template", () => {
  const startWith = (resources: Template["Resources"]) =>
    startStack({
      service: aService(resources, { answer: "export const handler = () => 1;" }),
      dir: aDirectory(),
    });
  const authorizer = (properties: object) => ({
    Type: "AWS::ApiGatewayV2::Authorizer",
    Properties: {
      ApiId: { Ref: "HttpApi" },
      Name: "a",
      IdentitySource: ["$request.header.Authorization"],
      AuthorizerType: "JWT",
      JwtConfiguration: { Audience: ["a"], Issuer: "https://issuer.example" },
      ...properties,
    },
  });

  it.each<[Parameters<typeof anApi>[0], RegExp]>([
    [{ routes: {}, api: { ProtocolType: "WEBSOCKET" } }, /HttpApi \(.*only HTTP APIs run here/],
    [{ routes: {}, api: { DisableExecuteApiEndpoint: true } }, /there is no other endpoint here/],
    [{ routes: {}, stage: { StageName: "v1" } }, /only the stage \$default runs here/],
    [{ routes: {}, stage: { DefaultRouteSettings: { Surprise: 1 } } }, /HttpApiStage .*Surprise/],
    [{ routes: { "GET /a": { RequestParameters: {} } } }, /HttpApiRoute0 .*RequestParameters/],
    [{ routes: { "GET /a": { AuthorizationType: "CUSTOM" } } }, /HttpApiRoute0 .*AuthorizationType/],
    [
      { routes: { "GET /a": { AuthorizationType: "JWT", AuthorizerId: "none" } } },
      /there is no authorizer none/,
    ],
    [{ routes: { "GET /a": { Target: "integrations/none" } } }, /there is no integration integrations\/none/],
    [{ routes: { "GET /a{b}": {} } }, /The path of the route GET \/a\{b\} is not understood/],
    [
      { routes: {}, others: { A: authorizer({ AuthorizerType: "REQUEST" }) } },
      /only JWT authorizers run here/,
    ],
    [
      {
        routes: {},
        others: {
          Second: { Type: "AWS::ApiGatewayV2::Api", Properties: { Name: "b", ProtocolType: "HTTP" } },
        },
      },
      /runs one HTTP API/,
    ],
    [
      { routes: {}, others: { M: { Type: "AWS::ApiGatewayV2::ApiMapping" } } },
      /what to do with M \(AWS::ApiGatewayV2::ApiMapping\)/,
    ],
  ])("that is not understood does not start (%#)", async (parts, error) => {
    await expect(startWith(anApi(parts))).rejects.toThrow(error);
  });

  it("without an API has no URL of one", async () => {
    const stack = await startWith({ Answer: aFunction("answer") });
    expect(stack.apiUrl).toBeUndefined();
    await stack.stop();
  });

  it("can tell its functions the API's URL", async () => {
    const Variables = {
      SELF: { "Fn::GetAtt": ["HttpApi", "ApiEndpoint"] },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax
      BY_ID: { "Fn::Sub": "https://${HttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/a" },
    };
    const api = await start({
      routes: { "GET /a": {} },
      others: { Answer: aFunction("answer", { Environment: { Variables } }) },
    });
    const told = async (tells: string) =>
      (await fetch(`${api.url}/a`, { headers: answering({ tells }) })).text();
    expect([await told("SELF"), await told("BY_ID")]).toEqual([api.url, `${api.url}/a`]);
  });
});

describe("a stack that stops", () => {
  it.each([
    [0, `{"message":"Internal Server Error"}`],
    [10_000, "done"],
  ])("kills what its HTTP API is at, unless it is given time (%i ms)", async (graceMs, expected) => {
    const api = await startApi({ routes: { "GET /slow": {} } });
    const headers = answering({ sleeps: 200, returns: "done" });
    const answer = fetch(`${api.url}/slow`, { headers }).then((response) => response.text());
    await until(() => expect(api.stack.busy("answer")).toBe(1));
    const [{ pid } = { pid: undefined }] = api.stack.environments("answer");
    await api.stack.stop(graceMs);
    expect(await answer).toBe(expected);
    expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH");
    expect(await api.stack.invoke("answer")).toEqual({ kind: "died" });
    expect(api.warnings).toEqual([]);
  });
});
