import type { GetMetricDataV2Response } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstanceByArn } from "../instance/find.ts";
import { type AskedV2, askedMetricsV2, askedV2 } from "../metrics/asked-v2.ts";
import {
  dimensionsV2,
  filtersV2,
  groupingsOf,
  groupingsV2,
  scopeOfV2,
  valuesOf,
} from "../metrics/filters-v2.ts";
import { type History, historyOf, underWayOf } from "../metrics/historical-metrics.ts";
import { groupsOf, oneOf } from "../metrics/metric-filters.ts";
import {
  intervalsOf,
  longest,
  type Period,
  periods,
  type Span,
  type Zone,
  zoneNamed,
} from "../metrics/periods.ts";
import { absentOr, structure, text, whole } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { invalidParameter } from "../wire/wire-error.ts";
import type { World } from "../world.ts";

const monthsKept = 3;
const day = 86_400_000;

const finite = v.pipe(v.number(), v.finite("must be finite"));

const input = structure({
  ResourceArn: v.string(),
  /** Epoch seconds. */
  StartTime: finite,
  EndTime: finite,
  Interval: absentOr(structure({ TimeZone: absentOr(v.string()), IntervalPeriod: absentOr(oneOf(periods)) })),
  Filters: filtersV2,
  Groupings: groupingsV2,
  Metrics: askedMetricsV2,
  NextToken: absentOr(text(1, 2_500)),
  MaxResults: absentOr(whole(1, 100)),
});

type Input = v.InferOutput<typeof input>;
type Row = { dimensions: Record<string, string>; span: Span; values: (number | null)[] };

export const getMetricDataV2 = operation({
  name: "GetMetricDataV2",
  method: "POST",
  path: "/metrics/data",
  input,
  carryOut(request, world) {
    const instance = findInstanceByArn(request.ResourceArn, "ResourceArn", world);
    const values = valuesOf(request.Filters);
    const groupings = groupingsOf(request.Groupings);
    const asked = askedV2(request.Metrics, values, groupings);
    const period = request.Interval?.IntervalPeriod ?? "TOTAL";
    const zone = zoneOf(request);
    const scope = scopeOfV2(values, instance);

    const { NextToken, MaxResults, ResourceArn: _, ...parameters } = request;
    const page = world.snapshots.page<Row>(
      { token: NextToken, size: MaxResults ?? 100, parameters: ["second version", instance.id, parameters] },
      () => {
        const now = world.clock.now();
        const spans = intervalsOf(spanOf(request, period, world), period, zone);
        const underWay = underWayOf(instance, ({ contactId }) => world.contacts.get(contactId ?? ""));
        const rows = groupsOf(scope, groupings, instance).flatMap((group) =>
          spans
            .map((span) => ({ span, history: historyOf(group.scope, instance, underWay, { ...span, now }) }))
            .filter(
              ({ history }) => world.deviations.historyWithoutData === "zero" || hasData(history, asked),
            )
            .map(({ span, history }) => ({
              dimensions: dimensionsV2(group.dimensions),
              span,
              values: asked.map((one) => one.value(history)),
            })),
        );
        return { rows, takenAt: now };
      },
    );

    const shown = groupings.length > 0 || world.deviations.ungroupedDimensions === "empty";
    return {
      MetricResults: page.rows.map(({ dimensions, span, values }) => ({
        ...(shown && { Dimensions: dimensions }),
        MetricInterval: { Interval: period, StartTime: span.start / 1000, EndTime: span.end / 1000 },
        Collections: asked.map(({ echo }, index) => ({ Metric: echo, Value: values[index] ?? undefined })),
      })),
      NextToken: page.nextToken,
    } satisfies OnTheWire<GetMetricDataV2Response>;
  },
});

const hasData = ({ books, idleMs, agentMs }: History, asked: readonly AskedV2[]): boolean =>
  asked.some(({ metric }) => (metric.ofAgents ? idleMs + agentMs > 0 : books.length > 0));

function zoneOf({ Interval }: Input): Zone {
  const name = Interval?.TimeZone ?? "UTC";
  const zone = zoneNamed(name);
  if (zone === undefined)
    throw invalidParameter(`Interval.TimeZone: there is no time zone ${name.slice(0, 200)}`);
  return zone;
}

/** Simulated milliseconds. Unlike those of GetMetricData they need not be multiples of five minutes. */
function spanOf({ StartTime, EndTime }: Input, period: Period, { clock }: World): Span {
  const start = StartTime * 1000;
  const end = EndTime * 1000;
  const now = clock.now();
  if (end <= start) throw invalidParameter("EndTime: must be later than StartTime");
  if (end > now) throw invalidParameter("EndTime: must not be in the future");
  if (end - start >= longest[period]) {
    throw invalidParameter(`EndTime: must be less than ${longest[period] / day} days after StartTime`);
  }
  const until = new Date(start);
  until.setUTCMonth(until.getUTCMonth() + monthsKept);
  if (!(now <= until.getTime())) {
    throw invalidParameter(`StartTime: must not be earlier than ${monthsKept} months ago`);
  }
  return { start, end };
}
