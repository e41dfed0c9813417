import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { vi } from "vitest";
import type { CallRecord } from "../../lib/contacts/call-record.ts";
import { DynamoContacts } from "../../lib/contacts/contacts.dynamodb.ts";
import { logsIn } from "../../local/stack/logs.ts";
import { type Told, watchNotices } from "../../local/stack/notice-watch.ts";
import { packagedService } from "../../local/stack/packaged-service.ts";
import { personalDataIn, usedIn } from "../../local/stack/personal-data.ts";
import { type Stack, type StackOptions, startStack } from "../../local/stack/stack.ts";

export interface RunningService {
  stack: Stack;
  /** Where the HTTP API is, without a slash at its end. */
  apiUrl: string;
  notices: Told[];
  /** Sends a call request to the queue, as a producer does. */
  send(body: unknown): Promise<void>;
  /** Sends a stop to its queue. */
  stop(body: unknown): Promise<void>;
  record(requestId: string): Promise<CallRecord | undefined>;
  /** Waits until the record is in one of these states; runs release-due meanwhile, as the schedule would. */
  until(requestId: string, state: string | string[], ms?: number): Promise<CallRecord>;
  waitFor(what: string, condition: () => boolean | Promise<boolean>, ms?: number): Promise<void>;
  /** How many messages a queue of stack.env holds, those in flight included. */
  depth(variable: string): Promise<number>;
  logs(): string;
  end(): Promise<void>;
}

/** The packaged service on the local stack, on free ports, with nothing kept. */
export async function startService(options: Partial<StackOptions> = {}): Promise<RunningService> {
  const dir = mkdtempSync(join(tmpdir(), "contact-automation-"));
  const service = await packagedService(process.cwd(), (line) => void process.stderr.write(`${line}\n`));
  const warnings: string[] = [];
  const stack = await startStack({
    service,
    dir,
    warn: (message) => void warnings.push(message),
    ...options,
    // All that can be logged is, so that what must not be is found.
    environment: { POWERTOOLS_LOG_LEVEL: "DEBUG", ...options.environment },
  });
  const access = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const sqs = new SQSClient({ ...access, endpoint: variable(stack, "AWS_ENDPOINT_URL_SQS") });
  const database = new DynamoDBClient({ ...access, endpoint: variable(stack, "AWS_ENDPOINT_URL_DYNAMODB") });
  const contacts = new DynamoContacts(database, variable(stack, "CONTACTS_TABLE"));
  const notices: Told[] = [];
  const stopWatching = await watchNotices(stack.env, (notice) => void notices.push(notice));
  const record = async (requestId: string) => (await contacts.look([requestId])).get(requestId);
  const waitFor: RunningService["waitFor"] = (what, condition, ms = 20_000) =>
    vi.waitFor(
      async () => {
        if (!(await condition())) throw new Error(`still waiting for ${what}`);
      },
      { timeout: ms, interval: 50 },
    );

  const logs = () => [...logsIn(dir), ...warnings].join("\n");

  const put = async (queue: string, body: unknown) => {
    const MessageBody = typeof body === "string" ? body : JSON.stringify(body);
    await sqs.send(new SendMessageCommand({ QueueUrl: variable(stack, queue), MessageBody }));
  };

  return {
    stack,
    apiUrl: variable(stack, "HTTP_API_URL"),
    notices,
    record,
    waitFor,
    send: (body) => put("CALL_REQUESTS_QUEUE_URL", body),
    stop: (body) => put("STOP_REQUESTS_QUEUE_URL", body),
    until: async (requestId, state, ms) => {
      let last: CallRecord | undefined;
      const arrived = async () => {
        last = await record(requestId);
        if (last && [state].flat().includes(last.state)) return true;
        await stack.invoke("release-due");
        return false;
      };
      await waitFor(`${requestId} to be ${state}`, arrived, ms);
      if (!last) throw new Error(`there is no record of ${requestId}`);
      return last;
    },
    depth: async (name) => {
      const AttributeNames = [
        "ApproximateNumberOfMessages" as const,
        "ApproximateNumberOfMessagesNotVisible" as const,
      ];
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: variable(stack, name), AttributeNames }),
      );
      return AttributeNames.reduce((sum, attribute) => sum + Number(Attributes?.[attribute] ?? 0), 0);
    },
    logs,
    end: async () => {
      await stopWatching();
      const used = await usedIn(stack, database, dir);
      await stack.stop();
      const told = personalDataIn(logs(), used);
      sqs.destroy();
      database.destroy();
      rmSync(dir, { recursive: true, force: true });
      if (told.length > 0) throw new Error(`The logs hold what they must not, such as:\n${told[0]}`);
    },
  };
}

function variable({ env }: Stack, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`the stack does not tell ${name}`);
  return value;
}
