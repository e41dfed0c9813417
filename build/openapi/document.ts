import { readFileSync } from "node:fs";
import * as v from "valibot";
import { headers, problem, refusals } from "./answers.ts";
import { federationPaths, federationSchemas } from "./federation.ts";
import { metricsPaths, metricsSchemas } from "./metrics.ts";
import { parameters, paths } from "./paths.ts";
import { schemas } from "./schemas.ts";

/** The HTTP API as OpenAPI 3.1: the schemas of the code in a frame by hand. */
export function openApiDocument() {
  const manifest = v.object({ version: v.string() });
  const { version } = v.parse(manifest, JSON.parse(readFileSync("package.json", "utf8")));
  return {
    openapi: "3.1.0",
    info: {
      title: "contact-automation",
      version,
      summary: "Calls placed with Amazon Connect, at most once",
      description:
        "For CRM systems: ask for calls, see what became of them, update their attributes, stop them. docs/http-api.md has examples.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [
      {
        url: "https://{apiId}.execute-api.{region}.amazonaws.com",
        description: "HttpApiUrl of the stack's outputs",
        variables: { apiId: { default: "abcdefghij" }, region: { default: "us-east-1" } },
      },
      { url: "http://127.0.0.1:4603", description: "npm start" },
    ],
    tags: [
      { name: "Call requests", description: "docs/call-requests.md" },
      { name: "Stops", description: "docs/stop-requests.md" },
      { name: "Metrics", description: "docs/metrics.md" },
      { name: "Federation", description: "docs/federation.md" },
      { name: "Webhooks", description: "docs/webhooks.md" },
    ],
    // A deployment has one of them: API_AUTHORIZER.
    security: [{ sigv4: [] }, { jwt: [] }],
    paths: { ...paths, ...metricsPaths, ...federationPaths },
    components: {
      schemas: { ...schemas, ...metricsSchemas, ...federationSchemas },
      parameters,
      headers,
      responses: {
        ...Object.fromEntries(Object.values(refusals)),
        BadSignature: problem("There is no valid signature of the source's."),
      },
      securitySchemes: {
        sigv4: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          description: "AWS Signature Version 4, of the service execute-api",
          "x-amazon-apigateway-authtype": "awsSigv4",
        },
        jwt: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "A token of the issuer and audience that the deployment names",
        },
      },
    },
  };
}
