import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { openApiDocument } from "../../../build/openapi/document.ts";
import { openApiYaml } from "../../../build/openapi/yaml.ts";
import { type Answer, ApiWorld } from "../../support/api-world.ts";
import { FederationWorld, federationRefusals, tokenOf } from "../../support/federation-world.ts";
import { IntakeInMemory } from "../../support/intake-in-memory.ts";
import { aMetricRow } from "../../support/metric-builders.ts";
import { MetricsApiWorld } from "../../support/metrics-api-world.ts";
import { packagedRoutes } from "../../support/packaged-routes.ts";

const yaml = openApiYaml(openApiDocument());

it("docs/openapi.yaml is what `npm run openapi` makes", async () => {
  await expect(yaml).toMatchFileSnapshot("../../../docs/openapi.yaml");
});

describe("the description of the HTTP API", () => {
  it("is valid OpenAPI 3.1, with nothing to find fault with", async () => {
    // The local stack is one of its servers.
    const config = await createConfig({
      extends: ["recommended"],
      rules: { "no-server-example.com": "off" },
    });
    const problems = await lintFromString({ source: yaml, absoluteRef: "docs/openapi.yaml", config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual(
      [],
    );
  });

  it("has the routes that are packaged, and no others", async () => {
    const described = Object.entries(parse(yaml).paths).flatMap(([path, item]) =>
      Object.keys(item as object)
        .filter((method) => ["get", "post", "put", "patch", "delete"].includes(method))
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    // SCIM describes itself, at its own /Schemas.
    const packaged = (await packagedRoutes())
      .map(({ routeKey }) => routeKey)
      .filter((routeKey) => !routeKey.includes(" /scim/v2/"));
    expect(described.sort()).toEqual(packaged.sort());
  });
});

describe("real answers are as they are described", () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(parse(yaml), "api");

  let api: ApiWorld;
  beforeAll(() => expect(ajv.errors ?? []).toEqual([]));
  beforeEach(() => {
    api = new ApiWorld();
  });

  const problemsOf = ({ routeKey, status, headers, body }: Answer): string[] => {
    const [method = "", path = ""] = routeKey.split(" ");
    const response = `#/paths/${pointer(path)}/${method.toLowerCase()}/responses/${status}`;
    if (body === undefined) return find(response) === undefined ? [`${response} is not described`] : [];
    const described = find(response) as { $ref?: string } | undefined;
    const mediaType = pointer(String(headers["content-type"]));
    const schema = `api${described?.$ref ?? response}/content/${mediaType}/schema`;
    const validate = ajv.getSchema(schema);
    if (!validate) return [`${schema} is not described`];
    validate(body);
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${schema}: ${instancePath} ${message}`,
    );
  };

  it.each<[string, string, unknown, Record<string, string>, number]>([
    ["POST", "/call-requests", { requestId: "n-1", destination: "+12065550100" }, {}, 202],
    [
      "POST",
      "/call-requests",
      [
        { requestId: "n-1", destination: "+12065550100" },
        {},
        { requestId: "n-7", destination: "+12065550100" },
        { requestId: "x" },
      ],
      {},
      202,
    ],
    ["POST", "/call-requests", "{", {}, 400],
    ["POST", "/call-requests", `"${"x".repeat(5_000_000)}"`, {}, 413],
    ["POST", "/call-requests", "x", { "content-type": "text/plain" }, 415],
    ["POST", "/call-requests", {}, {}, 422],
    ["POST", "/call-requests", { requestId: "n-7", destination: "+12065550100" }, {}, 503],
    ["GET", "/call-requests?limit=1", undefined, {}, 200],
    ["GET", "/call-requests?campaignId=spring", undefined, {}, 200],
    ["GET", "/call-requests?limit=0", undefined, {}, 400],
    ["GET", "/call-requests/r-1", undefined, {}, 200],
    ["GET", "/call-requests/r-1", undefined, { "if-none-match": "*" }, 304],
    ["GET", "/call-requests/a%20b", undefined, {}, 400],
    ["GET", "/call-requests/nobody", undefined, {}, 404],
    ["POST", "/call-requests/r-1/stop", { reason: "paid" }, {}, 202],
    ["POST", "/call-requests/r-1/stop", { because: "paid" }, {}, 422],
    ["PATCH", "/call-requests/r-1/attributes", { attributes: { a: "b" } }, {}, 202],
    ["PATCH", "/call-requests/r-1/attributes", { attributes: { a: null } }, {}, 422],
    ["POST", "/campaigns/spring/stop", undefined, {}, 202],
    ["POST", "/campaigns/spring/stop?now=1", undefined, {}, 400],
  ])("%s %s", async (method, target, body, headers, status) => {
    api = new ApiWorld({ intake: new IntakeInMemory({ refuses: ({ id }) => id === "n-7" }) });
    await api.record("r-1", { campaignId: "spring", reason: "pace" });
    await api.record("r-2", { campaignId: "spring", state: "refused", problems: ["destination is missing"] });
    const answer = await api.ask(method, target, { body, headers });
    expect(answer.status).toBe(status);
    expect(problemsOf(answer)).toEqual([]);
  });

  it.each([
    ["/metrics/queues?limit=1", 200],
    ["/metrics/queues?limit=0", 400],
    ["/metrics/queues/queue-1", 200],
    ["/metrics/queues/queue-1?resolution=1h&limit=1", 200],
    ["/metrics/queues/queue-1?resolution=now", 200],
    ["/metrics/queues/queue-1?resolution=15m", 400],
    ["/metrics/now?limit=1", 200],
    ["/metrics/now?cursor=x", 400],
  ])("GET %s", async (target, status) => {
    const answer = await (await aMetricsApi()).get(target);
    expect(answer.status).toBe(status);
    expect(problemsOf(answer)).toEqual([]);
  });

  it("GET /metrics/now, before there is a snapshot", async () => {
    const answer = await new MetricsApiWorld().get("/metrics/now");
    expect(answer.status).toBe(404);
    expect(problemsOf(answer)).toEqual([]);
  });

  it.each([
    ["ana", "application/json", 200],
    ["ana", "text/html", 302],
    ["a/b", "application/json", 403],
    ["nobody", "application/json", 404],
  ])("GET /federation, as %s, %s", async (name, accept, status) => {
    const answer = await new FederationWorld(["ana"]).ask(tokenOf({ preferred_username: name }), { accept });
    expect(answer.status).toBe(status);
    expect(problemsOf(answer)).toEqual([]);
  });

  it.each(federationRefusals)("GET /federation, refused: %s", async (refusal, status) => {
    const world = new FederationWorld(["ana"]);
    world.federation.fails = refusal;
    const answer = await world.ask(tokenOf({ preferred_username: "ana" }));
    expect(answer.status).toBe(status);
    expect(problemsOf(answer)).toEqual([]);
  });

  it("is a check that can fail", async () => {
    const answer = await api.get("/call-requests?limit=1");
    expect(problemsOf({ ...answer, body: { callRequests: [{ requestId: "r-1" }] } })).not.toEqual([]);
    expect(problemsOf({ ...answer, status: 418 })).not.toEqual([]);
  });
});

/** With rows of each kind, and more than one page of them. */
async function aMetricsApi(): Promise<MetricsApiWorld> {
  const api = new MetricsApiWorld();
  const at = "2026-11-24T11:50:00.000Z";
  const row = aMetricRow({ at, values: { CONTACTS_QUEUED: 3, HANDLE_TIME: null } });
  const queueIds = ["queue-1", "queue-2"];
  await api.metrics.keepQueues(queueIds.map((queueId) => ({ queueId, name: "Sales" })));
  await api.metrics.putAll([
    row,
    ...queueIds.map((queueId) => aMetricRow({ queueId, at, resolution: "now" })),
    ...(["VOICE", "CHAT"] as const).map((channel) =>
      aMetricRow({ channel, at: "2026-11-24T11:00:00.000Z", resolution: "1h", intervals: 12 }),
    ),
  ]);
  await api.metrics.closeSnapshot({ at, state: "whole", channels: ["VOICE"], lacking: 0 });
  return api;
}

const pointer = (text: string): string => text.replaceAll("~", "~0").replaceAll("/", "~1");

function find(reference: string): unknown {
  const names = reference
    .split("/")
    .slice(1)
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  return names.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    parse(yaml),
  );
}
