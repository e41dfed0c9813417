import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { routes } from "../../../lib/api/routes.ts";
import { metricsRoutes } from "../../../lib/metrics/reading/routes.ts";
import { routes as scimRoutes } from "../../../lib/scim/routes.ts";
import { packagedRoutes, routesOf } from "../../support/packaged-routes.ts";

/** Webhooks are signed by their senders (docs/webhooks.md); who speaks SCIM has a bearer token of ours (docs/scim.md). */
const isChecked = (routeKey: string): boolean =>
  routeKey === "POST /webhooks/{source}" || scimKeys.includes(routeKey);

describe("the routes as they are packaged", () => {
  it("all have an authorizer, but for those that look for a signature or a token themselves", async () => {
    for (const { routeKey, authorization } of await packagedRoutes())
      expect(`${routeKey}: ${authorization}`).toBe(
        `${routeKey}: ${isChecked(routeKey) ? "NONE" : "AWS_IAM"}`,
      );
  });

  it("are those of the tables of answer-api, read-metrics and answer-scim, and the one of federate-user", async () => {
    const packaged = (await packagedRoutes()).map(({ routeKey }) => routeKey);
    expect(packaged.filter((routeKey) => !isChecked(routeKey)).sort()).toEqual(keys);
    expect(packaged.filter((routeKey) => routeKey.includes(" /scim/")).sort()).toEqual(scimKeys);
  });

  it("take tokens of the issuer and audience that the environment names", async () => {
    const template = await packaged({ API_AUTHORIZER: "jwt", ...issuer });
    expect(template.Resources["HttpApiAuthorizerJwt"]?.Properties).toMatchObject({
      AuthorizerType: "JWT",
      IdentitySource: ["$request.header.Authorization"],
      JwtConfiguration: { Issuer: issuer.API_JWT_ISSUER, Audience: [issuer.API_JWT_AUDIENCE] },
    });
    expect(authorised(template)).toEqual(keys.map((routeKey) => ({ routeKey, authorization: "JWT" })));
  }, 60_000);

  it("want a scope for reading and one for writing, where the environment names them", async () => {
    const names = { API_JWT_READ_SCOPE: "calls/read", API_JWT_WRITE_SCOPE: "calls/write" };
    const template = await packaged({ API_AUTHORIZER: "jwt-scopes", ...issuer, ...names });
    const scopes = (routeKey: string) => [routeKey.startsWith("GET") ? "calls/read" : "calls/write"];
    expect(authorised(template)).toEqual(
      keys.map((routeKey) => ({ routeKey, authorization: "JWT", scopes: scopes(routeKey) })),
    );
  }, 60_000);

  it("are not packaged without what their authorizer needs, or with one that there is not", async () => {
    await expect(packaged({ API_AUTHORIZER: "jwt" })).rejects.toThrow(
      /issuerUrl.*not found at "env" source.*audience.*not found at "env" source/s,
    );
    await expect(packaged({ API_AUTHORIZER: "none" })).rejects.toThrow(
      /authorizers.*not found at "file" source/,
    );
  }, 60_000);
});

const keys = [...Object.keys({ ...routes, ...metricsRoutes }), "GET /federation"].sort();
const scimKeys = Object.keys(scimRoutes).sort();
const issuer = { API_JWT_ISSUER: "https://issuer.example.com", API_JWT_AUDIENCE: "calls" };

const authorised = (template: Template) =>
  routesOf(template)
    .filter(({ routeKey }) => !isChecked(routeKey))
    .sort((a, b) => (a.routeKey < b.routeKey ? -1 : 1));

interface Template {
  Resources: Record<string, { Type: string; Properties?: unknown }>;
}

/**
 * What `serverless package` makes of this environment, for a stage that is deployed; in a folder of its own, for it may be
 * packaged elsewhere at the same time.
 * @throws Error with the packager's own words
 */
async function packaged(environment: Record<string, string>): Promise<Template> {
  const root = process.cwd();
  const dir = mkdtempSync(join(tmpdir(), "contact-automation-package-"));
  try {
    for (const name of readdirSync(root).filter((name) => /^[^.]+$/.test(name) || name === "package.json"))
      symlinkSync(join(root, name), join(dir, name));
    // Of this the packager wants no link.
    copyFileSync("serverless.yml", join(dir, "serverless.yml"));
    const serverless = dirname(createRequire(import.meta.url).resolve("serverless/package.json"));
    const env = { ...process.env, CONNECT_INSTANCE_ID: "instance", ...environment };
    const program = [join(serverless, "bin", "serverless.js"), "package", "--stage", "prod"];
    const child = spawn(process.execPath, program, { cwd: dir, env });
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const code = await new Promise((resolve) => child.once("close", resolve));
    if (code !== 0) throw new Error((await output).join(""));
    return JSON.parse(
      readFileSync(join(dir, ".serverless", "cloudformation-template-update-stack.json"), "utf8"),
    ) as Template;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
