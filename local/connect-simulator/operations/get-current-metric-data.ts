import type { GetCurrentMetricDataResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import { type CurrentMetricName, currentUnits, currentValue, tallyOf } from "../metrics/current-metrics.ts";
import {
  checkFilters,
  type Dimensions,
  type Grouping,
  groupsOf,
  listOf,
  metricMembers,
  oneOf,
  scopeOf,
  unit,
} from "../metrics/metric-filters.ts";
import { absentOr, structure } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { invalidParameter, invalidRequest, resourceNotFound } from "../wire/wire-error.ts";
import type { World } from "../world.ts";

const metricId =
  /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|arn:[a-z0-9-]+:connect:[a-z0-9-]+:([0-9]{12}:instance\/[a-z0-9-]+\/metric\/[a-z0-9-]+(:[a-z0-9-]+)?|aws:metric\/[A-Z_]+))$/;

const names = Object.keys(currentUnits) as CurrentMetricName[];

const metric = structure({
  Name: absentOr(oneOf(names)),
  MetricId: absentOr(v.pipe(v.string(), v.regex(metricId, "must be the id or the ARN of a metric"))),
  Unit: absentOr(unit),
});

const input = structure({
  ...metricMembers,
  CurrentMetrics: v.array(metric),
  SortCriteria: absentOr(
    listOf(
      structure({
        SortByMetric: absentOr(oneOf(names)),
        SortOrder: absentOr(oneOf(["ASCENDING", "DESCENDING"])),
      }),
      0,
      1,
    ),
  ),
});

type Input = v.InferOutput<typeof input>;
type Row = { dimensions: Dimensions; values: Map<CurrentMetricName, number | null> };

export const getCurrentMetricData = operation({
  name: "GetCurrentMetricData",
  method: "POST",
  path: "/metrics/current/{InstanceId}",
  input,
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    const groupings = request.Groupings ?? [];
    const asked = metricsOf(request, groupings);
    checkFilters(request.Filters, groupings);
    checkSorting(request);
    const scope = scopeOf(request.Filters, instance);

    const { NextToken, MaxResults, InstanceId: _, ...parameters } = request;
    const page = world.snapshots.page<Row>(
      { token: NextToken, size: MaxResults ?? 100, parameters: ["current", instance.id, parameters] },
      () => ({ rows: rowsOf(request, world), takenAt: world.clock.now() }),
    );

    function rowsOf({ SortCriteria }: Input, { clock, contacts }: World): Row[] {
      const contactOf = (agent: { contactId: string | null }) =>
        agent.contactId === null ? undefined : contacts.get(agent.contactId);
      const tally = tallyOf(instance, contactOf, clock.now());
      const { SortByMetric = null, SortOrder = null } = SortCriteria?.[0] ?? {};
      const sortBy = SortByMetric ?? "AGENTS_ONLINE";
      const sign = SortOrder === "ASCENDING" ? 1 : -1;
      return groupsOf(scope, groupings, instance)
        .map((group) => {
          const values = new Map(asked.map((name) => [name, currentValue(name, group.scope, tally)]));
          return { dimensions: group.dimensions, values, by: currentValue(sortBy, group.scope, tally) ?? 0 };
        })
        .sort((a, b) => sign * (a.by - b.by));
    }

    const shown = groupings.length > 0 || world.deviations.ungroupedDimensions === "empty";
    return {
      MetricResults: page.rows.map(({ dimensions, values }) => ({
        ...(shown && { Dimensions: dimensions }),
        Collections: asked.map((name) => ({
          Metric: { Name: name, Unit: currentUnits[name] },
          Value: onTheWire(name, values.get(name) ?? null, groupings.length > 0),
        })),
      })),
      DataSnapshotTime: page.takenAt / 1000,
      ApproximateTotalCount: page.total,
      NextToken: page.nextToken,
    } satisfies OnTheWire<GetCurrentMetricDataResponse>;
  },
});

// Its unit always says SECONDS; AWS gives seconds only where the answer is grouped, and milliseconds otherwise.
function onTheWire(name: CurrentMetricName, value: number | null, grouped: boolean): number | undefined {
  if (value === null) return undefined;
  return name === "OLDEST_CONTACT_AGE" && grouped ? Math.floor(value / 1000) : value;
}

function metricsOf({ CurrentMetrics, Filters }: Input, groupings: readonly Grouping[]): CurrentMetricName[] {
  if (CurrentMetrics.length === 0) throw invalidRequest("CurrentMetrics: must name at least one metric");
  if (CurrentMetrics.filter(({ MetricId }) => MetricId !== null).length > 10) {
    throw invalidParameter("CurrentMetrics: at most 10 may be given by MetricId");
  }
  return CurrentMetrics.map(({ Name, MetricId, Unit }, index) => {
    const at = `CurrentMetrics.${index}`;
    if (MetricId !== null && Name !== null) throw invalidParameter(`${at}: takes Name or MetricId, not both`);
    if (MetricId !== null) throw resourceNotFound(`${at}.MetricId: there is no such metric`);
    if (Name === null) throw invalidRequest(`${at}: needs a Name or a MetricId`);
    if (Unit === null) throw invalidRequest(`${at}.Unit: is required with a Name`);
    if (Unit !== currentUnits[Name])
      throw invalidParameter(`${at}.Unit: ${Name} has the unit ${currentUnits[Name]}`);
    const byStatus = groupings.includes("AGENT_STATUS") || Filters.AgentStatuses?.length;
    if (byStatus && Name !== "AGENTS_ONLINE") {
      throw invalidParameter(`${at}.Name: only AGENTS_ONLINE can be grouped or filtered by agent status`);
    }
    const needsProfiles = ["CONTACTS_SCHEDULED", "CONTACTS_IN_QUEUE", "OLDEST_CONTACT_AGE"].includes(Name);
    if (needsProfiles && groupings.includes("ROUTING_PROFILE") && !Filters.RoutingProfiles?.length) {
      throw invalidParameter(`${at}.Name: ${Name} grouped by ROUTING_PROFILE needs Filters.RoutingProfiles`);
    }
    return Name;
  });
}

function checkSorting({ SortCriteria }: Input): void {
  for (const { SortByMetric } of SortCriteria ?? []) {
    if (SortByMetric === "SLOTS_ACTIVE" || SortByMetric === "SLOTS_AVAILABLE") {
      throw invalidParameter(`SortCriteria: cannot sort by ${SortByMetric}`);
    }
  }
}
