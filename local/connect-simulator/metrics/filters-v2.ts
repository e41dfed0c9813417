import * as v from "valibot";
import { findRow } from "../instance/find.ts";
import type { Channel, Instance } from "../instance/instance.ts";
import { absentOr, structure, text } from "../wire/constraints.ts";
import { invalidParameter, invalidRequest } from "../wire/wire-error.ts";
import known from "./known-v2.json" with { type: "json" };
import { channels, type Dimensions, listOf, oneOf, type Scope, scopeOfNamed } from "./metric-filters.ts";
import type { DimensionV2 } from "./metrics-v2.ts";

const mostValues = 100;

const filter = structure({
  FilterKey: absentOr(text(1, 250)),
  FilterValues: absentOr(listOf(text(1, 250), 1, 100)),
  StringCondition: absentOr(structure({ Comparison: absentOr(oneOf(["NOT_EXISTS"])) })),
});

export const filtersV2 = listOf(filter, 1, 5);
export const groupingsV2 = absentOr(listOf(v.string(), 0, 4));

type Filters = v.InferOutput<typeof filtersV2>;
/** What is asked for, by filter key. */
export type ValuesV2 = Partial<Record<DimensionV2, readonly string[]>>;

const simulated: ReadonlySet<string> = new Set<DimensionV2>(["QUEUE", "CHANNEL", "ROUTING_PROFILE"]);

const isSimulated = (name: string): name is DimensionV2 => simulated.has(name);

function dimensionNamed(name: string, at: string, what: "filters" | "groupings"): DimensionV2 {
  if (isSimulated(name)) return name;
  const shown = name.slice(0, 200);
  throw invalidParameter(
    known[what].includes(name)
      ? `${at}: ${shown} is one of Amazon Connect's ${what} that the simulator does not have`
      : `${at}: Amazon Connect has no ${shown} among its ${what}`,
  );
}

/** The rules of filters, but for whether they fit the metrics. */
export function valuesOf(filters: Filters): ValuesV2 {
  const values: ValuesV2 = {};
  for (const [index, { FilterKey, FilterValues, StringCondition }] of filters.entries()) {
    const at = `Filters.${index}`;
    if (FilterKey === null) throw invalidRequest(`${at}.FilterKey: is required`);
    const key = dimensionNamed(FilterKey, `${at}.FilterKey`, "filters");
    // Every contact of the simulator has a queue and a channel.
    if (StringCondition !== null) throw invalidParameter(`${at}.StringCondition: ${key} takes none`);
    if (FilterValues === null) throw invalidRequest(`${at}.FilterValues: is required`);
    if (values[key] !== undefined) throw invalidParameter(`${at}.FilterKey: ${key} may be given once`);
    values[key] = FilterValues;
  }
  const { QUEUE = [], ROUTING_PROFILE = [] } = values;
  if (QUEUE.length + ROUTING_PROFILE.length === 0) {
    throw invalidRequest("Filters: at least one of QUEUE and ROUTING_PROFILE is required");
  }
  if (QUEUE.length + ROUTING_PROFILE.length > mostValues) {
    throw invalidParameter(`Filters: at most ${mostValues} values in all, channels apart`);
  }
  return values;
}

export function groupingsOf(given: readonly string[] | null): DimensionV2[] {
  const groupings = (given ?? []).map((name, index) =>
    dimensionNamed(name, `Groupings.${index}`, "groupings"),
  );
  if (new Set(groupings).size < groupings.length) throw invalidParameter("Groupings: must differ");
  return groupings;
}

/** Unknown ids are ResourceNotFoundException. Agent queues are none. */
export function scopeOfV2(values: ValuesV2, instance: Instance): Scope {
  const { QUEUE, ROUTING_PROFILE, CHANNEL } = values;
  const { queues, routingProfiles } = instance;
  return scopeOfNamed(
    {
      queueIds: QUEUE?.map((given) => findRow(queues, given, "queue", instance, "Filters.QUEUE").id),
      profileIds: ROUTING_PROFILE?.map(
        (given) => findRow(routingProfiles, given, "routing-profile", instance, "Filters.ROUTING_PROFILE").id,
      ),
      channels: CHANNEL?.map(channelNamed),
    },
    instance,
  );
}

function channelNamed(name: string): Channel {
  const found = channels.find((channel) => channel === name);
  if (found === undefined) throw invalidParameter(`Filters.CHANNEL: must be one of ${channels.join(", ")}`);
  return found;
}

/** As the second version of the operation has them. */
export const dimensionsV2 = ({ Queue, Channel, RoutingProfile }: Dimensions): Record<string, string> => ({
  ...(Queue && { QUEUE: Queue.Id, QUEUE_ARN: Queue.Arn }),
  ...(Channel && { CHANNEL: Channel }),
  ...(RoutingProfile && { ROUTING_PROFILE: RoutingProfile.Id, ROUTING_PROFILE_ARN: RoutingProfile.Arn }),
});
