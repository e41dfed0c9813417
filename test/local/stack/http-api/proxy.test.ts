import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answering, type RunningApi, startApi, stopApi } from "./small-api.ts";

interface Event {
  body?: string;
  isBase64Encoded: boolean;
  headers: Record<string, string>;
  [member: string]: unknown;
}

let api: RunningApi;

beforeAll(async () => {
  api = await startApi({
    routes: { "ANY /echo": {}, "GET /pets/{id}": {}, "GET /files/{path+}": {}, "POST /pets": {} },
  });
});
afterAll(() => stopApi(api));

const ask = (path: string, init?: RequestInit) => fetch(`${api.url}${path}`, init);
const eventOf = async (path: string, init?: RequestInit) => (await (await ask(path, init)).json()) as Event;
const answered = (wanted: Parameters<typeof answering>[0]) => ask("/echo", { headers: answering(wanted) });

describe("a function behind the HTTP API", () => {
  it("gets the request in payload format 2.0", async () => {
    const event = await eventOf("/pets/7?a=1&b=2&a=3", {
      headers: { "user-agent": "test", "X-Mine": "yes" },
    });
    const host = api.url.slice("http://".length);
    expect(event).toEqual({
      version: "2.0",
      routeKey: "GET /pets/{id}",
      rawPath: "/pets/7",
      rawQueryString: "a=1&b=2&a=3",
      headers: expect.objectContaining({
        "content-length": "0",
        host,
        "user-agent": "test",
        "x-mine": "yes",
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-proto": "https",
        "x-amzn-trace-id": expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      }),
      queryStringParameters: { a: "1,3", b: "2" },
      pathParameters: { id: "7" },
      requestContext: {
        accountId: "000000000000",
        apiId: "HttpApi",
        domainName: host,
        domainPrefix: "127",
        http: {
          method: "GET",
          path: "/pets/7",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: "test",
        },
        requestId: expect.stringMatching(/^[\w+/]{15}=$/),
        routeKey: "GET /pets/{id}",
        stage: "$default",
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
  });

  it("has the request's id in common with the client", async () => {
    const response = await ask("/echo");
    const { requestContext } = (await response.json()) as { requestContext: { requestId: string } };
    expect(response.headers.get("apigw-requestid")).toBe(requestContext.requestId);
  });

  it("is stack.invoke's, onInvocation's and kill's like any other", async () => {
    const seen: string[] = [];
    const end = api.stack.onInvocation(({ phase, functionName }) => {
      seen.push(`${functionName} ${phase}`);
      if (phase === "started") api.stack.kill("answer");
    });
    const response = await ask("/echo");
    end();
    expect(response.status).toBe(500);
    expect(seen).toEqual(["small-answer started", "small-answer ended"]);
    expect(await api.stack.invoke("answer", { headers: {} })).toMatchObject({ kind: "result" });
  });

  it("is told where it is by the output HttpApiUrl", () => {
    expect(api.stack.env).toMatchObject({ HTTP_API_URL: api.url, HTTP_API_ID: "HttpApi" });
  });
});

describe("a body", () => {
  const bytes = Buffer.from([0x7b, 0x00, 0xff, 0xc3, 0x28]);
  it.each([
    ["application/json", false],
    ["application/JSON; charset=utf-8", false],
    ["application/xml", false],
    ["text/csv", false],
    ["application/x-www-form-urlencoded", true],
    ["application/problem+json", true],
    ["application/octet-stream", true],
  ])("of type %s comes as base64: %s", async (type, isBase64Encoded) => {
    const text = '{"name":"Zoë ☎"}';
    const event = await eventOf("/echo", { method: "POST", headers: { "content-type": type }, body: text });
    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(Buffer.from(event.body ?? "", isBase64Encoded ? "base64" : "utf8").toString()).toBe(text);
    expect(event.headers["content-length"]).toBe(String(Buffer.byteLength(text)));
  });

  it("that has no type comes as base64, byte by byte", async () => {
    const event = await eventOf("/echo", { method: "POST", body: bytes });
    expect(event).toMatchObject({ isBase64Encoded: true, body: bytes.toString("base64") });
  });

  it("is absent where none was sent", async () => {
    expect(await eventOf("/echo", { method: "POST" })).not.toHaveProperty("body");
  });

  it("may have 10 MB and no more", async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1, "a");
    const response = await ask("/echo", { method: "POST", body });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: "Request Entity Too Large" });
    // Of unknown length, it is refused as soon as it is too long.
    const stream = new Blob([body]).stream();
    const chunked = await ask("/echo", { method: "POST", body: stream, duplex: "half" } as RequestInit);
    expect(chunked.status).toBe(413);
    const fits = { method: "POST", body: body.subarray(1), headers: answering({ returns: "taken" }) };
    expect(await (await ask("/echo", fits)).text()).toBe("taken");
  });
});

describe("what of a request has several values or needs decoding", () => {
  it("has cookies in a list and not among the headers", async () => {
    const event = await eventOf("/echo", { headers: { cookie: "a=1; b=2" } });
    expect(event["cookies"]).toEqual(["a=1", "b=2"]);
    expect(event.headers).not.toHaveProperty("cookie");
  });

  it("joins headers of one name by commas", async () => {
    const event = await eventOf("/echo", {
      headers: [
        ["x-many", "1"],
        ["X-Many", "2"],
      ],
    });
    expect(event.headers["x-many"]?.replace(" ", "")).toBe("1,2");
  });

  it("decodes the path and its parameters", async () => {
    expect(await eventOf("/pets/r%231%20%C3%AB")).toMatchObject({
      rawPath: "/pets/r#1 ë",
      pathParameters: { id: "r#1 ë" },
      requestContext: { http: { path: "/pets/r#1 ë" } },
    });
    expect(await eventOf("/files/a/b%2Bc/d")).toMatchObject({ pathParameters: { path: "a/b+c/d" } });
  });

  it("takes an encoded slash for a slash", async () => {
    expect((await ask("/pets/a%2Fb")).status).toBe(404);
    expect(await eventOf("/files/a%2Fb")).toMatchObject({ pathParameters: { path: "a/b" } });
  });

  it("decodes query parameters and leaves the raw query string alone", async () => {
    expect(await eventOf("/echo?q=a%26b+c&empty=&flag&bad=%zz")).toMatchObject({
      rawQueryString: "q=a%26b+c&empty=&flag&bad=%zz",
      queryStringParameters: { q: "a&b c", empty: "", flag: "", bad: "%zz" },
    });
  });
});

describe("an answer", () => {
  it("has the status, headers, cookies and body that the function returns", async () => {
    const returns = {
      statusCode: 201,
      headers: { "Content-Type": "text/html", "X-Number": 7, "Content-Length": "1" },
      cookies: ["a=1; Secure", "b=2"],
      body: "<p>☎</p>",
    };
    const response = await answered({ returns });
    expect(response.status).toBe(201);
    expect(await response.text()).toBe("<p>☎</p>");
    expect(response.headers.get("content-type")).toBe("text/html");
    expect(response.headers.get("x-number")).toBe("7");
    expect(response.headers.getSetCookie()).toEqual(["a=1; Secure", "b=2"]);
  });

  it("is plain text unless the function says otherwise", async () => {
    const response = await answered({ returns: { statusCode: "202", body: "hello" } });
    expect([response.status, await response.text()]).toEqual([202, "hello"]);
    expect(response.headers.get("content-type")).toBe("text/plain;charset=UTF-8");
  });

  it("may be binary", async () => {
    const body = Buffer.from([0, 255, 1]);
    const returns = { statusCode: 200, body: body.toString("base64"), isBase64Encoded: true };
    expect(Buffer.from(await (await answered({ returns })).arrayBuffer())).toEqual(body);
  });

  it.each([
    [{ a: 1 }, '{"a":1}'],
    ["hello", "hello"],
    [null, "null"],
    [[1], "[1]"],
  ])("without a status code is the body itself: %j", async (returns, text) => {
    const response = await answered({ returns });
    expect([response.status, await response.text()]).toEqual([200, text]);
    expect(response.headers.get("content-type")).toBe("application/json");
  });

  it("of status 204 has no body", async () => {
    const response = await answered({ returns: { statusCode: 204, body: "nothing" } });
    expect([response.status, await response.text()]).toEqual([204, ""]);
  });

  it.each([
    { throws: "as asked" },
    { exits: true },
    { returns: { statusCode: 99 } },
    { returns: { statusCode: "many" } },
    { returns: { statusCode: 200, body: { not: "text" } } },
    { returns: { statusCode: 200, headers: { "bad name": "x" } } },
    { returns: { statusCode: 200, headers: { "x-bad": "a\r\nb" } } },
    { returns: { statusCode: 200, cookies: "a=1" } },
  ])("that is wrong, or none at all, is 500: %j", async (answer) => {
    const response = await answered(answer);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: "Internal Server Error" });
    expect(response.headers.get("apigw-requestid")).toMatch(/=$/);
  });
});

describe("where no route matches", () => {
  it.each([
    ["GET", "/"],
    ["GET", "/pets"],
    ["GET", "/pets/"],
    ["POST", "/pets/"],
    ["GET", "/pets/7/"],
    ["DELETE", "/pets/7"],
    ["GET", "//pets/7"],
    ["GET", "/files/"],
  ])("%s %s is 404", async (method, path) => {
    const response = await ask(path, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: "Not Found" });
    expect(response.headers.get("content-type")).toBe("application/json");
  });
});
