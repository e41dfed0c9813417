import { writeFileSync } from "node:fs";
import type { Deployment } from "./cloudformation.ts";
import { credentials, region } from "./emulators.ts";
import type { FunctionDefinition } from "./execution-environment.ts";

/** `CallRequestsQueueUrl` → `CALL_REQUESTS_QUEUE_URL` */
const screaming = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toUpperCase();

/** The bucket of deployments, which nothing here has. */
const ofTheFramework = "ServerlessDeploymentBucketName";

/** Where everything listens, what it is called, and stand-in credentials: for functions and for other shells alike. */
export function stackEnv(
  endpoints: Record<string, string>,
  { outputs }: Deployment,
  functions: Pick<FunctionDefinition, "environment">[],
): Record<string, string> {
  const connectIds = functions.flatMap(({ environment }) =>
    Object.entries(environment).filter(([name]) => /^(CONNECT|DEFAULT|INACTIVE)_/.test(name)),
  );
  return {
    ...accessTo(endpoints),
    ...Object.fromEntries(connectIds),
    ...Object.fromEntries(
      Object.entries(outputs)
        .filter(([name]) => name !== ofTheFramework)
        .map(([name, value]) => [screaming(name), value]),
    ),
    CONNECT_SIMULATOR_URL: String(endpoints["CONNECT"]),
  };
}

export function accessTo(endpoints: Record<string, string>): Record<string, string> {
  return {
    ...Object.fromEntries(
      Object.entries(endpoints).map(([service, url]) => [`AWS_ENDPOINT_URL_${service}`, url]),
    ),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}

/** A file to `source` in a shell. */
export function writeStackEnv(file: string, env: Record<string, string>): void {
  const lines = Object.entries(env).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  );
  writeFileSync(file, `# Written at every start of the local stack.\n${lines.join("\n")}\n`);
}
