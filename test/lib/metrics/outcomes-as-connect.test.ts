import { ConnectClient, StartOutboundVoiceContactCommand } from "@aws-sdk/client-connect";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ConnectQueueLister } from "../../../lib/connect/queue-lister.connect.ts";
import { ConnectQueueMetrics } from "../../../lib/connect/queue-metrics.connect.ts";
import { ConnectSecondQueueMetrics } from "../../../lib/connect/second-queue-metrics.connect.ts";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { allPages } from "../../../lib/metrics/all-pages.ts";
import { columnsOf } from "../../../lib/metrics/historical-metrics.ts";
import { iso } from "../../../lib/metrics/instant.ts";
import { type MetricRow, stepOf } from "../../../lib/metrics/metric-row.ts";
import { DynamoMetrics } from "../../../lib/metrics/metrics.dynamodb.ts";
import { DynamoProgressBook } from "../../../lib/metrics/progress.dynamodb.ts";
import { queueList } from "../../../lib/metrics/queue-list.ts";
import { rollUpMetrics } from "../../../lib/metrics/roll-up-metrics.ts";
import { type SnapshotSteps, snapshotMetrics } from "../../../lib/metrics/snapshot-metrics.ts";
import { DynamoRateLimit } from "../../../lib/pacing/rate.dynamodb.ts";
import {
  type Book,
  type CentreConfigInput,
  type ConnectSimulator,
  startConnectSimulator,
} from "../../../local/connect-simulator/simulator.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const midnight = Date.parse("2026-11-20T00:00:00Z");
/** So long nobody reads anything, and then for a day and a half nobody reads history. */
const begin = midnight + day + 12 * hour;
const outage = { from: midnight + day + 18 * hour + 25 * minute, to: midnight + 3 * day + 6 * hour };
const end = midnight + 4 * day;
const retention = { now: 400 * day, "5m": 400 * day, "1h": 400 * day, "1d": 400 * day };

/** More queues than one request takes, of two channels each, so that there are pages. */
const names = Array.from({ length: 104 }, (_, n) => `Queue ${n}`);
const centre: CentreConfigInput = {
  instances: [
    {
      queues: names,
      routingProfiles: [{ name: "All", queues: names, channels: ["VOICE", "CHAT"] }],
      users: [{ username: "agent", count: 30, routingProfile: "All" }],
      behaviour: {
        missedOffers: 0.02,
        holds: 0.2,
        agentTransfers: 0.05,
        queueTransfers: 0.1,
        durations: { talk: [60, 300], afterContactWork: [10, 60], patience: [20, 90] },
      },
      load: names.map((queue, n) => ({
        queue,
        channel: n % 2 === 0 ? ("VOICE" as const) : ("CHAT" as const),
        perHour: 0.5,
      })),
    },
  ],
};

let emulators: Emulators;
let simulator: ConnectSimulator;
let client: ConnectClient;
beforeAll(async () => {
  emulators = await startEmulators();
  const plenty = { rate: 1_000, burst: 1_000 };
  simulator = await startConnectSimulator({
    centre,
    speed: 0,
    startAt: new Date(midnight),
    auth: false,
    quotas: { GetMetricData: plenty, StartOutboundVoiceContact: plenty },
    // One clock for all: quotas and tokens live by it as well.
    realClock: () => now(),
  });
  client = new ConnectClient({
    endpoint: simulator.url,
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await simulator.stop();
  await emulators.stop();
});

const now = (): number => Date.parse(simulator.clockReading().now);
const until = async (instant: number): Promise<void> => {
  if (instant > now()) await simulator.clock({ advanceSeconds: (instant - now()) / 1000 });
};

function aService() {
  const { instanceId, instanceArn } = simulator;
  const table = String(emulators.env["METRICS_TABLE"]);
  const metrics = new DynamoMetrics(dynamoDb(), table, instanceId, retention);
  const rate = (operation: string, perSecond: number, burst: number) =>
    new DynamoRateLimit(
      dynamoDb(),
      String(emulators.env["PACER_TABLE"]),
      `${instanceId}/${operation}`,
      { perSecond, burst },
      now,
    );
  const book = (slot?: string) => new DynamoProgressBook(dynamoDb(), table, instanceId, now, slot);
  const connect = new ConnectQueueMetrics(client, instanceId);
  const second = new ConnectSecondQueueMetrics(client, instanceArn);
  /** Between two pages a token goes by as many minutes: its lifetime is over. */
  const meets = { expiredTokens: 0, crashes: 0 };
  let owners = 0;
  const steps: SnapshotSteps = {
    connect: {
      current: connect.current.bind(connect),
      // Of each hour five minutes will do: what history has to do with it is what it lacks.
      historical: async (span, ...asked) =>
        span.from % hour === 0 ? connect.historical(span, ...asked) : { kind: "page", rows: [] },
    },
    second: {
      intervals: async (span, length, queueIds, columns, token) => {
        if (token !== undefined && meets.crashes > 0) {
          meets.crashes -= 1;
          throw new Error("The environment is gone");
        }
        if (token !== undefined && meets.expiredTokens > 0) {
          meets.expiredTokens -= 1;
          await until(now() + 6 * minute);
        }
        return second.intervals(span, length, queueIds, columns, token);
      },
    },
    queues: queueList(new ConnectQueueLister(client, instanceId), metrics, [], now),
    metrics,
    progress: book(),
    outcomes: { "1h": book("1h"), "1d": book("1d") },
    backfillMs: 36 * hour,
    gauges: { present: () => {}, interval: () => {} },
    columns: columnsOf([20]),
    rates: {
      current: rate("GetCurrentMetricData", 5, 8),
      historical: { take: async (count) => Array(count).fill(now()), pushBack: async () => {} },
      outcomes: rate("GetMetricDataV2", 10, 10),
    },
    newOwner: () => `${now()}-${++owners}`,
    now,
    until,
  };
  return { steps, metrics, meets };
}

/** Busy, no answer, invalid, answered and hung up at once, answered. */
const destinations = ["+12065550150", "+12065550151", "+12065550152", "+12065550155", "+12065550100"];

async function dial(): Promise<void> {
  const [instance] = simulator.instances();
  if (!instance) throw new Error("there is an instance");
  for (const [index, DestinationPhoneNumber] of destinations.entries()) {
    await client.send(
      new StartOutboundVoiceContactCommand({
        InstanceId: simulator.instanceId,
        ContactFlowId: String(instance.contactFlows[0]?.id),
        QueueId: String(instance.queues[index]?.id),
        DestinationPhoneNumber,
      }),
    );
  }
}

it("the hours and days of the second source are those of the contact centre's books, of an outage of days as well", async () => {
  const { steps, metrics, meets } = aService();
  const read = (reading: "historical" | "outcomes", forMs = 10 * minute) =>
    snapshotMetrics({ reading }, steps, now() + forMs);
  const refusal = { kind: "refuse", operation: "GetMetricDataV2" } as const;
  const runs: Record<string, number>[] = [];

  for (let time = midnight; time < end + 3 * hour; time += 6 * hour) {
    await until(time + hour);
    if (time < end) await dial();
    await until(time + 5 * hour);
    const isOut = now() > outage.from && now() < outage.to;
    if (now() < begin) continue;
    if (!isOut) await read("historical", 60 * minute);
    const trouble = Math.floor((time - midnight) / (6 * hour)) % 5;
    if (trouble === 1) simulator.faults({ ...refusal, status: 429, error: "ThrottlingException", count: 3 });
    if (trouble === 2) simulator.faults({ ...refusal, count: 2 });
    if (trouble === 3) meets.expiredTokens = 1;
    if (trouble === 4) meets.crashes = 1;
    // A short run, and one that ends well.
    runs.push({ ...(await read("outcomes", 9_000)) } as never, { ...(await read("outcomes")) } as never);
    await rollUpMetrics({ metrics, progress: steps.progress, now }, now() + 10 * minute);
  }
  await until(end + day);
  await read("historical", 60 * minute);
  runs.push({ ...(await read("outcomes", hour)) } as never);

  const history = await steps.progress.look();
  expect(history?.gaps).toHaveLength(1);
  expect(runs.some(({ outcomesLeft = 0 }) => outcomesLeft > 0)).toBe(true);
  expect(meets).toEqual({ expiredTokens: 0, crashes: 0 });
  const [gap] = history?.gaps ?? [];
  const lostWithin = (from: number, to: number) =>
    from < Date.parse(history?.since ?? "") ||
    (from < Date.parse(gap?.to ?? "") && to > Date.parse(gap?.from ?? ""));

  for (const resolution of ["1h", "1d"] as const) {
    const step = stepOf[resolution];
    const progress = await steps.outcomes[resolution].look();
    expect(progress).toMatchObject({ gaps: [] });
    const since = Date.parse(progress?.since ?? "");
    const rows = await rowsOf(metrics, resolution);
    const expected = figuresBy(step, since, end);
    const of = (key: string) => Date.parse(key.split(" ")[0] ?? "");
    const found = new Map(
      rows
        .filter(({ at, source }) => source && Date.parse(at) < end)
        .map((row) => [`${row.at} ${row.queueId} ${row.channel}`, row.values]),
    );
    expect([...found.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
    for (const [key, { outcomes, history }] of expected) {
      const lost = lostWithin(of(key), of(key) + step);
      expect(found.get(key)).toMatchObject(lost ? { ...outcomes, ...history } : outcomes);
      expect("CONTACTS_QUEUED" in (found.get(key) ?? {})).toBe(lost);
      if (lost) expect(found.get(key)).toMatchObject({ CONTACTS_CONSULTED: null, OCCUPANCY: null });
    }
    expect(found.size).toBeGreaterThan(200);
    // What is made of five minutes stands beside it, and is what it was.
    const made = rows.filter(({ source }) => source === undefined);
    expect(made.length).toBeGreaterThan(100);
    for (const { values } of made) expect(values).not.toHaveProperty("API_CONTACTS");
  }
  const dials = (await rowsOf(metrics, "1d")).reduce(
    (all, { values }) => all + (values["API_CONTACTS"] ?? 0),
    0,
  );
  // Of the three days from the one on in which it begins.
  expect(dials).toBe(3 * 4 * destinations.length);
}, 300_000);

async function rowsOf(metrics: DynamoMetrics, resolution: "1h" | "1d"): Promise<MetricRow[]> {
  const rows: MetricRow[] = [];
  for (const { queueId } of await allPages((page) => metrics.queues(page))) {
    const range = { queueId, resolution, from: midnight - day, to: end + 2 * day };
    rows.push(...(await allPages((page) => metrics.range(range, page))));
  }
  return rows;
}

/** By interval, queue and channel, what the books say. */
function figuresBy(step: number, from: number, to: number) {
  const groups = Map.groupBy(
    simulator.books().filter(({ start }) => start >= from && start < to),
    ({ start, queueId, channel }) => `${iso(Math.floor(start / step) * step)} ${queueId} ${channel}`,
  );
  return new Map([...groups].map(([key, books]) => [key, figuresOf(books)]));
}

function figuresOf(books: readonly Book[]) {
  const dialled = books.filter(({ initiationMethod }) => initiationMethod === "API");
  const sum = (of: (book: Book) => number, among = books) => among.reduce((all, book) => all + of(book), 0);
  const ended = (reason: string) => sum(({ disconnected }) => disconnected[reason] ?? 0);
  const [abandoned, finished] = [sum((book) => book.abandoned), sum((book) => book.finished)];
  return {
    outcomes: {
      CONTACTS_CREATED: sum(({ created }) => created),
      API_CONTACTS: sum(({ created }) => created, dialled),
      API_CONTACTS_ABANDONED: sum((book) => book.abandoned, dialled),
      CONTACTS_HANDLED_CUSTOMER_DISCONNECT: sum(
        ({ handledUntil }) => handledUntil["CUSTOMER_DISCONNECT"] ?? 0,
      ),
      API_CONTACTS_HANDLED_CUSTOMER_DISCONNECT: sum(
        ({ handledUntil }) => handledUntil["CUSTOMER_DISCONNECT"] ?? 0,
        dialled,
      ),
      CONTACTS_DISCONNECTED_TELECOM_BUSY: ended("TELECOM_BUSY"),
      CONTACTS_DISCONNECTED_TELECOM_NUMBER_INVALID: ended("TELECOM_NUMBER_INVALID"),
      CONTACTS_DISCONNECTED_CUSTOMER_DISCONNECT: ended("CUSTOMER_DISCONNECT"),
    },
    history: {
      CONTACTS_QUEUED: sum(({ queued }) => queued),
      CONTACTS_HANDLED: sum(({ handled }) => handled),
      CONTACTS_ABANDONED: abandoned,
      CONTACTS_HANDLED_INCOMING: sum(({ handledIncoming }) => handledIncoming),
      API_CONTACTS_HANDLED: sum(({ apiHandled }) => apiHandled),
      CONTACTS_MISSED: sum((book) => book.missed + book.offersLost),
      ABANDON_TIME: abandoned === 0 ? null : sum(({ abandonMs }) => abandonMs) / abandoned / 1000,
      AFTER_CONTACT_WORK_TIME:
        finished === 0 ? null : sum(({ afterContactWorkMs }) => afterContactWorkMs) / finished / 1000,
    },
  };
}
