import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamoDb } from "../../lib/edge/clients.ts";
import { DynamoMetrics } from "../../lib/metrics/metrics.dynamodb.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { aMetricRow } from "../support/metric-builders.ts";
import { runCli } from "./run-cli.ts";

const days = (count: number) => count * 86_400_000;
const retention = { now: days(1), "5m": days(3), "1h": days(3), "1d": days(3) };
const queues = [
  { queueId: "queue-1", name: "Sales" },
  { queueId: "queue-2", name: "Support" },
];

let emulators: Emulators;
let elsewhere: string;
let instances = 0;

beforeAll(async () => {
  emulators = await startEmulators();
  elsewhere = mkdtempSync(join(tmpdir(), "contact-automation-"));
});
afterAll(async () => {
  rmSync(elsewhere, { recursive: true });
  await emulators.stop();
});

/** The table as one instance has it, and the command that reads it. */
function anInstance() {
  instances += 1;
  const CONNECT_INSTANCE_ID = `instance-${instances}`;
  const { env } = emulators;
  const table = new DynamoMetrics(dynamoDb(), String(env["METRICS_TABLE"]), CONNECT_INSTANCE_ID, retention);
  const cli = (...args: string[]) =>
    runCli(["metrics", ...args], { ...env, CONNECT_INSTANCE_ID }, { cwd: elsewhere }).ran;
  return { table, cli };
}

describe("the present", () => {
  const now = {
    AGENTS_STAFFED: 4,
    AGENTS_AVAILABLE: 0,
    AGENTS_ON_CONTACT: 3,
    AGENTS_AFTER_CONTACT_WORK: 1,
    CONTACTS_IN_QUEUE: 12,
    OLDEST_CONTACT_AGE: null,
  };

  it("is a table of queues and channels, with its age and with what it lacks", async () => {
    const { table, cli } = anInstance();
    const at = new Date(Date.now() - 90_000).toISOString();
    await table.keepQueues(queues);
    await table.putAll([
      aMetricRow({ at, resolution: "now", values: now }),
      aMetricRow({ at, resolution: "now", queueId: "queue-2", channel: "CHAT", values: {} }),
    ]);
    await table.closeSnapshot({ at, state: "partial", channels: ["CHAT", "VOICE"], lacking: 3 });

    const { code, stdout } = await cli();

    expect(code).toBe(0);
    const [header, sales, support, last] = stdout.split("\n").map((line) => line.split(/\s{2,}/));
    expect(header?.slice(0, 4)).toEqual(["queue", "channel", "waiting", "oldest s"]);
    expect(sales).toEqual(["Sales", "VOICE", "12", "-", "4", "0", "3", "1", "queue-1"]);
    expect(support).toEqual(["Support", "CHAT", "-", "-", "-", "-", "-", "-", "queue-2"]);
    expect(last?.join()).toMatch(/^\d{4}-.*Z, 9\d s ago; 3 queues are missing\.$/);

    const voice = (await cli("--channel", "VOICE")).stdout;
    expect(voice).not.toContain("Support");
    const { queues: ofVoice } = JSON.parse((await cli("--channel", "VOICE", "--json")).stdout);
    expect(ofVoice).toMatchObject([{ rows: [{ channel: "VOICE" }] }, { queueId: "queue-2", rows: [] }]);
    const document = JSON.parse((await cli("--json")).stdout);
    expect(document).toMatchObject({ at, partial: true, queuesLacking: 3, queues: [{ name: "Sales" }, {}] });
  });

  it("is not known before there is a snapshot", async () => {
    const { code, stderr } = await anInstance().cli();
    expect(code).toBe(1);
    expect(stderr).toContain("no snapshot yet");
  });
});

describe("a queue", () => {
  const from = "2026-11-24T12:00:00.000Z";
  const to = "2026-11-24T12:30:00.000Z";
  const span = ["--from", from, "--to", to];
  const at = (minute: number) => new Date(Date.parse(from) + minute * 60_000).toISOString();

  it("is drawn channel by channel, by its id or its name", async () => {
    const { table, cli } = anInstance();
    await table.keepQueues(queues);
    await table.putAll([
      aMetricRow({ at: at(0), values: { CONTACTS_QUEUED: 0, HANDLE_TIME: null } }),
      aMetricRow({ at: at(5), values: { CONTACTS_QUEUED: 6, HANDLE_TIME: 80 } }),
      aMetricRow({ at: at(15), values: { CONTACTS_QUEUED: 12, HANDLE_TIME: 90.25 }, partial: true }),
      aMetricRow({ at: at(20), channel: "CHAT", values: { CONTACTS_QUEUED: 1 } }),
    ]);
    const { code, stdout } = await cli("Sales", ...span);
    expect(code).toBe(0);
    const lines = stdout.split("\n");
    expect(lines.slice(0, 9)).toEqual([
      "CONTACTS_QUEUED, VOICE",
      "12 ┤   █",
      "   ┤   █",
      "   ┤   █",
      "   ┤ █ █",
      "   ┤ █ █",
      " 0 ┤▁█ █",
      `${from} to ${to}, 6 steps of 5m`,
      "least 0, most 12, last 12; 1 of 3 partial",
    ]);
    expect(lines[9]).toBe("CONTACTS_QUEUED, CHAT");

    const { output } = await json(
      cli("queue-1", "--metric", "HANDLE_TIME", "--channel", "VOICE", ...span, "--json"),
    );
    expect(output).toMatchObject({ queueId: "queue-1", resolution: "5m", metric: "HANDLE_TIME", from, to });
    expect(output.rows.map(({ values }: { values: object }) => values)).toEqual([
      { HANDLE_TIME: null },
      { HANDLE_TIME: 80 },
      { HANDLE_TIME: 90.25 },
    ]);
  });

  it.each([
    [["--metric", "CONTACTS_IN_QUEUE"], "There is no CONTACTS_IN_QUEUE"],
    [["--metric", "SERVICE_LEVEL"], "There is no SERVICE_LEVEL"],
    [["--from", "yesterday"], "--from must be an instant"],
    [["--from", to, "--to", from], "--from must be before --to"],
    [["--from", "0001-01-01T00:00:00Z"], "at most 1000000 steps"],
    [["--resolution", "15m"], "Allowed choices"],
  ])("is not drawn with %j", async (args, why) => {
    const { code, stderr } = await anInstance().cli("queue-1", ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
  });

  it("takes what the first source lacks from the second one", async () => {
    const { table, cli } = anInstance();
    const hour = (n: number) => new Date(Math.floor(Date.now() / 3_600_000 - n) * 3_600_000).toISOString();
    const second = { resolution: "1h", source: "GetMetricDataV2" } as const;
    await table.putAll([
      aMetricRow({ resolution: "1h", at: hour(2), values: { CONTACTS_QUEUED: 3 }, partial: true }),
      aMetricRow({ ...second, at: hour(2), values: { CONTACTS_QUEUED: 8, API_CONTACTS: 2 } }),
      aMetricRow({ resolution: "1h", at: hour(1), values: { CONTACTS_QUEUED: 5 } }),
      aMetricRow({ ...second, at: hour(1), values: { API_CONTACTS: 4 } }),
    ]);
    const lastLineOf = async (metric: string) => {
      const { stdout } = await cli("queue-1", "--resolution", "1h", "--metric", metric);
      return stdout.trimEnd().split("\n").at(-1);
    };
    expect(await lastLineOf("CONTACTS_QUEUED")).toBe("least 5, most 8, last 5; 1 of 3 partial");
    expect(await lastLineOf("API_CONTACTS")).toBe("least 2, most 4, last 4");
    expect(await cli("queue-1", "--metric", "API_CONTACTS")).toMatchObject({ code: 2 });
  });

  it("of which there is nothing is not found", async () => {
    const { code, stderr } = await anInstance().cli("queue-1");
    expect(code).toBe(1);
    expect(stderr).toContain("nothing on record of queue-1");
  });
});

it("says what to set when it does not know of which instance", async () => {
  const { ran } = runCli(["metrics"], { ...emulators.env }, { cwd: elsewhere });
  expect(await ran).toMatchObject({ code: 1, stderr: expect.stringContaining("CONNECT_INSTANCE_ID") });
});

async function json(ran: ReturnType<typeof runCli>["ran"]) {
  const { code, stdout } = await ran;
  return { code, output: JSON.parse(stdout) };
}
