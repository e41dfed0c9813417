import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { vi } from "vitest";
import type { Template } from "../../../local/stack/cloudformation.ts";
import type { PackagedService } from "../../../local/stack/packaged-service.ts";
import type { Stack } from "../../../local/stack/stack.ts";

type Resources = Template["Resources"];

/** A service of a test's own: what `serverless package` would make of it, without the packaging. */
export function aService(resources: Resources, bundles: Record<string, string>): PackagedService {
  const root = aDirectory();
  for (const [name, code] of Object.entries(bundles)) {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, "handler.mjs"), code);
  }
  return {
    template: { Resources: resources },
    unpack: (artifact) => join(root, artifact.replace(/\.zip$/, "")),
  };
}

export function aDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), "stack-test-"));
  directories.push(dir);
  return dir;
}

const directories: string[] = [];

export function removeDirectories(): void {
  for (const dir of directories.splice(0)) rmSync(dir, { recursive: true, force: true });
}

export function aFunction(name: string, properties: object = {}): Resources[string] {
  return {
    Type: "AWS::Lambda::Function",
    Properties: {
      FunctionName: `small-${name}`,
      Handler: "handler.handler",
      Runtime: "nodejs24.x",
      Code: { S3Key: `somewhere/${name}.zip` },
      Timeout: 1,
      ...properties,
    },
  };
}

export function aQueue(name: string, properties: object = {}): Resources[string] {
  return { Type: "AWS::SQS::Queue", Properties: { QueueName: name, VisibilityTimeout: 1, ...properties } };
}

export function aMapping(queue: string, target: string, properties: object = {}): Resources[string] {
  return {
    Type: "AWS::Lambda::EventSourceMapping",
    Properties: {
      EventSourceArn: { "Fn::GetAtt": [queue, "Arn"] },
      FunctionName: { "Fn::GetAtt": [target, "Arn"] },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ...properties,
    },
  };
}

/** Does what the messages ask it to. */
export const obedientBundle = `
export const handler = async ({ Records }) => {
  const orders = Records.map((record) => ({ id: record.messageId, receives: Number(record.attributes.ApproximateReceiveCount), ...JSON.parse(record.body) }));
  const asked = (what) => orders.filter((order) => order.does === what && order.receives <= (order.times ?? 1));
  if (asked("throw").length > 0) throw new Error("as asked");
  if (asked("hang").length > 0) await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (asked("exit").length > 0) process.exit(1);
  if (asked("nonsense").length > 0) return { batchItemFailures: "all of them" };
  if (asked("stranger").length > 0) return { batchItemFailures: [{ itemIdentifier: "nobody" }] };
  if (asked("silence").length > 0) return undefined;
  if (asked("take-time").length > 0) await new Promise((resolve) => setTimeout(resolve, 200));
  return { batchItemFailures: asked("fail").map(({ id }) => ({ itemIdentifier: id })) };
};
`;

export async function send(stack: Stack, queue: string, orders: object[]): Promise<void> {
  await stack.clients.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: `${stack.env["AWS_ENDPOINT_URL_SQS"]}/000000000000/${queue}`,
      Entries: orders.map((order, index) => ({ Id: String(index), MessageBody: JSON.stringify(order) })),
    }),
  );
}

export const until = (condition: () => void | Promise<void>) =>
  vi.waitFor(condition, { timeout: 15_000, interval: 20 });
