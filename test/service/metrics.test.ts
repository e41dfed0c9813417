import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DynamoMetrics } from "../../lib/metrics/metrics.dynamodb.ts";
import { DynamoProgressBook } from "../../lib/metrics/progress.dynamodb.ts";
import { isBlank } from "../../local/connect-simulator/centre/books.ts";
import type { Book } from "../../local/connect-simulator/simulator.ts";
import { type RunningService, startService } from "../support/running-service.ts";

const hour = 3_600_000;
const retention = { now: hour, "5m": hour, "1h": hour, "1d": hour };

type Counts = { snapshotsWhole: number; snapshotsTaken: number };

describe("queue metrics, on the running service", () => {
  let service: RunningService;
  let database: DynamoDBClient;
  let metrics: DynamoMetrics;
  let book: DynamoProgressBook;
  beforeAll(async () => {
    const plenty = { rate: 1_000, burst: 1_000 };
    service = await startService({
      schedules: true,
      environment: { CONNECT_METRICS_RATE_PER_SECOND: "200", CONNECT_METRICS_BURST: "100" },
      simulator: {
        speed: 1,
        startAt: new Date(Date.now() - hour),
        quotas: { GetCurrentMetricData: plenty, GetMetricData: plenty },
      },
    });
    // The hour before, in which a contact arrived every three minutes.
    for (let contacts = 0; contacts < 20; contacts += 1) {
      service.stack.simulator.arrive({});
      await service.stack.simulator.clock({ advanceSeconds: 180 });
    }
    const { env, simulator } = service.stack;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const endpoint = String(env["AWS_ENDPOINT_URL_DYNAMODB"]);
    database = new DynamoDBClient({ region: "us-east-1", credentials, endpoint });
    const table = String(env["METRICS_TABLE"]);
    metrics = new DynamoMetrics(database, table, simulator.instanceId, retention);
    book = new DynamoProgressBook(database, table, simulator.instanceId, Date.now);
  });
  afterAll(async () => {
    database.destroy();
    await service.end();
  });

  const snapshots = async () => (await metrics.snapshots({ limit: 100 })).items;
  const theQueue = async () => (await metrics.queues({ limit: 1 })).items[0]?.queueId ?? "";

  it("are kept by the two schedules: the present minute, and all that Connect still tells of", async () => {
    await service.waitFor("a whole snapshot", async () => {
      return (await snapshots()).some(({ state }) => state === "whole");
    });
    const isRead = async () => {
      const readUntil = (await book.look())?.readUntil;
      return readUntil !== undefined && Date.parse(readUntil) > Date.now() - 300_001;
    };
    await service.waitFor("history to be read", isRead, 100_000);

    const [snapshot] = (await snapshots()).filter(({ state }) => state === "whole");
    if (!snapshot) throw new Error("there was a whole snapshot");
    const { items } = await metrics.rowsOf(snapshot, { limit: 10 });
    const rows = items.flatMap((queue) => queue.rows);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row).toMatchObject({ at: snapshot.at, partial: false });
      expect(row.values["AGENTS_STAFFED"]).toBe(20);
    }
  }, 120_000);

  it("are what the contact centre's books say", async () => {
    const { readUntil = "" } = (await book.look()) ?? {};
    const until = Date.parse(readUntil);
    const span = { queueId: await theQueue(), resolution: "5m", from: until - 2 * hour, to: until } as const;
    const { items } = await metrics.range(span, { limit: 100 });
    const rows = items.map(({ at, values }) => [
      Date.parse(at),
      values["CONTACTS_QUEUED"],
      values["CONTACTS_HANDLED"],
    ]);
    // An interval in which contacts only ended has a book, and no row.
    const told = service.stack.simulator.books().filter((one) => one.start < until && !isBlank(one));
    const books = Map.groupBy(told, ({ start }) => start);
    const sum = (own: readonly Book[], of: (book: Book) => number) =>
      own.reduce((all, book) => all + of(book), 0);

    expect(rows).toEqual(
      [...books].map(([start, own]) => [
        start,
        sum(own, ({ queued }) => queued),
        sum(own, ({ handled }) => handled),
      ]),
    );
    expect(rows.length).toBeGreaterThan(9);
  });

  it("are read by the hour from the second source as well, by a schedule of its own", async () => {
    const { env, simulator } = service.stack;
    const hours = new DynamoProgressBook(
      database,
      String(env["METRICS_TABLE"]),
      simulator.instanceId,
      Date.now,
      "1h",
    );
    const lastHour = Math.floor(Date.now() / hour) * hour;
    await service.waitFor("the last hour to be read", async () => {
      await service.stack.invoke("snapshot-metrics", { reading: "outcomes" });
      return Date.parse((await hours.look())?.readUntil ?? "") >= lastHour;
    });

    const span = {
      queueId: await theQueue(),
      resolution: "1h",
      from: lastHour - hour,
      to: lastHour,
    } as const;
    const { items } = await metrics.range(span, { limit: 10 });
    const created = items
      .filter(({ source }) => source === "GetMetricDataV2")
      .reduce((all, { values }) => all + (values["CONTACTS_CREATED"] ?? 0), 0);
    const books = simulator.books().filter(({ start }) => start >= span.from && start < span.to);
    expect(created).toBe(books.reduce((all, book) => all + book.created, 0));
  });

  it("are read once where runs overlap, and only where a schedule asks for something known", async () => {
    const before = (await snapshots()).length;
    const current = { reading: "current" };
    const invocations = await Promise.all(
      [current, current, current].map((event) => service.stack.invoke("snapshot-metrics", event)),
    );
    const results = invocations.map((one) => (one.kind === "result" ? (one.result as Counts) : undefined));
    // A minute may end between two of them.
    expect(results.filter((one) => one?.snapshotsTaken === 1).length).toBeGreaterThan(0);
    const whole = results.filter((one) => one?.snapshotsWhole === 1).length;
    expect(whole).toBeLessThanOrEqual((await snapshots()).length - before);
    expect(results.every((one) => one && one.snapshotsTaken + one.snapshotsWhole === 1)).toBe(true);

    expect(await service.stack.invoke("snapshot-metrics", { reading: "all" })).toMatchObject({
      kind: "failed",
    });
  });
});
