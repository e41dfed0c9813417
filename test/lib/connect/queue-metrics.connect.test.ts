import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ConnectClient } from "@aws-sdk/client-connect";
import { describe, expect, it, onTestFinished } from "vitest";
import { ConnectQueueLister } from "../../../lib/connect/queue-lister.connect.ts";
import { ConnectQueueMetrics } from "../../../lib/connect/queue-metrics.connect.ts";
import { currentNames } from "../../../lib/metrics/current-metrics.ts";
import { columnsOf, historicalNames } from "../../../lib/metrics/historical-metrics.ts";
import {
  type CentreConfigInput,
  type ConnectSimulatorOptions,
  startConnectSimulator,
} from "../../../local/connect-simulator/simulator.ts";

const midnight = Date.parse("2026-11-24T00:00:00Z");
const minute = 60_000;
const unlimited = { rate: 1e6, burst: 1e6 };

const names = Array.from({ length: 120 }, (_, n) => `Queue ${String(n).padStart(3, "0")}`);
const instance: NonNullable<CentreConfigInput["instances"]>[number] = {
  queues: names,
  routingProfiles: [{ name: "All", queues: names, channels: ["VOICE", "CHAT"] }],
  users: [{ username: "agent", count: 2, routingProfile: "All" }],
};

/** A contact centre whose clock stands still, and what the service sees of it. */
async function aCentre(options: ConnectSimulatorOptions = {}) {
  let realNow = midnight;
  const simulator = await startConnectSimulator({
    centre: { instances: [instance] },
    speed: 0,
    startAt: new Date(midnight),
    auth: false,
    realClock: () => realNow,
    quotas: { GetCurrentMetricData: unlimited, GetMetricData: unlimited },
    ...options,
  });
  onTestFinished(() => simulator.stop());
  const client = new ConnectClient({
    endpoint: simulator.url,
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    maxAttempts: 1,
  });
  const metrics = new ConnectQueueMetrics(client, simulator.instanceId);
  const lister = new ConnectQueueLister(client, simulator.instanceId);
  const ids = (await lister.list()).map(({ queueId }) => queueId);
  const pageOf = async (answer: ReturnType<typeof metrics.current>) => {
    const page = await answer;
    if (page.kind !== "page") throw new Error(`a page was expected, not ${page.kind}`);
    return page;
  };
  return {
    simulator,
    metrics,
    lister,
    ids,
    pageOf,
    passRealMinutes: (count: number) => {
      realNow += count * minute;
    },
  };
}

it("lists the standard queues of an instance and no agent's own", async () => {
  const { lister } = await aCentre();
  const queues = await lister.list();
  expect(queues.map(({ name }) => name).toSorted()).toEqual(names);
});

it("knows nothing of a value that is no number", async () => {
  const dimensions = { Queue: { Id: "queue-1" }, Channel: "VOICE" };
  const aValue = (Name: string, Value: unknown) => ({ Metric: { Name }, Value });
  const collections = [aValue("OCCUPANCY", "NaN"), aValue("HOLD_TIME", null), aValue("QUEUED_TIME", 4.5)];
  const answer = { MetricResults: [{ Dimensions: dimensions, Collections: collections }] };
  const server = createServer((_, response) => response.end(JSON.stringify(answer)));
  onTestFinished(() => void server.close());
  await once(server.listen(0), "listening");
  const { port } = server.address() as AddressInfo;
  const client = new ConnectClient({
    endpoint: `http://localhost:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  const metrics = new ConnectQueueMetrics(client, "instance-1");
  const columns = columnsOf([]).filter(({ column }) =>
    ["OCCUPANCY", "HOLD_TIME", "QUEUED_TIME"].includes(column),
  );
  expect(
    await metrics.historical({ from: midnight, to: midnight + 5 * minute }, ["queue-1"], columns),
  ).toEqual({
    kind: "page",
    rows: [
      {
        queueId: "queue-1",
        channel: "VOICE",
        values: { HOLD_TIME: null, QUEUED_TIME: 4.5, OCCUPANCY: null },
      },
    ],
  });
});

describe("current metrics", () => {
  it("come for every queue and channel, all of them, page after page as of one instant", async () => {
    const { metrics, ids, pageOf } = await aCentre();
    const asked = ids.slice(0, 100);
    const first = await pageOf(metrics.current(asked));
    const second = await pageOf(metrics.current(asked, first.next));

    expect(second.next).toBeUndefined();
    const rows = [...first.rows, ...second.rows];
    expect(new Set(rows.map(({ queueId, channel }) => `${queueId} ${channel}`)).size).toBe(200);
    for (const { values } of rows) expect(Object.keys(values)).toEqual(currentNames);
    expect([first.snapshotAt, second.snapshotAt]).toEqual([midnight, midnight]);
  });

  it("count waiting in seconds, and tell an unknown value from none", async () => {
    const { simulator, metrics, ids, pageOf } = await aCentre();
    // Nobody is there to answer, so nobody can tell how long it will take.
    for (const { username } of simulator.agents()) simulator.agent({ username, status: "Offline" });
    simulator.arrive({ queue: "Queue 000" });
    await simulator.clock({ advanceSeconds: 47 });

    const { rows } = await pageOf(metrics.current(ids.slice(0, 1)));

    const voice = rows.find(({ channel }) => channel === "VOICE")?.values;
    expect(voice).toMatchObject({ CONTACTS_IN_QUEUE: 1, AGENTS_ONLINE: 0, ESTIMATED_WAIT_TIME: null });
    expect(voice?.["OLDEST_CONTACT_AGE"]).toBeGreaterThan(10);
    expect(voice?.["OLDEST_CONTACT_AGE"]).toBeLessThanOrEqual(47);
  });
});

describe("historical metrics", () => {
  it("come for each interval, with a service level for each threshold", async () => {
    const { simulator, metrics, ids, pageOf } = await aCentre();
    simulator.arrive({ queue: "Queue 000" });
    await simulator.clock({ advanceSeconds: 900 });
    const span = { from: midnight, to: midnight + 5 * minute };

    const { rows, next } = await pageOf(metrics.historical(span, ids.slice(0, 100), columnsOf([20, 60])));

    expect(next).toBeUndefined();
    expect(rows).toHaveLength(1);
    const [row] = rows;
    expect(row).toMatchObject({ queueId: ids[0], channel: "VOICE", values: { CONTACTS_QUEUED: 1 } });
    expect(row?.values["ABANDON_TIME"]).toBeNull();
    const expected = [
      ...historicalNames.filter((name) => name !== "SERVICE_LEVEL"),
      "SERVICE_LEVEL_20",
      "SERVICE_LEVEL_60",
    ];
    expect(Object.keys(row?.values ?? {}).toSorted()).toEqual(expected.toSorted());
    expect(row?.values["SERVICE_LEVEL_60"]).toBe(100);
  });
});

describe("what Connect answers otherwise", () => {
  it("is a token that has expired", async () => {
    const { metrics, ids, pageOf, passRealMinutes } = await aCentre();
    const { next } = await pageOf(metrics.current(ids.slice(0, 100)));
    passRealMinutes(5);
    expect(await metrics.current(ids.slice(0, 100), next)).toEqual({ kind: "token-gone" });
  });

  it("is too much at once", async () => {
    const { metrics, ids } = await aCentre({ quotas: { GetCurrentMetricData: { rate: 1, burst: 1 } } });
    await metrics.current(ids.slice(0, 1));
    expect(await metrics.current(ids.slice(0, 1))).toEqual({ kind: "too-fast" });
  });

  it.each([
    { kind: "refuse", status: 500, error: "InternalServiceException" },
    { kind: "refuse", status: 503, error: "ServiceUnavailable" },
    { kind: "reset" },
    { kind: "reply-lost" },
  ] as const)("is nothing that tells anything: $kind $status", async (fault) => {
    const { simulator, metrics, ids } = await aCentre();
    simulator.faults({ ...fault, operation: "GetCurrentMetricData" });
    expect(await metrics.current(ids.slice(0, 1))).toEqual({ kind: "unclear" });
  });

  it("is a queue that is not there", async () => {
    const { metrics } = await aCentre();
    const unknown = "5ca1ab1e-0000-4000-8000-0000000000ff";
    expect(await metrics.current([unknown])).toEqual({ kind: "unknown-queue" });
  });

  it.each(["AccessDeniedException", "InvalidParameterException"])(
    "is thrown where asking again cannot help: %s",
    async (error) => {
      const { simulator, metrics, ids } = await aCentre();
      simulator.faults({ kind: "refuse", status: 403, error, operation: "GetCurrentMetricData" });
      await expect(metrics.current(ids.slice(0, 1))).rejects.toMatchObject({ name: error });
    },
  );
});
