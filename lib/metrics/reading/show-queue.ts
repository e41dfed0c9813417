import * as v from "valibot";
import { pathParameterIn } from "../../api/input.ts";
import { id, instant } from "../../contacts/message-fields.ts";
import { acceptedIn, type HttpRequest, problem, reached } from "../../http/http.ts";
import { iso } from "../instant.ts";
import { channels, type Resolution, resolutions } from "../metric-row.ts";
import type { Range } from "../metrics.ts";
import type { Progress } from "../progress.ts";
import { isColumn, wantedColumns } from "./columns.ts";
import { csvMediaType, csvOf } from "./csv.ts";
import { nextPage, pageEntries, positionIn, queryIn } from "./query.ts";
import { type RowView, rowView } from "./row-view.ts";
import type { Answering, MetricsApiSteps } from "./steps.ts";

const hour = 3_600_000;
const day = 24 * hour;
/** How much is shown to whoever says no `from`, in milliseconds. */
const usualSpan = { now: hour, "5m": day, "1h": 7 * day, "1d": 90 * day } as const satisfies Record<
  Resolution,
  number
>;

const querySchema = v.pipe(
  v.strictObject({
    from: v.optional(instant),
    to: v.optional(instant),
    metric: v.optional(
      v.pipe(
        v.string(),
        v.transform((names) => names.split(",")),
      ),
    ),
    resolution: v.optional(v.picklist(resolutions), "5m"),
    channel: v.optional(v.picklist(channels)),
    ...pageEntries,
  }),
  v.forward(
    v.check(
      ({ metric = [], resolution }) => metric.every((name) => isColumn(name, resolution)),
      "must be metrics that the resolution has, separated by commas",
    ),
    ["metric"],
  ),
);

const millis = v.pipe(v.number(), v.minValue(-8.64e15), v.maxValue(8.64e15));
/** The last one is the slot of a row in between: DynamoDB begins nowhere else. */
const positionSchema = v.pipe(
  v.strictTuple([
    millis,
    millis,
    v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\/[A-Z]+(\/\w+)?$/)),
  ]),
  v.check(([from, to, behind]) => {
    const at = Date.parse(behind.slice(0, behind.indexOf("/")));
    return from <= at && at < to;
  }),
);

/** `GET /metrics/queues/{queueId}`: one queue's rows, oldest first, page by page; as JSON, or as CSV to whoever would rather have it. */
export const showQueue: Answering = async (request, steps) => {
  const queueId = pathParameterIn(request, "queueId", id);
  if ("refusal" in queueId) return queueId.refusal;
  const query = queryIn(request, querySchema);
  if ("refusal" in query) return query.refusal;
  const { from: givenFrom, to: givenTo, metric, resolution, channel, limit, cursor } = query.value;
  const filter = { queueId: queueId.value, resolution, channel, from: givenFrom, to: givenTo };
  const position = positionIn(cursor, filter, positionSchema);
  if ("refusal" in position) return position.refusal;

  // What was not given depends on the time, and stays what it was on the first page.
  const usualTo = givenTo === undefined ? steps.now() : Date.parse(givenTo);
  const usualFrom = givenFrom === undefined ? usualTo - usualSpan[resolution] : Date.parse(givenFrom);
  const [from, to, behind] = position.value ?? [usualFrom, usualTo];
  if (from >= to) return problem(400, "Bad query", { errors: ["from must be before to"] });

  const range = { queueId: queueId.value, resolution, ...(channel && { channel }), from, to };
  const [{ items, next }, read] = await reached(
    Promise.all([steps.metrics.range(range, { limit, cursor: behind }), readWithin(range, steps)]),
  );
  const columns = wantedColumns(metric);
  const rows = items.map((row) => rowView(row, columns)).filter(tellsAnything);
  const following = next === undefined ? undefined : ([from, to, next] as const);
  const page = nextPage(request.query, filter, following);
  const headers = { ...page.headers, vary: "accept" };
  if (wantsCsv(request)) {
    const type = { "content-type": `${csvMediaType}; charset=utf-8; header=present` };
    return { status: 200, headers: { ...headers, ...type }, body: csvOf(queueId.value, rows) };
  }
  return {
    status: 200,
    headers,
    body: {
      queueId: queueId.value,
      resolution,
      from: iso(from),
      to: iso(to),
      ...read,
      rows,
      ...page.members,
    },
  };
};

/** Of the second source there are only the metrics that it alone has, where history has the others. */
const tellsAnything = ({ source, values }: RowView): boolean =>
  source === undefined || Object.keys(values).length > 0;

/** Which intervals have been read at all: where one was and has no row, there was nothing to tell. */
async function readWithin({ resolution, from, to }: Range, { progress, outcomes }: MetricsApiSteps) {
  if (resolution === "now") return {};
  if (resolution === "5m") return { history: within(await progress.look(), from, to) };
  const [history, second] = await Promise.all([progress.look(), outcomes[resolution].look()]);
  return { history: within(history, from, to), outcomes: within(second, from, to) };
}

function within(progress: Progress | undefined, from: number, to: number) {
  if (!progress) return null;
  const { since, readUntil, gaps } = progress;
  return {
    since,
    readUntil,
    gaps: gaps.filter((gap) => Date.parse(gap.from) < to && Date.parse(gap.to) > from),
  };
}

const wantsCsv = (request: HttpRequest): boolean =>
  acceptedIn(request).find((type) => [csvMediaType, "application/json", "*/*"].includes(type)) ===
  csvMediaType;
