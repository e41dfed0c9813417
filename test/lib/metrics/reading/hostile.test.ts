import fc from "fast-check";
import { expect, it } from "vitest";
import { aMetricRow } from "../../../support/metric-builders.ts";
import { MetricsApiWorld } from "../../../support/metrics-api-world.ts";

/** In every value that is sent, and in no rule of ours. */
const marker = "zyxxyz";

const path = fc.constantFrom(
  "/metrics/queues",
  "/metrics/now",
  "/metrics/queues/queue-1",
  "/metrics/queues/..",
  "/metrics/queues/%00",
  `/metrics/queues/%F0%9F%93%9E${marker}`,
);
const text = fc.oneof(fc.string(), fc.string({ unit: "binary" })).map((value) => value + marker);
const fit = fc.constantFrom(
  "1",
  "5m",
  "1h",
  "now",
  "VOICE",
  "CONTACTS_QUEUED,SERVICE_LEVEL",
  "2026-11-24T00:00:00Z",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "__proto__",
  "SERVICE_LEVEL_20",
);
const query = fc.dictionary(
  fc.constantFrom("from", "to", "metric", "resolution", "channel", "limit", "cursor", "__proto__", "other"),
  fc.oneof({ weight: 4, arbitrary: fit }, { weight: 1, arbitrary: text }),
  { maxKeys: 3 },
);
const accept = fc.oneof(fc.constantFrom("text/csv", "*/*", "text/csv;q=", ",;,"), text);

it("whatever is asked of the routes of metrics is answered as it should be: 3,000 hostile requests", async () => {
  const api = new MetricsApiWorld();
  await api.metrics.keepQueues([{ queueId: "queue-1", name: "Sales" }]);
  await api.metrics.putAll([aMetricRow({ at: "2026-11-24T11:00:00.000Z" })]);
  await api.metrics.closeSnapshot({
    at: "2026-11-24T12:00:00.000Z",
    state: "whole",
    channels: ["VOICE"],
    lacking: 0,
  });
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(path, query, accept, async (path, query, accept) => {
      const search = new URLSearchParams(query).toString();
      const { status, headers, body } = await api.get(search ? `${path}?${search}` : path, { accept });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect([200, 400]).toContain(status);
      if (status === 400) expect(headers).toMatchObject({ "content-type": "application/problem+json" });
      expect(JSON.stringify(body)).not.toContain(marker);
    }),
    { numRuns: 3_000, seed: 4711 },
  );
  // Otherwise the requests were not what they are meant to be.
  for (const status of [200, 400]) expect(statuses.get(status)).toBeGreaterThan(100);
});
