import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { DynamoMetrics } from "../../../lib/metrics/metrics.dynamodb.ts";
import { DynamoProgressBook } from "../../../lib/metrics/progress.dynamodb.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { aMetricRow } from "../../support/metric-builders.ts";
import { metricsContract } from "../../support/metrics-contract.ts";
import { progressBookContract } from "../../support/progress-book-contract.ts";

let emulators: Emulators;
let instances = 0;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

const days = (count: number) => count * 86_400_000;
const retention = { now: days(1), "5m": days(2), "1h": days(3), "1d": days(4) };
const table = () => String(emulators.env["METRICS_TABLE"]);
const another = () => `instance-${++instances}`;
const aTable = () => new DynamoMetrics(dynamoDb(), table(), another(), retention);

metricsContract(aTable);
progressBookContract((now) => new DynamoProgressBook(dynamoDb(), table(), another(), now));

it("has a book for each kind of intervals, and none knows of another", async () => {
  const instanceId = another();
  const bookOf = (slot?: string) => new DynamoProgressBook(dynamoDb(), table(), instanceId, Date.now, slot);
  const instant = "2026-11-24T12:00:00.000Z";
  const progress = { since: instant, readUntil: instant, amendable: [], gaps: [], gapsSeenUntil: instant };
  expect(await bookOf("1h").claim("one", Date.now() + 1000)).toBe(true);
  expect(await bookOf("1d").claim("other", Date.now() + 1000)).toBe(true);
  expect(await bookOf().claim("third", Date.now() + 1000)).toBe(true);
  expect(await bookOf("1h").keep(progress, "one")).toBe(true);
  expect(await bookOf("1h").look()).toEqual(progress);
  expect(await bookOf().look()).toBeUndefined();
});

it("lets a row go when its resolution's time is over, counted from the instant that it is about", async () => {
  const instanceId = another();
  const metrics = new DynamoMetrics(dynamoDb(), table(), instanceId, retention);
  const row = aMetricRow();
  await metrics.put([row, { ...row, resolution: "now" }]);
  await metrics.closeSnapshot({ at: row.at, state: "whole", channels: ["VOICE"], lacking: 0 });
  const ttlOf = async (series: string, slot: string) => {
    const Key = marshall({ series: `${instanceId}/${series}`, slot });
    const { Item } = await dynamoDb().send(new GetItemCommand({ TableName: table(), Key }));
    return Number(Item?.["ttl"]?.N);
  };

  const at = Date.parse(row.at) / 1000;
  expect(await ttlOf("5m/queue-1", `${row.at}/VOICE`)).toBe(at + 2 * 86_400);
  expect(await ttlOf("now/queue-1", `${row.at}/VOICE`)).toBe(at + 86_400);
  expect(await ttlOf("snapshots", row.at)).toBe(at + 86_400);
});

it("goes on with what DynamoDB leaves undone, of writes and of reads", async () => {
  const client = new DynamoDBClient({});
  type Requests = { RequestItems?: Record<string, { Keys?: unknown[] } | unknown[]> };
  let halved = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const { RequestItems } = args.input as Requests;
      const entry = RequestItems?.[table()];
      if (!entry) return next(args);
      const all = (Array.isArray(entry) ? entry : entry.Keys) ?? [];
      if (all.length < 2) return next(args);
      halved += 1;
      const [done, left] = [all.slice(0, all.length / 2), all.slice(all.length / 2)];
      const requestOf = (some: unknown[]) => ({ [table()]: Array.isArray(entry) ? some : { Keys: some } });
      const answer = await next({ ...args, input: { ...args.input, RequestItems: requestOf(done) } });
      const undone = Array.isArray(entry) ? "UnprocessedItems" : "UnprocessedKeys";
      return { ...answer, output: { ...(answer.output as object), [undone]: requestOf(left) } } as never;
    },
    { step: "initialize" },
  );
  const metrics = new DynamoMetrics(client, table(), another(), retention);
  const rows = Array.from({ length: 30 }, (_, n) => aMetricRow({ queueId: `queue-${n}` }));

  await metrics.putAll(rows);

  expect(await metrics.look(rows)).toHaveLength(30);
  expect(halved).toBeGreaterThan(2);
  client.destroy();
});
