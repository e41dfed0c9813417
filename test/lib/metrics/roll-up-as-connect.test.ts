import { ConnectClient } from "@aws-sdk/client-connect";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ConnectQueueLister } from "../../../lib/connect/queue-lister.connect.ts";
import { ConnectQueueMetrics } from "../../../lib/connect/queue-metrics.connect.ts";
import { columnsOf } from "../../../lib/metrics/historical-metrics.ts";
import { iso } from "../../../lib/metrics/instant.ts";
import { keyOf, type MetricRow, type Resolution, stepOf } from "../../../lib/metrics/metric-row.ts";
import { rollUp } from "../../../lib/metrics/roll-up.ts";
import {
  type CentreConfigInput,
  type ConnectSimulator,
  startConnectSimulator,
} from "../../../local/connect-simulator/simulator.ts";

const hour = 3_600_000;
const begin = Date.parse("2026-11-24T08:00:00Z");
const hours = 6;
const columns = columnsOf([20, 60]);

/** Contacts that wait, give up, are put on hold, handed on and called back, in two channels. */
const centre: CentreConfigInput = {
  instances: [
    {
      alias: "acme",
      queues: ["Sales", "Support"],
      routingProfiles: [
        { name: "Sales", queues: ["Sales", { queue: "Support", priority: 2 }] },
        { name: "Support", queues: ["Support"], channels: ["VOICE", "CHAT"] },
      ],
      users: [
        { username: "ana", count: 6, routingProfile: "Sales" },
        { username: "bo", count: 4, routingProfile: "Support" },
      ],
      behaviour: {
        missedOffers: 0.02,
        holds: 0.3,
        holdAbandons: 0.05,
        consults: 0.05,
        agentTransfers: 0.05,
        queueTransfers: 0.1,
        callbacks: 0.1,
        durations: { talk: [60, 420], afterContactWork: [10, 60], patience: [30, 120] },
      },
      load: [
        { queue: "Sales", perHour: 110 },
        { queue: "Support", perHour: 60 },
        { queue: "Support", channel: "CHAT", perHour: 20 },
      ],
    },
  ],
};

let simulator: ConnectSimulator;
beforeAll(async () => {
  const plenty = { rate: 1_000, burst: 1_000 };
  simulator = await startConnectSimulator({
    centre,
    speed: 0,
    startAt: new Date(begin),
    auth: false,
    quotas: { GetMetricData: plenty, ListQueues: plenty },
  });
  // An hour more than is looked at: nothing of it is under way any longer.
  await simulator.clock({ advanceSeconds: (hours + 1) * 3600 });
});
afterAll(() => simulator.stop());

it("an hour is what Connect says of it, made of what it says of five minutes", async () => {
  const client = new ConnectClient({
    endpoint: simulator.url,
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  const connect = new ConnectQueueMetrics(client, simulator.instanceId);
  const queueIds = (await new ConnectQueueLister(client, simulator.instanceId).list()).map(
    ({ queueId }) => queueId,
  );
  const read = async (resolution: Resolution, from: number): Promise<MetricRow[]> => {
    const answer = await connect.historical({ from, to: from + stepOf[resolution] }, queueIds, columns);
    if (answer.kind !== "page" || answer.next) throw new Error(`it was to be one page: ${answer.kind}`);
    const common = { resolution, at: iso(from), asOf: iso(begin), partial: false };
    return answer.rows.map((row) => ({ ...row, ...common }));
  };
  const all = async (resolution: "5m" | "1h") => {
    const rows: MetricRow[] = [];
    for (let from = begin; from < begin + hours * hour; from += stepOf[resolution])
      rows.push(...(await read(resolution, from)));
    return rows;
  };

  const rolledUp = new Map(rollUp(await all("5m"), "1h", () => 0).map((row) => [keyOf(row), row]));
  const asked = await all("1h");

  expect(asked.length).toBeGreaterThanOrEqual(2 * hours);
  for (const { values, ...row } of asked) {
    const found = rolledUp.get(keyOf(row))?.values ?? {};
    for (const [column, value] of Object.entries(values)) {
      if (column === "OCCUPANCY") expect(found[column]).toBeNull();
      else if (value === null) expect(found[column] ?? null, `${column} ${row.at}`).toBeNull();
      else expect(found[column], `${column} ${row.at}`).toBeCloseTo(value, 6);
    }
  }
  // Otherwise nothing was compared.
  const seen = new Set(
    asked.flatMap(({ values }) => Object.keys(values).filter((column) => Number(values[column]) > 0)),
  );
  for (const column of ["HOLD_TIME", "ABANDON_TIME", "QUEUE_ANSWER_TIME", "SERVICE_LEVEL_20", "QUEUED_TIME"])
    expect(seen).toContain(column);
  client.destroy();
});
