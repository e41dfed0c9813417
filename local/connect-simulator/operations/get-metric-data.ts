import type { GetMetricDataResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { isBlank } from "../centre/books.ts";
import { interval } from "../centre/ledger.ts";
import { findInstance } from "../instance/find.ts";
import {
  type HistoricalMetricName,
  type History,
  historicalKinds,
  historicalValue,
  historyOf,
  underWayOf,
} from "../metrics/historical-metrics.ts";
import {
  checkFilters,
  type Dimensions,
  groupsOf,
  metricMembers,
  oneOf,
  scopeOf,
  unit,
} from "../metrics/metric-filters.ts";
import { absentOr, structure } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { invalidParameter, invalidRequest } from "../wire/wire-error.ts";
import type { World } from "../world.ts";

const day = 24 * 3_600_000;
const longestThreshold = 604_800;
const mostThresholds = 20;

const names = Object.keys(historicalKinds) as HistoricalMetricName[];

const finite = v.pipe(v.number(), v.finite("must be finite"));

const metric = structure({
  Name: absentOr(oneOf(names)),
  Threshold: absentOr(structure({ Comparison: absentOr(oneOf(["LT"])), ThresholdValue: absentOr(finite) })),
  Statistic: absentOr(oneOf(["SUM", "MAX", "AVG"])),
  Unit: absentOr(unit),
});

const input = structure({
  ...metricMembers,
  /** Epoch seconds. */
  StartTime: finite,
  EndTime: finite,
  HistoricalMetrics: v.array(metric),
});

type Input = v.InferOutput<typeof input>;
type Asked = { name: HistoricalMetricName; threshold: number | null };
type Row = { dimensions: Dimensions; values: (number | null)[] };

export const getMetricData = operation({
  name: "GetMetricData",
  method: "POST",
  path: "/metrics/historical/{InstanceId}",
  input,
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    const groupings = request.Groupings ?? [];
    const asked = metricsOf(request);
    checkFilters(request.Filters, groupings);
    const unsupported = ["ROUTING_STEP_EXPRESSION", "AGENT_STATUS"] as const;
    for (const one of unsupported) {
      if (groupings.includes(one)) throw invalidParameter(`Groupings: ${one} is for current metrics only`);
    }
    const scope = scopeOf(request.Filters, instance);

    const { NextToken, MaxResults, InstanceId: _, ...parameters } = request;
    const page = world.snapshots.page<Row>(
      { token: NextToken, size: MaxResults ?? 100, parameters: ["historical", instance.id, parameters] },
      () => {
        const now = world.clock.now();
        const { start, end } = spanOf(request, world);
        const underWay = underWayOf(instance, ({ contactId }) => world.contacts.get(contactId ?? ""));
        const rows = groupsOf(scope, groupings, instance)
          .map((group) => ({
            dimensions: group.dimensions,
            history: historyOf(group.scope, instance, underWay, { start, end, now }),
          }))
          .filter(({ history }) => world.deviations.historyWithoutData === "zero" || hasData(history))
          .map(({ dimensions, history }) => ({
            dimensions,
            values: asked.map(({ name, threshold }) => historicalValue(name, history, threshold)),
          }));
        return { rows, takenAt: now };
      },
    );

    const shown = groupings.length > 0 || world.deviations.ungroupedDimensions === "empty";
    return {
      MetricResults: page.rows.map(({ dimensions, values }) => ({
        ...(shown && { Dimensions: dimensions }),
        Collections: asked.map(({ name, threshold }, index) => ({
          Metric: {
            Name: name,
            ...(threshold !== null && {
              Threshold: { Comparison: "LT" as const, ThresholdValue: threshold },
            }),
            Statistic: historicalKinds[name].statistic,
            Unit: historicalKinds[name].unit,
          },
          Value: values[index] ?? undefined,
        })),
      })),
      NextToken: page.nextToken,
    } satisfies OnTheWire<GetMetricDataResponse>;
  },
});

const hasData = ({ books, queueMs }: History): boolean => queueMs > 0 || !books.every(isBlank);

function metricsOf({ HistoricalMetrics }: Input): Asked[] {
  if (HistoricalMetrics.length === 0)
    throw invalidRequest("HistoricalMetrics: must name at least one metric");
  const asked = HistoricalMetrics.map(({ Name, Threshold, Statistic, Unit }, index) => {
    const at = `HistoricalMetrics.${index}`;
    if (Name === null) throw invalidRequest(`${at}.Name: is required`);
    const { statistic, unit } = historicalKinds[Name];
    if (Statistic === null || Unit === null) throw invalidRequest(`${at}: needs a Statistic and a Unit`);
    if (Statistic !== statistic)
      throw invalidParameter(`${at}.Statistic: ${Name} has the statistic ${statistic}`);
    if (Unit !== unit) throw invalidParameter(`${at}.Unit: ${Name} has the unit ${unit}`);
    if (Name !== "SERVICE_LEVEL") {
      if (Threshold !== null) throw invalidParameter(`${at}.Threshold: ${Name} takes none`);
      return { name: Name, threshold: null };
    }
    const value = Threshold?.ThresholdValue ?? null;
    if (value === null || Threshold?.Comparison === null) {
      throw invalidRequest(`${at}.Threshold: SERVICE_LEVEL needs a Comparison and a ThresholdValue`);
    }
    if (!Number.isInteger(value) || value < 1 || value > longestThreshold) {
      throw invalidParameter(
        `${at}.Threshold.ThresholdValue: must be a whole number from 1 to ${longestThreshold}`,
      );
    }
    return { name: Name, threshold: value };
  });
  if (asked.filter(({ threshold }) => threshold !== null).length > mostThresholds) {
    throw invalidParameter(`HistoricalMetrics: at most ${mostThresholds} thresholds for SERVICE_LEVEL`);
  }
  return asked;
}

/** Simulated milliseconds. */
function spanOf({ StartTime, EndTime }: Input, { clock, deviations }: World): { start: number; end: number } {
  const start = StartTime * 1000;
  const end = EndTime * 1000;
  const now = clock.now();
  for (const [member, at] of Object.entries({ StartTime: start, EndTime: end })) {
    if (at % interval !== 0) throw invalidParameter(`${member}: must be a multiple of 5 minutes`);
  }
  if (end <= start) throw invalidParameter("EndTime: must be later than StartTime");
  if (start < now - day) throw invalidParameter("StartTime: must not be earlier than 24 hours ago");
  if (end - start >= day) throw invalidParameter("EndTime: must be less than 24 hours after StartTime");
  if (end > now && deviations.metricsEndInTheFuture === "refused") {
    throw invalidParameter("EndTime: must not be in the future");
  }
  return { start, end };
}
