import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { cursorOf } from "../../../../lib/api/cursor.ts";
import { channels, type MetricRow } from "../../../../lib/metrics/metric-row.ts";
import { aMetricRow } from "../../../support/metric-builders.ts";
import { MetricsApiWorld } from "../../../support/metrics-api-world.ts";

const noon = Date.parse("2026-11-24T12:00:00Z");
const minutes = (count: number) => count * 60_000;
const iso = (at: number) => new Date(at).toISOString();
const path = "/metrics/queues/queue-1";

let api: MetricsApiWorld;
beforeEach(() => {
  api = new MetricsApiWorld();
});

interface Page {
  rows: { at: string; channel: string; source?: string; values: Record<string, number | null> }[];
  next?: string;
}
const pageOf = async (target: string) => {
  const answer = await api.get(target);
  expect(answer.status).toBe(200);
  return { ...(answer.body as Page), link: answer.headers["link"] };
};

/** Page by page along the links, as a client goes. */
async function walk(query: string, onPage: () => Promise<void> = async () => {}) {
  const rows: Page["rows"] = [];
  let pages = 0;
  let target: string | undefined = `${path}?${query}`;
  while (target !== undefined) {
    const page = await pageOf(target);
    rows.push(...page.rows);
    pages += 1;
    await onPage();
    const [, reference] = /^<(\?[^>]+)>; rel="next"$/.exec(String(page.link)) ?? [];
    expect(reference === undefined).toBe(page.next === undefined);
    target = reference && path + reference;
  }
  return { rows, pages };
}

describe("the rows of a queue", () => {
  it("are those of the last day in steps of five minutes, unless something else is asked for", async () => {
    const row = aMetricRow({ at: iso(noon - minutes(5)), partial: true });
    await api.metrics.putAll([
      row,
      aMetricRow({ at: iso(noon - minutes(25 * 60)) }),
      aMetricRow({ at: iso(noon - minutes(5)), queueId: "another" }),
    ]);
    expect(await api.get(path)).toMatchObject({
      status: 200,
      headers: { "content-type": "application/json", "cache-control": "no-store", vary: "accept" },
      body: {
        queueId: "queue-1",
        resolution: "5m",
        from: "2026-11-23T12:00:30.000Z",
        to: "2026-11-24T12:00:30.000Z",
        history: { since: "2026-11-01T00:00:00.000Z", readUntil: "2026-11-24T12:00:00.000Z", gaps: [] },
        rows: [{ at: row.at, channel: "VOICE", asOf: row.asOf, partial: true, values: row.values }],
      },
    });
  });

  it("of an hour or a day say of how many intervals they are made, and not of what their means are", async () => {
    const at = "2026-11-24T10:00:00.000Z";
    const parts = { HANDLE_TIME: { sum: 1, weight: 1 } };
    await api.metrics.putAll([aMetricRow({ resolution: "1h", at, intervals: 11, parts, partial: true })]);
    const { rows } = await pageOf(`${path}?resolution=1h`);
    expect(rows).toMatchObject([{ at, intervals: 11, intervalsExpected: 12, partial: true }]);
    expect(rows[0]).not.toHaveProperty("parts");
  });

  it("come with the gaps of their time, and with no history where it has not begun", async () => {
    const gap = { from: iso(noon - minutes(60)), to: iso(noon - minutes(30)) };
    const long = { from: "2026-11-02T00:00:00.000Z", to: "2026-11-02T06:00:00.000Z" };
    api.progress.progress = { since: long.to, readUntil: iso(noon), amendable: [], gaps: [long, gap] };
    expect((await api.get(path)).body).toMatchObject({ history: { gaps: [gap] } });
    expect((await api.get(`${path}?resolution=now`)).body).not.toHaveProperty("history");
    api.progress.progress = undefined;
    expect((await api.get(path)).body).toMatchObject({ history: null, rows: [] });
  });

  it("have the metrics that are asked for, a service level with all its thresholds", async () => {
    const values = { CONTACTS_QUEUED: 3, HANDLE_TIME: null, SERVICE_LEVEL_20: 80, SERVICE_LEVEL_60: 90 };
    await api.metrics.putAll([aMetricRow({ at: iso(noon - minutes(5)), values })]);
    const valuesFor = async (metric: string) => (await pageOf(`${path}?metric=${metric}`)).rows[0]?.values;
    expect(await valuesFor("SERVICE_LEVEL,HANDLE_TIME")).toEqual({
      HANDLE_TIME: null,
      SERVICE_LEVEL_20: 80,
      SERVICE_LEVEL_60: 90,
    });
    expect(await valuesFor("SERVICE_LEVEL_60")).toEqual({ SERVICE_LEVEL_60: 90 });
    expect(await valuesFor("CONTACTS_MISSED")).toEqual({});
  });

  it("are each on exactly one page, whatever the pages, the range and the channel", async () => {
    const slots = fc.uniqueArray(fc.tuple(fc.nat(40), fc.constantFrom(...channels)), {
      selector: (slot) => slot.join(),
      maxLength: 50,
    });
    const query = fc.record({
      limit: fc.integer({ min: 1, max: 20 }),
      channel: fc.constantFrom(undefined, ...channels),
      from: fc.integer({ min: -5, max: 20 }),
      length: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(slots, query, async (known, { limit, channel, from, length }) => {
        api = new MetricsApiWorld();
        const at = (slot: number) => noon - minutes(300) + minutes(5 * slot);
        await api.metrics.putAll(known.map(([slot, channel]) => aMetricRow({ at: iso(at(slot)), channel })));
        const asked = new URLSearchParams({
          limit: String(limit),
          from: iso(at(from)),
          to: iso(at(from + length)),
          ...(channel && { channel }),
        });
        const wanted = known
          .filter(([slot, one]) => slot >= from && slot < from + length && (!channel || one === channel))
          .map(([slot, one]) => `${iso(at(slot))} ${one}`)
          .sort();
        const { rows } = await walk(asked.toString());
        expect(rows.map((row) => `${row.at} ${row.channel}`)).toEqual(wanted);
      }),
      { numRuns: 150, seed: 5 },
    );
  });

  it("stay those of the first page's time while the pages are gone through", async () => {
    const rows: MetricRow[] = Array.from({ length: 7 }, (_, index) =>
      aMetricRow({ at: iso(noon - minutes(24 * 60 - 5 * index - 5)) }),
    );
    await api.metrics.putAll(rows);
    const later = async () => {
      await api.metrics.putAll([aMetricRow({ at: iso(api.time + minutes(5)) })]);
      api.time += minutes(10);
    };
    const walked = await walk("limit=2", later);
    expect(walked.rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at));
    expect(walked.pages).toBe(4);
  });

  it.each([
    "from=yesterday",
    "from=2026-11-24T12:00:00Z&to=2026-11-24T12:00:00Z",
    "from=2026-11-25T12:00:00Z",
    "resolution=15m",
    "channel=FAX",
    "metric=",
    "metric=CONTACTS_QUEUED,",
    "metric=CONTACTS_IN_QUEUE",
    "metric=CONTACTS_QUEUED&resolution=now",
    "limit=0",
    "limit=501",
    "limit=1e2",
    "cursor=",
    "cursor=AAAA",
    "colour=red",
  ])("are not made for %s", async (query) => {
    const answer = await api.get(`${path}?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { status: 400, requestId: "request-1" } });
  });

  it("are not made for what is no id", async () => {
    expect(await api.get("/metrics/queues/a%20b")).toMatchObject({
      status: 400,
      body: { title: "Bad path" },
    });
  });

  it("go on only with a cursor as it was given, and with the same query", async () => {
    await api.metrics.putAll([1, 2, 3].map((n) => aMetricRow({ at: iso(noon - minutes(5 * n)) })));
    const { next = "" } = await pageOf(`${path}?limit=1`);
    expect((await pageOf(`${path}?limit=9&metric=HANDLE_TIME&cursor=${next}`)).rows).toHaveLength(2);
    for (const target of [
      `${path}?resolution=1h&cursor=${next}`,
      `${path}?channel=VOICE&cursor=${next}`,
      `${path}?from=2026-11-24T00:00:00Z&cursor=${next}`,
      `/metrics/queues/queue-2?cursor=${next}`,
      `${path}?cursor=${next.slice(1)}`,
    ])
      expect(await api.get(target)).toMatchObject({ status: 400, body: { title: "Bad cursor" } });
  });

  it.each([
    [[Number.MAX_VALUE, Number.MAX_VALUE, `${iso(noon)}/VOICE`]],
    [[noon, noon + 1, ""]],
    [[noon, noon + 1, "2026-11-24T12:00:00.001Z/VOICE"]],
    [[noon, noon + 1, "2026-13-24T12:00:00.000Z/VOICE"]],
    [[noon, noon + 1, `${iso(noon - 1)}/VOICE`]],
  ])("do not go on with a cursor that somebody else has made: %j", async (position) => {
    const filter = {
      queueId: "queue-1",
      resolution: "5m",
      channel: undefined,
      from: undefined,
      to: undefined,
    };
    const forged = cursorOf({ part: 0, after: JSON.stringify(position) }, filter);
    expect(await api.get(`${path}?cursor=${forged}`)).toMatchObject({
      status: 400,
      body: { title: "Bad cursor" },
    });
  });

  it("are asked for again when the table cannot be reached", async () => {
    api.metrics.range = () => Promise.reject(new Error("ECONNREFUSED"));
    expect(await api.get(path)).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  });
});

describe("the rows of the second source", () => {
  const at = "2026-11-24T10:00:00.000Z";
  const first = aMetricRow({ resolution: "1h", at, intervals: 7, partial: true });
  const second = aMetricRow({
    resolution: "1h",
    at,
    source: "GetMetricDataV2",
    values: { CONTACTS_QUEUED: 9, API_CONTACTS: 4, CONTACTS_HANDLED_CUSTOMER_DISCONNECT: null },
  });
  beforeEach(() => api.metrics.putAll([second, first, { ...second, channel: "CHAT" }]));

  it("stand behind those of the first one, and say where they come from", async () => {
    const { rows } = await pageOf(`${path}?resolution=1h`);
    expect(rows).toEqual([
      {
        at,
        channel: "CHAT",
        asOf: second.asOf,
        source: "GetMetricDataV2",
        partial: false,
        values: second.values,
      },
      expect.objectContaining({ channel: "VOICE", partial: true, intervals: 7 }),
      expect.objectContaining({ channel: "VOICE", partial: false, source: "GetMetricDataV2" }),
    ]);
    expect(rows[1]).not.toHaveProperty("source");
    expect(rows[2]).not.toHaveProperty("intervals");
  });

  it("are each on exactly one page", async () => {
    const pages: unknown[] = [];
    for (let cursor = ""; pages.length < 5; ) {
      const { rows, next } = await pageOf(`${path}?resolution=1h&limit=1${cursor}`);
      pages.push(...rows.map(({ channel, source }) => [channel, source]));
      if (next === undefined) break;
      cursor = `&cursor=${next}`;
    }
    expect(pages).toEqual([
      ["CHAT", "GetMetricDataV2"],
      ["VOICE", undefined],
      ["VOICE", "GetMetricDataV2"],
    ]);
  });

  it("are left out where they have nothing of what is asked for", async () => {
    const sourcesOf = async (metric: string) =>
      (await pageOf(`${path}?resolution=1h&channel=VOICE&metric=${metric}`)).rows.map(({ source }) => source);
    expect(await sourcesOf("HANDLE_TIME")).toEqual([undefined]);
    expect(await sourcesOf("API_CONTACTS")).toEqual([undefined, "GetMetricDataV2"]);
    expect(await sourcesOf("CONTACTS_HANDLED_CUSTOMER_DISCONNECT")).toHaveLength(2);
  });

  it("have hours and days, and no five minutes", async () => {
    expect(await api.get(`${path}?metric=API_CONTACTS`)).toMatchObject({ status: 400 });
    expect(await api.get(`${path}?metric=API_CONTACTS&resolution=1d`)).toMatchObject({ status: 200 });
  });

  it("come with which of them have been read", async () => {
    const gap = { from: "2026-11-20T00:00:00.000Z", to: "2026-11-21T00:00:00.000Z" };
    const read = { since: "2026-11-01T00:00:00.000Z", readUntil: at, gaps: [gap] };
    api.outcomes["1h"].progress = { ...read, amendable: [], gapsSeenUntil: gap.to };
    expect((await api.get(`${path}?resolution=1h`)).body).toMatchObject({ outcomes: read });
    expect((await api.get(`${path}?resolution=1d`)).body).toMatchObject({ outcomes: null });
    expect((await api.get(path)).body).not.toHaveProperty("outcomes");
  });

  it("name themselves in CSV as well, where null is empty", async () => {
    const { body } = await api.get(
      `${path}?resolution=1h&channel=VOICE&metric=API_CONTACTS,CONTACTS_HANDLED_CUSTOMER_DISCONNECT`,
      {
        Accept: "text/csv",
      },
    );
    expect(String(body).split("\r\n").slice(0, 3)).toEqual([
      "queueId,at,channel,asOf,partial,intervals,source,API_CONTACTS,CONTACTS_HANDLED_CUSTOMER_DISCONNECT",
      `queue-1,${at},VOICE,${first.asOf},true,7,,,`,
      `queue-1,${at},VOICE,${second.asOf},false,,GetMetricDataV2,4,`,
    ]);
  });
});

describe("the rows of a queue as CSV", () => {
  const csv = { Accept: "text/csv" };

  it("have a header, empty cells for what is unknown, and the columns in the order of the lists", async () => {
    const at = noon - minutes(10);
    const first = { SERVICE_LEVEL_120: 99.5, SERVICE_LEVEL_20: 80, HANDLE_TIME: null, CONTACTS_QUEUED: 3 };
    await api.metrics.putAll([
      aMetricRow({ at: iso(at), asOf: iso(at + minutes(5)), values: first }),
      aMetricRow({
        at: iso(at),
        asOf: iso(at),
        channel: "CHAT",
        values: { CONTACTS_QUEUED: 0 },
        partial: true,
      }),
    ]);
    const answer = await api.get(path, csv);
    expect(answer.headers).toMatchObject({
      "content-type": "text/csv; charset=utf-8; header=present",
      vary: "accept",
    });
    expect(answer.body).toBe(
      [
        "queueId,at,channel,asOf,partial,intervals,source,CONTACTS_QUEUED,HANDLE_TIME,SERVICE_LEVEL_20,SERVICE_LEVEL_120",
        "queue-1,2026-11-24T11:50:00.000Z,CHAT,2026-11-24T11:50:00.000Z,true,,,0,,,",
        "queue-1,2026-11-24T11:50:00.000Z,VOICE,2026-11-24T11:55:00.000Z,false,,,3,,80,99.5",
        "",
      ].join("\r\n"),
    );
  });

  it("come page by page as well, by the header alone", async () => {
    const rows = [1, 2, 3].map((n) => aMetricRow({ at: iso(noon - minutes(5 * n)), resolution: "5m" }));
    await api.metrics.putAll(rows);
    const first = await api.get(`${path}?limit=2`, csv);
    const [, reference] = /^<(\?[^>]+)>; rel="next"$/.exec(String(first.headers["link"])) ?? [];
    const second = await api.get(path + reference, csv);
    expect(String(second.body).split("\r\n")).toHaveLength(3);
    expect(second.headers).not.toHaveProperty("link");
  });

  it.each([
    ["text/csv;q=0.9, application/json;q=0.1", true],
    ["application/json, text/csv", false],
    ["text/csv;q=0", false],
    ["TEXT/CSV ; charset=utf-8", true],
    ["text/html, */*;q=0.8", false],
    ["text/csv;q=high", false],
  ])("are for whoever says %s: %s", async (accept, isCsv) => {
    const { headers } = await api.get(path, { accept });
    expect(String(headers["content-type"]).startsWith("text/csv")).toBe(isCsv);
  });

  it("are problems in JSON all the same when something is wrong", async () => {
    const answer = await api.get(`${path}?limit=0`, csv);
    expect(answer).toMatchObject({ status: 400, headers: { "content-type": "application/problem+json" } });
  });
});
