import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ConnectClient, type GetMetricDataV2Request } from "@aws-sdk/client-connect";
import { describe, expect, it, onTestFinished } from "vitest";
import { ConnectSecondQueueMetrics } from "../../../lib/connect/second-queue-metrics.connect.ts";
import { columnsOf } from "../../../lib/metrics/historical-metrics.ts";
import { outcomeColumns, outcomeNames, secondColumnsOf } from "../../../lib/metrics/second-source.ts";

const instanceArn = "arn:aws:connect:us-east-1:000000000000:instance/instance-1";
const noon = Date.parse("2026-11-24T12:00:00Z");
const hour = { from: noon, to: noon + 3_600_000 };
const history = secondColumnsOf(columnsOf([20, 60]));

const clientOf = (endpoint: string) =>
  new ConnectClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    maxAttempts: 1,
  });

type Asked = Omit<GetMetricDataV2Request, "StartTime" | "EndTime"> & { StartTime: number; EndTime: number };

/** Whatever answers instead of Connect, by HTTP. */
async function answering(answer: (asked: Asked) => { status?: number; error?: string; body: unknown }) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    asked.push(body);
    const { status = 200, error = "", body: answered } = answer(body);
    response.writeHead(status, { "x-amzn-errortype": error });
    response.end(JSON.stringify(answered));
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0), "listening");
  const { port } = server.address() as AddressInfo;
  return { asked, metrics: new ConnectSecondQueueMetrics(clientOf(`http://localhost:${port}`), instanceArn) };
}

describe("GetMetricDataV2", () => {
  it("is asked for one hour or day of UTC, by queue and channel, a hundred results at a time", async () => {
    const { metrics, asked } = await answering(() => ({ body: { MetricResults: [] } }));
    await metrics.intervals(hour, "1h", ["queue-1", "queue-2"], outcomeColumns, "token");
    await metrics.intervals(hour, "1d", ["queue-1"], []);
    expect(asked).toMatchObject([
      {
        ResourceArn: instanceArn,
        StartTime: hour.from / 1000,
        EndTime: hour.to / 1000,
        Interval: { TimeZone: "UTC", IntervalPeriod: "HOUR" },
        Filters: [
          { FilterKey: "QUEUE", FilterValues: ["queue-1", "queue-2"] },
          { FilterKey: "CHANNEL", FilterValues: ["VOICE", "CHAT", "TASK", "EMAIL"] },
        ],
        Groupings: ["QUEUE", "CHANNEL"],
        MaxResults: 100,
        NextToken: "token",
      },
      { Interval: { TimeZone: "UTC", IntervalPeriod: "DAY" } },
    ]);
  });

  it("is asked for each value once, by name, filters and threshold", async () => {
    const { metrics, asked } = await answering(() => ({ body: {} }));
    await metrics.intervals(hour, "1h", ["queue-1"], [...history, ...outcomeColumns]);
    const texts = (asked[0]?.Metrics ?? []).map((metric) => JSON.stringify(metric));
    // All but the three that it does not give; handled by agents' hanging up is one of history as well.
    expect(texts).toHaveLength(history.length - 3 + outcomeColumns.length);
    expect(texts.length - new Set(texts).size).toBe(1);
    expect(asked[0]?.Metrics).toEqual(
      expect.arrayContaining([
        { Name: "AVG_HANDLE_TIME" },
        { Name: "SERVICE_LEVEL", Threshold: [{ Comparison: "LT", ThresholdValue: 60 }] },
        {
          Name: "CONTACTS_CREATED",
          MetricFilters: [{ MetricFilterKey: "INITIATION_METHOD", MetricFilterValues: ["API"] }],
        },
        {
          Name: "CONTACTS_HANDLED",
          MetricFilters: [
            { MetricFilterKey: "INITIATION_METHOD", MetricFilterValues: ["API"] },
            { MetricFilterKey: "DISCONNECT_REASON", MetricFilterValues: ["CUSTOMER_DISCONNECT"] },
          ],
        },
      ]),
    );
    // What AWS allows of one metric.
    for (const { MetricFilters = [] } of asked[0]?.Metrics ?? []) {
      expect(MetricFilters.length).toBeLessThanOrEqual(2);
      for (const { MetricFilterValues = [] } of MetricFilters)
        expect(MetricFilterValues.length).toBeLessThan(11);
    }
  });

  it("tells what each value is of by its filters, in whatever order they come back; what is not given is null", async () => {
    const { metrics } = await answering(({ Metrics = [] }) => ({
      body: {
        NextToken: "more",
        MetricResults: [
          {
            Dimensions: { QUEUE: `${instanceArn}/queue/queue-1`, CHANNEL: "VOICE" },
            Collections: Metrics.toReversed().map((metric, index) => ({
              Metric: {
                ...metric,
                MetricFilters: metric.MetricFilters?.toReversed().map((filter) => ({
                  ...filter,
                  Negate: false,
                  MetricFilterValues: filter.MetricFilterValues?.toReversed(),
                })),
              },
              Value: metric.Name === "AVG_HOLD_TIME" ? null : Metrics.length - 1 - index,
            })),
          },
          { Dimensions: { QUEUE: "queue-2", CHANNEL: "CHAT" }, Collections: [] },
          { Dimensions: { QUEUE: "queue-2", CHANNEL: "FAX" }, Collections: [] },
        ],
      },
    }));
    const columns = [...history, ...outcomeColumns];
    const page = await metrics.intervals(hour, "1h", ["queue-1", "queue-2"], columns);
    if (page.kind !== "page") throw new Error(`a page was expected, not ${page.kind}`);
    expect(page.next).toBe("more");
    expect(page.rows.map(({ queueId, channel }) => [queueId, channel])).toEqual([
      ["queue-1", "VOICE"],
      ["queue-2", "CHAT"],
    ]);
    let place = 0;
    const expected = columns.map(({ column, metric }) => {
      const value = metric === null ? null : place++;
      return [column, column === "HOLD_TIME" ? null : value];
    });
    expect(page.rows[0]?.values).toEqual({
      ...Object.fromEntries(expected),
      // Asked for twice, answered by the same.
      CONTACTS_AGENT_HUNG_UP_FIRST: page.rows[0]?.values["CONTACTS_HANDLED_AGENT_DISCONNECT"],
      CONTACTS_HANDLED_AGENT_DISCONNECT: expect.any(Number),
    });
    expect(Object.keys(page.rows[0]?.values ?? {})).toEqual(columns.map(({ column }) => column));
    for (const name of outcomeNames) expect(page.rows[1]?.values[name]).toBeNull();
  });

  it.each([
    [429, "ThrottlingException", undefined, "too-fast"],
    [500, "InternalServiceException", undefined, "unclear"],
    [404, "ResourceNotFoundException", undefined, "unknown-queue"],
    [400, "InvalidParameterException", "token", "token-gone"],
  ])("answers %i %s with the token %s: %s", async (status, error, token, kind) => {
    const { metrics } = await answering(() => ({ status, error, body: {} }));
    expect(await metrics.intervals(hour, "1h", ["queue-1"], [], token)).toEqual({ kind });
  });

  it.each([
    [400, "InvalidParameterException"],
    [403, "AccessDeniedException"],
  ])("throws %i %s, for asking again would not help", async (status, error) => {
    const { metrics } = await answering(() => ({ status, error, body: {} }));
    await expect(metrics.intervals(hour, "1h", ["queue-1"], [])).rejects.toThrow();
  });
});
