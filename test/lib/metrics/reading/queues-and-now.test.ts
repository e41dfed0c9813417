import { beforeEach, describe, expect, it } from "vitest";
import { cursorOf } from "../../../../lib/api/cursor.ts";
import { aMetricRow } from "../../../support/metric-builders.ts";
import { MetricsApiWorld } from "../../../support/metrics-api-world.ts";

let api: MetricsApiWorld;
beforeEach(() => {
  api = new MetricsApiWorld();
});

const queues = [1, 2, 3].map((n) => ({ queueId: `queue-${n}`, name: `Queue ${n}` }));
const body = async (target: string) => {
  const answer = await api.get(target);
  expect(answer.status).toBe(200);
  return answer.body as { next?: string; queues: { queueId: string }[]; at?: string };
};

describe("the list of queues", () => {
  it("has every queue once, page by page", async () => {
    await api.metrics.keepQueues(queues);
    expect(await body("/metrics/queues")).toEqual({ queues });
    const { next, ...first } = await body("/metrics/queues?limit=2");
    expect(first).toEqual({ queues: queues.slice(0, 2) });
    expect(await body(`/metrics/queues?limit=2&cursor=${next}`)).toEqual({ queues: queues.slice(2) });
  });

  it("is empty before there is any", async () => {
    expect(await body("/metrics/queues")).toEqual({ queues: [] });
  });
});

describe("the present", () => {
  const snapshot = (at: string, more = {}) =>
    api.metrics.closeSnapshot({ at, state: "whole", channels: ["VOICE"], lacking: 0, ...more });
  const row = (queueId: string, at: string, value: number) =>
    aMetricRow({ queueId, at, asOf: at, resolution: "now", values: { CONTACTS_IN_QUEUE: value } });
  const earlier = "2026-11-24T11:59:00.000Z";
  const latest = "2026-11-24T12:00:00.000Z";

  beforeEach(() => api.metrics.keepQueues(queues));

  it("is the most recent snapshot that is complete, with the queues of which it has nothing", async () => {
    await snapshot("2026-11-24T11:58:00.000Z");
    await snapshot(earlier, { state: "partial", lacking: 2 });
    await api.metrics.openSnapshot(latest, "run");
    await api.metrics.putAll([row("queue-1", earlier, 4), row("queue-1", latest, 5)]);
    expect(await body("/metrics/now")).toEqual({
      at: earlier,
      ageSeconds: 90,
      partial: true,
      queuesLacking: 2,
      queues: [
        {
          ...queues[0],
          rows: [
            {
              at: earlier,
              channel: "VOICE",
              asOf: earlier,
              partial: false,
              values: { CONTACTS_IN_QUEUE: 4 },
            },
          ],
        },
        { ...queues[1], rows: [] },
        { ...queues[2], rows: [] },
      ],
    });
  });

  it("is of one snapshot on all its pages, for ten minutes", async () => {
    await snapshot(earlier);
    await api.metrics.putAll(queues.map(({ queueId }) => row(queueId, earlier, 1)));
    const { next } = await body("/metrics/now?limit=2");
    await snapshot(latest);
    expect(await body(`/metrics/now?limit=2&cursor=${next}`)).toMatchObject({
      at: earlier,
      queues: [{ queueId: "queue-3", rows: [{ at: earlier }] }],
    });
    for (let minute = 1; minute < 10; minute += 1) await snapshot(`2026-11-24T12:0${minute}:00.000Z`);
    expect(await api.get(`/metrics/now?limit=2&cursor=${next}`)).toMatchObject({
      status: 400,
      body: { title: "Bad cursor" },
    });
  });

  it("is that one, however many runs have died since", async () => {
    await snapshot("2026-11-24T02:00:00.000Z");
    const start = Date.parse("2026-11-24T02:01:00Z");
    for (let minute = 0; minute < 600; minute += 1) {
      await api.metrics.openSnapshot(new Date(start + minute * 60_000).toISOString(), "run");
    }
    expect(await body("/metrics/now")).toMatchObject({ at: "2026-11-24T02:00:00.000Z" });
  });

  it("does not go on with a cursor that somebody else has made", async () => {
    await snapshot(earlier);
    await api.metrics.openSnapshot(latest, "run");
    for (const position of [[latest, "queue-1"], [earlier, ""], [earlier]]) {
      const forged = cursorOf({ part: 0, after: JSON.stringify(position) }, { list: "now" });
      expect(await api.get(`/metrics/now?cursor=${forged}`)).toMatchObject({ status: 400 });
    }
    const forged = cursorOf({ part: 0, after: '[""]' }, { list: "queues" });
    expect(await api.get(`/metrics/queues?cursor=${forged}`)).toMatchObject({ status: 400 });
  });

  it("is not known before there is a snapshot", async () => {
    await api.metrics.openSnapshot(latest, "run");
    expect(await api.get("/metrics/now")).toMatchObject({ status: 404, body: { title: "No snapshot" } });
  });
});

it.each(["/metrics/queues", "/metrics/now"])(
  "%s takes nothing but a limit and a cursor of its own",
  async (path) => {
    await api.metrics.keepQueues(queues);
    await api.metrics.closeSnapshot({
      at: "2026-11-24T12:00:00.000Z",
      state: "whole",
      channels: [],
      lacking: 0,
    });
    const other = path === "/metrics/now" ? "/metrics/queues" : "/metrics/now";
    const { next } = await body(`${other}?limit=1`);
    for (const query of ["limit=0", "limit=501", "cursor=AAAA", `cursor=${next}`, "from=x"])
      expect(await api.get(`${path}?${query}`)).toMatchObject({ status: 400, body: { status: 400 } });
    api.metrics.queues = () => Promise.reject(new Error("ECONNREFUSED"));
    expect(await api.get(path)).toMatchObject({ status: 503 });
  },
);
