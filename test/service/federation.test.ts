import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningService, startService } from "../support/running-service.ts";
import { signedHeaders } from "../support/signed-fetch.ts";

describe("federation, on the running service", () => {
  let service: RunningService;
  const usernames = ["test", "eva@example.com"];
  const secrets: string[] = [];

  beforeAll(async () => {
    const users = usernames.map((username) => ({ username }));
    const instance = { identityManagementType: "SAML" as const, alias: "acme", users };
    service = await startService({
      pollers: false,
      simulator: {
        centre: { instances: [instance] },
        quotas: { GetFederationToken: { rate: 100, burst: 100 } },
      },
    });
  });
  afterAll(async () => {
    const logs = service.logs();
    await service.end();
    expect(logs).toContain("federation-signed-in");
    expect(secrets.length).toBeGreaterThan(4);
    for (const secret of secrets) expect(logs.includes(secret), "the logs hold a secret").toBe(false);
    // The key of a session, and whom it is named after.
    expect(logs).not.toMatch(/ASIA[A-Z2-7]{16}|eva@example|session-name/);
  });

  const ask = async (accept: string, key = "test") => {
    const url = `${service.apiUrl}/federation`;
    const credentials = { accessKeyId: key, secretAccessKey: key };
    const headers = await signedHeaders(url, { headers: { accept } }, { credentials });
    return fetch(url, { headers, redirect: "manual" });
  };
  const passSchema = v.object({
    userId: v.string(),
    signInUrl: v.string(),
    credentials: v.object({ accessToken: v.string(), refreshToken: v.string() }),
  });
  const kept = (body: unknown) => {
    const pass = v.parse(passSchema, body);
    secrets.push(pass.credentials.accessToken, pass.credentials.refreshToken, pass.signInUrl);
    return pass;
  };
  const problemOf = async (response: Response) => [response.status, Object(await response.json())["title"]];

  it("signs a caller in by way of API Gateway, STS and Connect", async () => {
    const response = await ask("application/json");
    expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const pass = kept(await response.json());
    expect(pass.signInUrl).toMatch(/^https:\/\/acme\./);
    const again = kept(await (await ask("application/json")).json());
    expect(again.userId).toBe(pass.userId);
    expect(again.credentials).not.toEqual(pass.credentials);
  });

  it("sends a browser to Connect, without credentials", async () => {
    const response = await ask("text/html");
    expect([response.status, response.headers.get("cache-control")]).toEqual([302, "no-store"]);
    expect(response.headers.get("location")).toBe(secrets.find((secret) => secret.startsWith("https:")));
    expect(await response.text()).toBe("");
  });

  it("signs nobody in who has not signed, or is no user of the instance", async () => {
    expect((await fetch(`${service.apiUrl}/federation`)).status).toBe(403);
    expect(await problemOf(await ask("application/json", "local"))).toEqual([404, "No such user"]);
  });

  it.each([
    ["DuplicateResourceException", 409, "Duplicate user"],
    ["InvalidRequestException", 400, "Federation is not set up"],
    ["AccessDeniedException", 403, "Federation is not set up"],
  ])("says what to do when Connect says %s", async (error, status, title) => {
    service.stack.simulator.faults({ operation: "GetFederationToken", kind: "refuse", status, error });
    expect(await problemOf(await ask("application/json"))).toEqual([status === 409 ? 409 : 500, title]);
  });

  /** As API Gateway does behind a JWT authorizer. */
  const invoke = async (preferred_username: string) => {
    const invocation = await service.stack.invoke("federate-user", {
      version: "2.0",
      routeKey: "GET /federation",
      headers: { accept: "application/json" },
      requestContext: { requestId: "r", authorizer: { jwt: { claims: { preferred_username } } } },
      isBase64Encoded: false,
    });
    if (invocation.kind !== "result") throw new Error(invocation.kind);
    const { statusCode, body } = v.parse(
      v.object({ statusCode: v.number(), body: v.string() }),
      invocation.result,
    );
    return { status: statusCode, body: JSON.parse(body) };
  };

  it("signs in whom a token names, and no name that is made to look like one", async () => {
    const { status, body } = await invoke("eva@example.com");
    expect(status).toBe(200);
    kept(body);
    const hostile = ["eva@example.com\n", "../eva@example.com", "eva@example.com#", "session-name/eva"];
    for (const name of hostile) expect(await invoke(name)).toMatchObject({ status: 403 });
    expect(await invoke("session-name@example.com")).toMatchObject({ status: 404 });
    expect(await invoke(`session-name${"x".repeat(64)}`)).toMatchObject({ status: 403 });
  });
});
