import { stderr } from "node:process";
import { ConnectClient } from "@aws-sdk/client-connect";
import { afterAll, beforeAll, expect, it } from "vitest";
import { busyCentre } from "../../../bench/simulator/centres.ts";
import { ConnectQueueLister } from "../../../lib/connect/queue-lister.connect.ts";
import { ConnectQueueMetrics } from "../../../lib/connect/queue-metrics.connect.ts";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { columnsOf } from "../../../lib/metrics/historical-metrics.ts";
import { iso } from "../../../lib/metrics/instant.ts";
import { type MetricRow, stepAt } from "../../../lib/metrics/metric-row.ts";
import { DynamoMetrics } from "../../../lib/metrics/metrics.dynamodb.ts";
import type { Page, PageRequest, Snapshot } from "../../../lib/metrics/metrics.ts";
import { DynamoProgressBook } from "../../../lib/metrics/progress.dynamodb.ts";
import { queueList } from "../../../lib/metrics/queue-list.ts";
import { type SnapshotSteps, snapshotMetrics } from "../../../lib/metrics/snapshot-metrics.ts";
import { DynamoRateLimit } from "../../../lib/pacing/rate.dynamodb.ts";
import { isBlank } from "../../../local/connect-simulator/centre/books.ts";
import {
  type Book,
  type CentreConfigInput,
  type ConnectSimulator,
  startConnectSimulator,
} from "../../../local/connect-simulator/simulator.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";

const queues = 250;
const minute = 60_000;
const interval = 5 * minute;
const midnight = Date.parse("2026-11-24T00:00:00Z");
const at = (time: string) => Date.parse(`2026-11-24T${time}:00Z`);
const channels = ["VOICE", "CHAT"] as const;

/** As the busy centre, with a third of its contacts, and two channels, so that a hundred queues take two pages. */
function twoChannels(): CentreConfigInput {
  const { instances: [instance, ...others] = [], ...rest } = busyCentre(queues);
  const { routingProfiles = [], load = [] } = instance ?? {};
  const ofBoth = {
    ...instance,
    routingProfiles: routingProfiles.map((profile) => ({ ...profile, channels: [...channels] })),
    load: load.map(({ queue, perHour }, index) => ({
      queue,
      channel: channels[index % 2 === 0 ? 0 : 1],
      perHour: [perHour].flat().map((contacts) => contacts / 3),
    })),
  };
  return { ...rest, instances: [ofBoth, ...others] };
}

let emulators: Emulators;
let simulator: ConnectSimulator;
beforeAll(async () => {
  emulators = await startEmulators();
  simulator = await startConnectSimulator({
    centre: twoChannels(),
    speed: 0,
    startAt: new Date(midnight),
    auth: false,
    // One clock for all: quotas and tokens live by it as well.
    realClock: () => now(),
  });
});
afterAll(async () => {
  await simulator.stop();
  await emulators.stop();
});

const now = (): number => Date.parse(simulator.clockReading().now);
const until = async (instant: number): Promise<void> => {
  if (instant > now()) await simulator.clock({ advanceSeconds: (instant - now()) / 1000 });
};

/** To Connect, by what they ask for. */
const requests = { current: 0, historical: 0 };

/** What a run meets between two requests. */
type Trouble = "killed" | "token expires";

const days = (count: number) => count * 1440 * minute;
const table = (name: string) => String(emulators.env[name]);

const aTable = () =>
  new DynamoMetrics(dynamoDb(), table("METRICS_TABLE"), simulator.instanceId, {
    now: days(3),
    "5m": days(35),
    "1h": days(400),
    "1d": days(1100),
  });

interface Process {
  steps: SnapshotSteps;
  /** At its next run. */
  meets(trouble: Trouble): void;
  /** Resolves when the process is killed: none of its runs goes on then. */
  dead: Promise<"killed">;
  /** What waited in each queue when Connect was last asked for its first page. */
  waiting: Map<string, number>;
}

function aProcess(): Process {
  const { instanceId } = simulator;
  const client = new ConnectClient({
    endpoint: simulator.url,
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    maxAttempts: 1,
  });
  const rate = (operation: string) =>
    new DynamoRateLimit(
      dynamoDb(),
      table("PACER_TABLE"),
      `${instanceId}/${operation}`,
      { perSecond: 5, burst: 8 },
      now,
    );
  let trouble: Trouble | undefined;
  const { promise: dead, resolve: die } = Promise.withResolvers<"killed">();
  const betweenRequests = async (token: string | undefined) => {
    if (trouble === "token expires" && token !== undefined) {
      trouble = undefined;
      await until(now() + 5 * minute);
    }
    if (trouble === "killed") {
      die("killed");
      await new Promise(() => {});
    }
  };
  const waiting = new Map<string, number>();
  const look = (queueIds: readonly string[]) => {
    for (const queueId of queueIds) waiting.set(queueId, 0);
    for (const { state, queueId } of simulator.contacts()) {
      if (state !== "QUEUED" || queueId === null || !queueIds.includes(queueId)) continue;
      waiting.set(queueId, (waiting.get(queueId) ?? 0) + 1);
    }
  };
  const connect = new ConnectQueueMetrics(client, instanceId);
  const metrics = aTable();
  const book = (slot?: string) =>
    new DynamoProgressBook(dynamoDb(), table("METRICS_TABLE"), instanceId, now, slot);
  let owners = 0;
  const steps: SnapshotSteps = {
    connect: {
      current: async (queueIds, token) => {
        await betweenRequests(token);
        if (token === undefined && isSampled(now())) look(queueIds);
        requests.current += 1;
        return connect.current(queueIds, token);
      },
      historical: async (span, queueIds, columns, token) => {
        await betweenRequests(token);
        requests.historical += 1;
        return connect.historical(span, queueIds, columns, token);
      },
    },
    queues: queueList(new ConnectQueueLister(client, instanceId), metrics, [], now),
    metrics,
    progress: book(),
    gauges: { present: () => {}, interval: () => {} },
    columns: columnsOf([20, 60]),
    second: { intervals: () => Promise.reject(new Error("nobody asks for it")) },
    outcomes: { "1h": book("1h"), "1d": book("1d") },
    backfillMs: 0,
    rates: {
      current: rate("GetCurrentMetricData"),
      historical: rate("GetMetricData"),
      outcomes: rate("GetMetricDataV2"),
    },
    newOwner: () => `${now()}-${++owners}`,
    now,
    until,
  };
  return {
    steps,
    dead,
    waiting,
    meets: (met) => {
      trouble = met;
    },
  };
}

/** With BUSY_DAY=whole every minute; otherwise those from 11:00 to 12:00 and every half an hour, for it takes a while. */
const isWhole = process.env["BUSY_DAY"] === "whole";
const isTaken = (time: number) =>
  isWhole || (time >= at("11:00") && time < at("12:00")) || (time - midnight) % (30 * minute) === 0;
const isSampled = (time: number) => (stepAt("now", time) - midnight) % (60 * minute) === 0;
const isOutage = (time: number) => time >= at("14:00") && time < at("17:00");

/** The minutes that go by while the run of 11:20 waits for its token to expire: none can be read for later. */
const isMissed = (time: number) => time > at("11:20") && time < at("11:25");
/** Each minute of the day that has a snapshot, and no other has one. */
const minutesPresent = Array.from({ length: 1440 }, (_, n) => midnight + n * minute).filter(
  (time) => isTaken(time) && !isOutage(time) && !isMissed(time),
);

/** What is not whole at this minute, and why: a run has 45 seconds, and a token lives longer than that. */
const notWhole: Record<string, Snapshot["state"]> = { "11:10": "open", "11:20": "partial" };

const refusal = { kind: "refuse", status: 429, error: "TooManyRequestsException" } as const;
const troubles: Record<string, (process: Process) => void> = {
  "11:05": () => simulator.faults({ ...refusal, operation: "GetCurrentMetricData", count: 4 }),
  "11:10": ({ meets }) => meets("killed"),
  "11:20": ({ meets }) => meets("token expires"),
  "11:35": () => simulator.faults({ kind: "reset", operation: "GetCurrentMetricData", count: 2 }),
  "11:40": () => simulator.faults({ kind: "refuse", operation: "GetCurrentMetricData", count: 3 }),
  "11:45": () => simulator.faults({ kind: "reply-lost", operation: "GetCurrentMetricData", count: 2 }),
  "12:41": () => simulator.faults({ ...refusal, operation: "GetMetricData", count: 5 }),
  "12:51": () => simulator.faults({ kind: "reply-lost", operation: "GetMetricData", count: 2 }),
  "13:31": () => simulator.faults({ kind: "refuse", operation: "GetMetricData", count: 12 }),
};

/** What history meets at a minute that has a snapshot of its own. */
const historyTroubles: typeof troubles = { "13:01": ({ meets }) => meets("killed") };

it("a busy day of 250 queues is on record: each minute and each interval once, as the contact centre has it", async () => {
  const begun = new Map<string, Snapshot["state"]>();
  const sampled = new Map<string, Map<string, number>>();
  let process = aProcess();
  let corrected = 0;

  async function run(reading: "current" | "historical"): Promise<void> {
    const { steps, dead, waiting } = process;
    const minuteOf = iso(stepAt("now", now()));
    const isFirst = reading === "current" && !begun.has(minuteOf);
    const runs = [1, 2].map(() => snapshotMetrics({ reading }, steps, now() + 45_000));
    const outcome = await Promise.race([Promise.all(runs), dead]);
    if (outcome === "killed") process = aProcess();
    else for (const did of outcome) corrected += "rowsCorrected" in did ? did.rowsCorrected : 0;
    if (!isFirst) return;
    begun.set(minuteOf, notWhole[minuteOf.slice(11, 16)] ?? "whole");
    if (isSampled(Date.parse(minuteOf))) sampled.set(minuteOf, new Map(waiting));
  }

  const begunAt = performance.now();
  const tell = (time: number) => {
    const took = Math.round((performance.now() - begunAt) / 1000);
    const asked = `${requests.current} + ${requests.historical} requests`;
    stderr.write(`${iso(time)}: ${begun.size} snapshots, ${asked}, ${took} s\n`);
  };
  for (let time = midnight; time < midnight + days(1); time += minute) {
    if (isWhole && time % (60 * minute) === 0) tell(time);
    if (isOutage(time)) continue;
    await until(time);
    const ofDay = iso(time).slice(11, 16);
    troubles[ofDay]?.(process);
    if (isTaken(time)) await run("current");
    historyTroubles[ofDay]?.(process);
    if ((time - midnight) % interval === minute) await run("historical");
  }
  await until(midnight + days(1) + 31 * minute);
  await run("historical");
  if (isWhole) tell(now());

  expect(simulator.pendingFaults()).toEqual([]);
  expect([...begun.keys()].toSorted()).toEqual(minutesPresent.map(iso));
  // A contact's durations are entered where it was answered, and so after that interval is over.
  expect(corrected).toBeGreaterThan(1_000);
  await checkSnapshots(begun, sampled);
  await checkHistory();
}, 3_600_000);

async function checkSnapshots(
  begun: ReadonlyMap<string, Snapshot["state"]>,
  sampled: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Promise<void> {
  const metrics = aTable();
  const snapshots = await all((page) => metrics.snapshots(page));
  expect(new Map(snapshots.map((snapshot) => [snapshot.at, snapshot.state]))).toEqual(begun);
  for (const snapshot of snapshots.filter(({ state }) => state === "whole")) {
    const found = await all((page) => metrics.rowsOf(snapshot, page));
    expect(found.flatMap(({ rows }) => rows)).toHaveLength(2 * queues);
    const waiting = sampled.get(snapshot.at);
    if (!waiting) continue;
    expect(new Map(found.map(({ queueId, rows }) => [queueId, sum(rows, "CONTACTS_IN_QUEUE")]))).toEqual(
      new Map([...waiting].toSorted()),
    );
  }
}

async function checkHistory(): Promise<void> {
  const metrics = aTable();
  const progress = await new DynamoProgressBook(
    dynamoDb(),
    table("METRICS_TABLE"),
    simulator.instanceId,
    now,
  ).look();
  expect(progress).toMatchObject({ gaps: [], readUntil: iso(midnight + days(1) + 30 * minute) });

  const rows = new Map<string, MetricRow>();
  for (const { queueId } of await all((page) => metrics.queues(page))) {
    const span = { queueId, resolution: "5m", from: midnight, to: midnight + days(1) } as const;
    for (const row of await all((page) => metrics.range(span, page))) {
      rows.set(`${queueId} ${row.channel} ${Date.parse(row.at)}`, row);
    }
  }
  const books = simulator.books().filter(({ start }) => start < midnight + days(1));
  // A book is of the contacts that began alike, a row of all; where contacts did no more than end, Connect has nothing to tell.
  const told = books.filter((book) => !isBlank(book));
  const ofRows = Map.groupBy(told, ({ queueId, channel, start }) => `${queueId} ${channel} ${start}`);
  for (const [key, own] of ofRows) expect(rows.get(key)?.values).toMatchObject(figuresOf(own));
  expect(sum([...rows.values()], "CONTACTS_QUEUED")).toBe(books.reduce((all, { queued }) => all + queued, 0));
  expect(sum([...rows.values()], "CONTACTS_QUEUED")).toBeGreaterThan(5_000);
  expect(sum([...rows.values()], "CONTACTS_HANDLED")).toBe(
    books.reduce((all, { handled }) => all + handled, 0),
  );
}

/** What stands in an interval's books for good as soon as the interval is over. */
function figuresOf(books: readonly Book[]) {
  const total = (of: (book: Book) => number) => books.reduce((all, book) => all + of(book), 0);
  const [abandoned, answered] = [total((book) => book.abandoned), total((book) => book.answered)];
  return {
    CONTACTS_QUEUED: total(({ queued }) => queued),
    CONTACTS_HANDLED: total(({ handled }) => handled),
    CONTACTS_ABANDONED: abandoned,
    CONTACTS_CONSULTED: total(({ consulted }) => consulted),
    CONTACTS_HANDLED_INCOMING: total(({ handledIncoming }) => handledIncoming),
    CONTACTS_HANDLED_OUTBOUND: total(({ handledOutbound }) => handledOutbound),
    CONTACTS_MISSED: total(({ missed }) => missed),
    CALLBACK_CONTACTS_HANDLED: total(({ callbackHandled }) => callbackHandled),
    CONTACTS_TRANSFERRED_OUT_FROM_QUEUE: total((book) => book.transferredOutFromQueue),
    ABANDON_TIME: abandoned === 0 ? null : total(({ abandonMs }) => abandonMs) / abandoned / 1000,
    QUEUE_ANSWER_TIME: answered === 0 ? null : total(({ answerMs }) => answerMs) / answered / 1000,
  };
}

const sum = (rows: readonly MetricRow[], column: string): number =>
  rows.reduce((total, { values }) => total + (values[column] ?? 0), 0);

async function all<Item>(ask: (page: PageRequest) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask({ limit: 500, cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return items;
}
