import { currentNames } from "../../lib/metrics/current-metrics.ts";
import { historicalNames } from "../../lib/metrics/historical-metrics.ts";
import { channels, resolutions, sources } from "../../lib/metrics/metric-row.ts";
import { csvMediaType } from "../../lib/metrics/reading/csv.ts";
import { outcomeNames } from "../../lib/metrics/second-source.ts";
import { answer, refusedToCallers } from "./answers.ts";
import { ref } from "./schemas.ts";

export const instant = { type: "string", format: "date-time" };
const next = { type: "string", description: "The cursor of the next page; missing where there is none." };
const queue = { queueId: { type: "string" }, name: { type: "string" } };
const link = { link: ref("headers", "Link") };

export const onlyWith = (properties: object, optional: string[] = []) => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

const list = (name: string) => ({ type: "array", items: ref("schemas", name) });

const readSoFar = onlyWith({
  since: instant,
  readUntil: instant,
  gaps: { type: "array", items: onlyWith({ from: instant, to: instant }) },
});

export const metricsSchemas = {
  Queue: onlyWith(queue),
  QueuePage: onlyWith({ queues: list("Queue"), next }, ["next"]),
  MetricRow: {
    description: "One channel of a queue at one instant, or in one interval.",
    ...onlyWith(
      {
        at: { ...instant, description: "The instant, or the beginning of the interval." },
        channel: { enum: channels },
        asOf: { ...instant, description: "When Amazon Connect had it so." },
        source: {
          enum: sources,
          description: "Hours and days that the second source has; missing where it is the first one.",
        },
        partial: {
          type: "boolean",
          description: "Something that belongs to it is missing: docs/metrics.md says what.",
        },
        intervals: {
          type: "integer",
          description: "Of how many five-minute intervals an hour or a day is made.",
        },
        intervalsExpected: { type: "integer", description: "How many it would be if none was missing." },
        values: {
          type: "object",
          additionalProperties: { type: ["number", "null"] },
          description: "By metric; service levels are SERVICE_LEVEL_20 and the like. null is unknown, not 0.",
        },
      },
      ["intervals", "intervalsExpected", "source"],
    ),
  },
  MetricRowPage: onlyWith(
    {
      queueId: { type: "string" },
      resolution: { enum: resolutions },
      from: instant,
      to: instant,
      history: {
        oneOf: [readSoFar, { type: "null" }],
        description:
          "Which intervals have been read: all from since until readUntil but the gaps, of which those between from and to are " +
          "named. One that was read and has no row had nothing to tell. null where history has not been begun.",
      },
      outcomes: {
        oneOf: [readSoFar, { type: "null" }],
        description: "The same of the second source, of hours and days alone. null where it is not read.",
      },
      rows: list("MetricRow"),
      next,
    },
    ["history", "outcomes", "next"],
  ),
  Present: onlyWith(
    {
      at: { ...instant, description: "The minute of the snapshot." },
      ageSeconds: { type: "integer" },
      partial: { type: "boolean", description: "The snapshot lacks queues." },
      queuesLacking: { type: "integer" },
      queues: { type: "array", items: onlyWith({ ...queue, rows: list("MetricRow") }) },
      next,
    },
    ["next"],
  ),
};

const limit = {
  name: "limit",
  in: "query",
  description: "How many in one page.",
  schema: { type: "integer", minimum: 1, maximum: 500, default: 100 },
};
const cursor = {
  name: "cursor",
  in: "query",
  description: "`next` of the page before, with the rest of the query as it was.",
  schema: { type: "string" },
};

const rows = answer("A page, oldest first.", "MetricRowPage", link);

export const metricsPaths = {
  "/metrics/queues": {
    get: {
      operationId: "listQueues",
      tags: ["Metrics"],
      summary: "List the queues that metrics are kept of",
      parameters: [limit, cursor],
      responses: { 200: answer("A page.", "QueuePage", link), ...refusedToCallers(400) },
    },
  },
  "/metrics/queues/{queueId}": {
    parameters: [
      {
        name: "queueId",
        in: "path",
        required: true,
        description: "Amazon Connect's id of the queue.",
        schema: { type: "string", pattern: "^[A-Za-z0-9._:-]{1,128}$" },
      },
    ],
    get: {
      operationId: "showQueue",
      tags: ["Metrics"],
      summary: "Show a queue's metrics over a time",
      description: "A page may be shorter than its limit, or empty, and still have a next one.",
      parameters: [
        {
          name: "from",
          in: "query",
          description:
            "Rows from here on. Without it: an hour (now), a day (5m), a week (1h), 90 days (1d) before to.",
          schema: instant,
        },
        { name: "to", in: "query", description: "Rows before this; without it until now.", schema: instant },
        {
          name: "metric",
          in: "query",
          description: "Only these, separated by commas; SERVICE_LEVEL is all its thresholds.",
          style: "form",
          explode: false,
          schema: {
            type: "array",
            items: {
              anyOf: [
                { enum: [...currentNames, ...historicalNames, ...outcomeNames] },
                { type: "string", pattern: "^SERVICE_LEVEL_[0-9]+$" },
              ],
            },
          },
        },
        {
          name: "resolution",
          in: "query",
          description:
            "`now`: a snapshot every minute, of the present metrics; the others: intervals of history.",
          schema: { enum: resolutions, default: "5m" },
        },
        { name: "channel", in: "query", description: "Only this one.", schema: { enum: channels } },
        limit,
        cursor,
      ],
      responses: {
        200: {
          ...rows,
          content: {
            ...rows.content,
            [csvMediaType]: {
              schema: { type: "string" },
              example:
                "queueId,at,channel,asOf,partial,intervals,source,CONTACTS_QUEUED,SERVICE_LEVEL_20\r\n" +
                "5ca1ab1e-0000-4000-8000-000000000002,2026-11-24T12:00:00.000Z,VOICE,2026-11-24T12:05:04.000Z,false,,,12,75\r\n",
            },
          },
        },
        ...refusedToCallers(400),
      },
    },
  },
  "/metrics/now": {
    get: {
      operationId: "showNow",
      tags: ["Metrics"],
      summary: "Show all queues as they are",
      description: "The most recent snapshot; all pages are of the same one, for ten minutes.",
      parameters: [limit, cursor],
      responses: { 200: answer("A page, by queueId.", "Present", link), ...refusedToCallers(400, 404) },
    },
  },
};
