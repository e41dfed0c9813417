import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { stackEnv, writeStackEnv } from "../../../local/stack/stack-env.ts";
import { aDirectory, removeDirectories } from "./small-service.ts";

afterEach(removeDirectories);

it("tells where everything is, by the names of the SDK and of the template's outputs", () => {
  const outputs = { CallRequestsQueueUrl: "http://q", ServerlessDeploymentBucketName: "b" };
  const environment = {
    CONNECT_INSTANCE_ID: "i",
    DEFAULT_QUEUE_ID: "q",
    INACTIVE_ROUTING_PROFILE: "r",
    POWERTOOLS_LOG_LEVEL: "WARN",
  };
  const endpoints = { CONNECT: "http://c", SQS: "http://s" };
  expect(stackEnv(endpoints, { resources: [], outputs }, [{ environment }])).toEqual({
    AWS_ENDPOINT_URL_CONNECT: "http://c",
    AWS_ENDPOINT_URL_SQS: "http://s",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    CONNECT_INSTANCE_ID: "i",
    DEFAULT_QUEUE_ID: "q",
    INACTIVE_ROUTING_PROFILE: "r",
    CALL_REQUESTS_QUEUE_URL: "http://q",
    CONNECT_SIMULATOR_URL: "http://c",
  });
});

it("can be sourced, whatever a value holds", () => {
  const file = join(aDirectory(), "stack.env");
  const value = `it's "so" $HOME \\ \`x\``;
  writeStackEnv(file, { NAME: value });
  const told = execFileSync("sh", ["-c", `. ${file}; printf %s "$NAME"`], { encoding: "utf8" });
  expect(told).toBe(value);
});
