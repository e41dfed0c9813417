import { gunzipSync } from "node:zlib";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DynamoMetrics } from "../../lib/metrics/metrics.dynamodb.ts";
import { DynamoProgressBook } from "../../lib/metrics/progress.dynamodb.ts";
import { aMetricRow } from "../support/metric-builders.ts";
import { type RunningService, startService } from "../support/running-service.ts";
import { signedFetch } from "../support/signed-fetch.ts";

const minute = 60_000;
const days = (count: number) => count * 86_400_000;
const retention = { now: days(1), "5m": days(3), "1h": days(3), "1d": days(3) };
const queueId = "queue-1";

describe("the metrics, on the running service", () => {
  let service: RunningService;
  let database: DynamoDBClient;
  /** The hour that was over last. */
  let hour: number;

  beforeAll(async () => {
    service = await startService({ simulator: { speed: 1 } });
    const env = (name: string) => String(service.stack.env[name]);
    database = new DynamoDBClient({
      region: "us-east-1",
      endpoint: env("AWS_ENDPOINT_URL_DYNAMODB"),
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const place = [database, env("METRICS_TABLE"), env("CONNECT_INSTANCE_ID")] as const;
    const table = new DynamoMetrics(...place, retention);
    const progress = new DynamoProgressBook(...place, Date.now);

    hour = Math.floor(Date.now() / (60 * minute) - 1) * 60 * minute;
    const iso = (at: number) => new Date(at).toISOString();
    const since = iso(hour - days(2));
    const readUntil = iso(hour + 60 * minute);
    await progress.claim("test", Date.now() + minute);
    await progress.keep({ since, readUntil, amendable: [], gaps: [] }, "test");
    await table.keepQueues([{ queueId, name: "Sales" }]);
    await table.putAll(
      Array.from({ length: 12 }, (_, index) =>
        aMetricRow({
          at: iso(hour + 5 * index * minute),
          asOf: iso(hour + 60 * minute),
          values: { CONTACTS_HANDLED: index, HANDLE_TIME: index === 0 ? null : 60 * index },
        }),
      ),
    );
    const at = iso(hour + 60 * minute);
    await table.putAll([aMetricRow({ at, resolution: "now", values: { CONTACTS_IN_QUEUE: 7 } })]);
    await table.closeSnapshot({ at, state: "whole", channels: ["VOICE"], lacking: 0 });
  });
  afterAll(async () => {
    database.destroy();
    await service.end();
  });

  const get = (target: string, headers: Record<string, string> = {}) =>
    signedFetch(`${service.apiUrl}${target}`, { headers });

  it("are told to nobody who has not signed", async () => {
    for (const path of ["/metrics/queues", `/metrics/queues/${queueId}`, "/metrics/now"])
      expect((await fetch(`${service.apiUrl}${path}`)).status, path).toBe(403);
  });

  it("are rolled up, and told page by page, as JSON and as CSV", async () => {
    await service.stack.invoke("roll-up-metrics");
    const hours = (await (await get(`/metrics/queues/${queueId}?resolution=1h`)).json()) as object;
    // 60 s × Σ n² over Σ n.
    const values = { CONTACTS_HANDLED: 66, HANDLE_TIME: 460 };
    expect(hours).toMatchObject({ rows: [{ intervals: 12, intervalsExpected: 12, partial: false, values }] });

    const from = new Date(hour).toISOString();
    const query = `channel=VOICE&from=${encodeURIComponent(from)}&limit=5&metric=CONTACTS_HANDLED`;
    const lines: string[] = [];
    let target: string | undefined = `/metrics/queues/${queueId}?${query}`;
    while (target !== undefined) {
      const response: Response = await get(target, { accept: "text/csv" });
      expect(response.headers.get("content-type")).toContain("text/csv");
      const [, ...rows] = (await response.text()).trimEnd().split("\r\n");
      lines.push(...rows);
      const [, reference] = /^<(\?[^>]+)>/.exec(response.headers.get("link") ?? "") ?? [];
      target = reference && `/metrics/queues/${queueId}${reference}`;
    }
    expect(lines.map((line) => line.split(",").at(-1))).toEqual(
      Array.from({ length: 12 }, (_, index) => String(index)),
    );
  });

  it("are exported hour by hour", async () => {
    expect(await service.stack.invoke("export-metrics")).toMatchObject({
      kind: "result",
      result: { hoursExported: 49, hoursPartial: 0, rowsExported: 12, failures: 0 },
    });
    const [day, time = ""] = new Date(hour).toISOString().split("T");
    const { env } = service.stack;
    const client = new S3Client({
      region: "us-east-1",
      endpoint: String(env["AWS_ENDPOINT_URL_S3"]),
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const Key = `metrics/instance=${env["CONNECT_INSTANCE_ID"]}/dt=${day}/hour=${time.slice(0, 2)}/metrics.ndjson.gz`;
    const { Body } = await client.send(new GetObjectCommand({ Bucket: env["METRICS_BUCKET"], Key }));
    const lines = gunzipSync((await Body?.transformToByteArray()) ?? "")
      .toString("utf8")
      .trimEnd()
      .split("\n");
    client.destroy();
    expect(lines.map((line) => JSON.parse(line)["contacts_handled"])).toEqual([...Array(12).keys()]);
  });

  it("are told as they are", async () => {
    expect(await (await get("/metrics/queues")).json()).toEqual({ queues: [{ queueId, name: "Sales" }] });
    expect(await (await get("/metrics/now")).json()).toMatchObject({
      partial: false,
      queues: [{ queueId, name: "Sales", rows: [{ channel: "VOICE", values: { CONTACTS_IN_QUEUE: 7 } }] }],
    });
  });
});
