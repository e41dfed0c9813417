import * as v from "valibot";
import type { Book } from "../centre/books.ts";
import { absentOr, structure, text } from "../wire/constraints.ts";
import { invalidParameter, invalidRequest, resourceNotFound } from "../wire/wire-error.ts";
import type { Figures } from "./figures.ts";
import type { ValuesV2 } from "./filters-v2.ts";
import type { History } from "./historical-metrics.ts";
import known from "./known-v2.json" with { type: "json" };
import { listOf } from "./metric-filters.ts";
import {
  type DimensionV2,
  type MetricFilterKey,
  type MetricNameV2,
  type MetricV2,
  metricsV2,
} from "./metrics-v2.ts";

const longestThreshold = 604_800;
const mostServiceLevels = 20;
const mostMetricIds = 20;
const mostMetrics = 100;

const metricFilter = structure({
  MetricFilterKey: absentOr(v.string()),
  MetricFilterValues: absentOr(listOf(v.string(), 1, 10)),
  Negate: absentOr(v.boolean()),
});

const threshold = structure({
  Comparison: absentOr(text(1, 250)),
  ThresholdValue: absentOr(v.pipe(v.number(), v.finite("must be finite"))),
});

const metric = structure({
  Name: absentOr(v.string()),
  Threshold: absentOr(listOf(threshold, 0, 1)),
  MetricId: absentOr(text(1, 150)),
  MetricFilters: absentOr(listOf(metricFilter, 0, 2)),
});

export const askedMetricsV2 = v.array(metric);

type Given = v.InferOutput<typeof metric>;
type GivenFilter = v.InferOutput<typeof metricFilter>;
type Wanted = (name: string) => boolean;

/** One metric of a request. `echo`: how the reply names it. */
export type AskedV2 = {
  readonly metric: MetricV2;
  readonly echo: {
    Name: MetricNameV2;
    Threshold?: { Comparison: string; ThresholdValue: number }[];
    MetricFilters?: { MetricFilterKey: string; MetricFilterValues: string[]; Negate: boolean }[];
  };
  value(history: History): number | null;
};

const isServed = (name: string): name is MetricNameV2 => Object.hasOwn(metricsV2, name);

/** Of contact records. INCOMING is how AWS names INBOUND among the filters of CONTACTS_ABANDONED. */
const initiationMethods: readonly string[] = [
  "INBOUND",
  "INCOMING",
  "OUTBOUND",
  "TRANSFER",
  "QUEUE_TRANSFER",
  "CALLBACK",
  "CALLBACK_CUSTOMER_FIRST_DIALED",
  "API",
  "DISCONNECT",
  "MONITOR",
  "EXTERNAL_OUTBOUND",
  "WEBRTC_API",
  "AGENT_REPLY",
  "FLOW",
];
const isReason: Wanted = (name) => /^[A-Z][A-Z_]{0,99}$/.test(name);

export function askedV2(
  given: readonly Given[],
  values: ValuesV2,
  groupings: readonly DimensionV2[],
): AskedV2[] {
  if (given.length === 0) throw invalidRequest("Metrics: must name at least one metric");
  if (given.length > mostMetrics) throw invalidParameter(`Metrics: at most ${mostMetrics}`);
  if (given.filter(({ MetricId }) => MetricId !== null).length > mostMetricIds) {
    throw invalidParameter(`Metrics: at most ${mostMetricIds} may be given by MetricId`);
  }
  const asked = given.map((one, index) => askedOne(one, `Metrics.${index}`, values, groupings));
  if (asked.filter(({ echo }) => echo.Name === "SERVICE_LEVEL").length > mostServiceLevels) {
    throw invalidParameter(`Metrics: at most ${mostServiceLevels} times SERVICE_LEVEL`);
  }
  return asked;
}

function askedOne(given: Given, at: string, values: ValuesV2, groupings: readonly DimensionV2[]): AskedV2 {
  const Name = nameOf(given, at);
  const metric: MetricV2 = metricsV2[Name];
  for (const key of Object.keys(values) as DimensionV2[]) {
    if (!metric.by.includes(key)) throw invalidParameter(`${at}.Name: ${Name} cannot be filtered by ${key}`);
  }
  for (const key of groupings) {
    if (!metric.by.includes(key)) throw invalidParameter(`${at}.Name: ${Name} cannot be grouped by ${key}`);
  }
  const threshold = thresholdOf(given, Name, `${at}.Threshold`);
  const filters = (given.MetricFilters ?? []).map((one, index) =>
    filterOf(one, Name, `${at}.MetricFilters.${index}`),
  );
  const wantedBy = (key: MetricFilterKey) => filters.find((one) => one.key === key)?.wanted;
  if (new Set(filters.map(({ key }) => key)).size < filters.length) {
    throw invalidParameter(`${at}.MetricFilters: must differ`);
  }
  const method = wantedBy("INITIATION_METHOD");
  const ofMethod = ({ initiationMethod }: Book) => method === undefined || method(initiationMethod);
  const rest: Pick<Figures, "within" | "reasons"> = {
    within: threshold?.within ?? (() => true),
    reasons: wantedBy("DISCONNECT_REASON") ?? null,
  };
  return {
    metric,
    echo: {
      Name,
      ...(threshold && { Threshold: [threshold.echo] }),
      ...(filters.length > 0 && { MetricFilters: filters.map(({ echo }) => echo) }),
    },
    value: ({ books, idleMs, agentMs }) =>
      metric.figure({ books: books.filter(ofMethod), idleMs, contactMs: agentMs, ...rest }),
  };
}

function nameOf({ Name, MetricId }: Given, at: string): MetricNameV2 {
  if (MetricId !== null && Name !== null) throw invalidParameter(`${at}: takes Name or MetricId, not both`);
  if (MetricId !== null) throw resourceNotFound(`${at}.MetricId: there is no such metric`);
  if (Name === null) throw invalidRequest(`${at}: needs a Name or a MetricId`);
  if (isServed(Name)) return Name;
  const shown = Name.slice(0, 200);
  throw invalidParameter(
    known.metrics.includes(Name)
      ? `${at}.Name: ${shown} is a metric of Amazon Connect that the simulator does not have`
      : `${at}.Name: Amazon Connect has no metric ${shown}`,
  );
}

function thresholdOf({ Threshold }: Given, name: MetricNameV2, at: string) {
  const [given] = Threshold ?? [];
  const { threshold }: MetricV2 = metricsV2[name];
  if (threshold === undefined) {
    if (given !== undefined) throw invalidParameter(`${at}: ${name} takes none`);
    return undefined;
  }
  const { Comparison = null, ThresholdValue = null } = given ?? {};
  if (Comparison === null || ThresholdValue === null) {
    throw invalidRequest(`${at}: ${name} needs a Comparison and a ThresholdValue`);
  }
  if (Comparison !== "LT" && Comparison !== "LTE") {
    throw invalidParameter(`${at}.Comparison: ${name} has LT and LTE`);
  }
  if (!Number.isInteger(ThresholdValue) || ThresholdValue < 1 || ThresholdValue > longestThreshold) {
    throw invalidParameter(`${at}.ThresholdValue: must be a whole number from 1 to ${longestThreshold}`);
  }
  const within = (second: number) =>
    second < ThresholdValue || (second === ThresholdValue && Comparison === "LTE");
  return { echo: { Comparison, ThresholdValue }, within };
}

function filterOf(
  { MetricFilterKey, MetricFilterValues, Negate }: GivenFilter,
  name: MetricNameV2,
  at: string,
) {
  if (MetricFilterKey === null) throw invalidRequest(`${at}.MetricFilterKey: is required`);
  if (MetricFilterValues === null) throw invalidRequest(`${at}.MetricFilterValues: is required`);
  const { metricFilters = [] }: MetricV2 = metricsV2[name];
  const key = metricFilters.find((one) => one === MetricFilterKey);
  if (key === undefined) {
    const allowed = metricFilters.length === 0 ? "takes none" : `takes ${metricFilters.join(" and ")}`;
    throw invalidParameter(`${at}.MetricFilterKey: ${name} ${allowed}`);
  }
  const isValue: Wanted = key === "DISCONNECT_REASON" ? isReason : (one) => initiationMethods.includes(one);
  const wrong = MetricFilterValues.find((one) => !isValue(one));
  if (wrong !== undefined) {
    throw invalidParameter(`${at}.MetricFilterValues: ${wrong.slice(0, 200)} is no ${key}`);
  }
  const negate = Negate ?? false;
  const values = new Set(MetricFilterValues.map((one) => (one === "INCOMING" ? "INBOUND" : one)));
  return {
    key,
    wanted: (one: string) => values.has(one) !== negate,
    echo: { MetricFilterKey, MetricFilterValues, Negate: negate },
  };
}
