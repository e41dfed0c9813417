import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  ConnectClient,
  ListInstancesCommand,
  StartOutboundVoiceContactCommand,
} from "@aws-sdk/client-connect";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs } from "fauxqs";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ContactEventEnvelope, ContactRecord } from "../../../local/connect-simulator/simulator.ts";
import { aCall, aCentre } from "./support.ts";

const keys = { accessKeyId: "x", secretAccessKey: "x" };

function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["local/connect-simulator/main.ts", ...args], {
    env: { ...process.env, ...env },
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = once(child, "close").then(([code]) => ({ code, output }));
  return { child, output: () => output, ended };
}

async function urlOf(running: { output: () => string; child: ChildProcess }): Promise<string> {
  await expect.poll(running.output, { timeout: 20_000 }).toContain("Ctrl-C ends it");
  return running.output().match(/http:\/\/127\.0\.0\.1:\d+/)?.[0] ?? "";
}

describe("the command", () => {
  it("puts events and records on their queues, and ends with 0 on Ctrl-C", async () => {
    const queues = await startFauxqs({ port: 0, logger: false });
    onTestFinished(() => queues.stop());
    const endpoint = `http://127.0.0.1:${queues.port}`;
    const sqs = new SQSClient({ endpoint, region: "us-east-1", credentials: keys });
    const queue = async (QueueName: string) =>
      (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? "";
    const received = async <Message>(QueueUrl: string): Promise<Message[]> => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      return Messages.map(({ Body = "" }) => JSON.parse(Body));
    };
    const [events, records] = await Promise.all([queue("contact-events"), queue("contact-records")]);

    const running = run(
      ["--port", "0", "--speed", "5000", "--events-queue-url", events, "--records-queue-url", records],
      {
        AWS_ENDPOINT_URL_SQS: endpoint,
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "x",
        AWS_SECRET_ACCESS_KEY: "x",
      },
    );
    const connect = new ConnectClient({
      endpoint: await urlOf(running),
      region: "us-east-1",
      credentials: keys,
    });
    const { ContactId } = await connect.send(new StartOutboundVoiceContactCommand(aCall()));

    const seen: string[] = [];
    await expect
      .poll(
        async () => {
          for (const { detail } of await received<ContactEventEnvelope>(events)) seen.push(detail.eventType);
          return seen.toSorted();
        },
        { timeout: 10_000 },
      )
      .toHaveLength(6);
    await expect
      .poll(() => received<ContactRecord>(records), { timeout: 10_000 })
      .toMatchObject([{ ContactId }]);

    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(0);
  });

  it("says that its port is taken, and ends with 1", async () => {
    const centre = await aCentre();
    const { code, output } = await run(["--port", String(centre.simulator.port)]).ended;
    expect(code).toBe(1);
    expect(output.trim()).toBe(`Port ${centre.simulator.port} is taken: choose another with --port.`);
  });

  it("runs the centre of a configuration, and looks at signatures unless it is told not to", async () => {
    const config = "local/connect-simulator/centre.example.yaml";
    const users = async (args: string[], secretAccessKey: string) => {
      const running = run(["--port", "0", "--config", config, ...args]);
      const client = new ConnectClient({
        endpoint: await urlOf(running),
        region: "us-east-1",
        credentials: { accessKeyId: "test", secretAccessKey },
      });
      const { InstanceSummaryList } = await client.send(new ListInstancesCommand({}));
      return InstanceSummaryList?.map(({ InstanceAlias }) => InstanceAlias);
    };

    expect(await users([], "test")).toEqual(["acme", "acme-saml"]);
    await expect(users([], "wrong")).rejects.toMatchObject({
      name: "InvalidSignatureException",
      $metadata: { httpStatusCode: 403 },
    });
    expect(await users(["--no-auth"], "wrong")).toEqual(["acme", "acme-saml"]);
  });

  it("says what is wrong with a configuration, and ends with 1", async () => {
    const { code, output } = await run(["--port", "0", "--config", "package.json"]).ended;
    expect(code).toBe(1);
    expect(output).toContain("The configuration cannot be used:\n  name: ");
    expect(output).not.toContain("    at ");
  });

  it.each([
    [["--speed", "fast"], 1, "Must be a number"],
    [["--port", "70000"], 1, "Must be a whole number"],
    [["--token-after-disconnect", "x"], 1, "new-contact, same-contact"],
    [["--help"], 0, "--events-queue-url"],
  ])("%j ends with %i", async (args, expected, text) => {
    const { code, output } = await run(args).ended;
    expect(code).toBe(expected);
    expect(output).toContain(text);
  });
});
