import * as v from "valibot";
import { bareId } from "../instance/find.ts";
import type { Channel, Instance, RoutingProfile } from "../instance/instance.ts";
import { absentOr, instanceId, structure, text, whole } from "../wire/constraints.ts";
import { invalidParameter, invalidRequest, resourceNotFound } from "../wire/wire-error.ts";

export const channels = ["VOICE", "CHAT", "TASK", "EMAIL"] as const satisfies readonly Channel[];

export const listOf = <Item extends v.GenericSchema>(item: Item, least: number, most: number) =>
  v.pipe(
    v.array(item),
    v.minLength(least, `must have at least ${least} items`),
    v.maxLength(most, `must have at most ${most} items`),
  );

export const oneOf = <const Options extends readonly string[]>(options: Options) =>
  v.picklist(options, `must be one of ${options.join(", ")}`);

const filtersSchema = structure({
  Queues: absentOr(listOf(v.string(), 1, 100)),
  RoutingProfiles: absentOr(listOf(v.string(), 1, 100)),
  Channels: absentOr(listOf(oneOf(channels), 0, 4)),
  RoutingStepExpressions: absentOr(listOf(text(1, 3000), 0, 50)),
  AgentStatuses: absentOr(listOf(v.string(), 0, 50)),
  Subtypes: absentOr(listOf(text(1, 100), 0, 10)),
  ValidationTestTypes: absentOr(listOf(v.string(), 0, 10)),
});

const groupingsSchema = absentOr(
  listOf(
    oneOf([
      "QUEUE",
      "CHANNEL",
      "ROUTING_PROFILE",
      "ROUTING_STEP_EXPRESSION",
      "AGENT_STATUS",
      "SUBTYPE",
      "VALIDATION_TEST_TYPE",
    ]),
    0,
    2,
  ),
);

/** The members that both metric operations have. */
export const metricMembers = {
  InstanceId: instanceId,
  Filters: filtersSchema,
  Groupings: groupingsSchema,
  NextToken: absentOr(v.string()),
  MaxResults: absentOr(whole(1, 100)),
};

export const unit = oneOf(["SECONDS", "COUNT", "PERCENT"]);

export type Filters = v.InferOutput<typeof filtersSchema>;
export type Grouping = NonNullable<v.InferOutput<typeof groupingsSchema>>[number];

/** What a metric is about: these queues and channels, and the agents of these routing profiles. */
export type Scope = {
  readonly queueIds: readonly string[];
  readonly channels: readonly Channel[];
  readonly profiles: readonly RoutingProfile[];
  /** Agents in these statuses alone. */
  readonly statuses?: ReadonlySet<string>;
};

/** The rules that hold for both metric operations. */
export function checkFilters(filters: Filters, groupings: readonly Grouping[]): void {
  const given = (name: keyof Filters) => (filters[name]?.length ?? 0) > 0;
  if (given("Queues") && given("RoutingProfiles")) {
    throw invalidParameter("Filters: Queues and RoutingProfiles cannot be given together");
  }
  if (!given("Queues") && !given("RoutingProfiles")) {
    throw invalidRequest("Filters: at least one of Queues and RoutingProfiles is required");
  }
  for (const name of ["AgentStatuses", "Subtypes", "ValidationTestTypes"] as const) {
    if (given(name) && !given("Queues")) throw invalidParameter(`Filters.${name}: needs Filters.Queues`);
  }
  if (given("RoutingStepExpressions")) {
    const fits = filters.Queues?.length === 1 && groupings.includes("ROUTING_STEP_EXPRESSION");
    if (!fits) {
      throw invalidParameter(
        "Filters.RoutingStepExpressions: needs exactly one queue and the grouping ROUTING_STEP_EXPRESSION",
      );
    }
  }
  if (new Set(groupings).size < groupings.length) throw invalidParameter("Groupings: must differ");
  for (const second of ["AGENT_STATUS", "SUBTYPE", "VALIDATION_TEST_TYPE"] as const) {
    if (groupings.includes(second) && !(groupings[0] === "QUEUE" && groupings[1] === second)) {
      throw invalidParameter(`Groupings: ${second} can only come second, after QUEUE`);
    }
  }
}

/** All that the filters name. Unknown ids are ResourceNotFoundException. */
export function scopeOf(filters: Filters, instance: Instance): Scope {
  const named = (rows: { get(id: string): { id: string } | undefined }, given: string, member: string) => {
    const id = bareId(given, member === "Queues" ? "queue" : "routing-profile", instance);
    if (rows.get(id) === undefined)
      throw resourceNotFound(`Filters.${member}: there is no ${given.slice(0, 200)}`);
    return id;
  };
  const given = {
    queueIds: filters.Queues?.map((one) => named(instance.queues, one, "Queues")),
    profileIds: filters.RoutingProfiles?.map((one) =>
      named(instance.routingProfiles, one, "RoutingProfiles"),
    ),
    channels: filters.Channels ?? undefined,
  };
  return { ...scopeOfNamed(given, instance), ...statusesOf(filters, instance) };
}

type Named = {
  queueIds?: readonly string[] | undefined;
  profileIds?: readonly string[] | undefined;
  channels?: readonly Channel[] | undefined;
};

/** Queues, and the routing profiles that serve them; or routing profiles, and the queues that they serve. */
export function scopeOfNamed(named: Named, instance: Instance): Scope {
  const wanted = named.channels?.length ? [...new Set(named.channels)] : channels;
  const ids = [...new Set(named.queueIds)];
  if (!named.profileIds?.length) {
    return { queueIds: ids, channels: wanted, profiles: serving(ids, wanted, instance) };
  }
  const profileIds = new Set(named.profileIds);
  const profiles = [...instance.routingProfiles.all()].filter(({ id }) => profileIds.has(id));
  const served = [...new Set(profiles.flatMap(({ queues }) => queues.map(({ queueId }) => queueId)))];
  const queueIds = named.queueIds === undefined ? served : served.filter((id) => ids.includes(id));
  return { queueIds, channels: wanted, profiles: withChannels(profiles, wanted) };
}

function statusesOf(filters: Filters, instance: Instance): Pick<Scope, "statuses"> {
  if (!filters.AgentStatuses?.length) return {};
  const names = filters.AgentStatuses.map((given) => {
    const id = bareId(given, "agent-state", instance);
    const found = instance.agentStatuses.find((status) => status.id === id);
    if (found === undefined)
      throw resourceNotFound(`Filters.AgentStatuses: there is no ${given.slice(0, 200)}`);
    return found.name;
  });
  return { statuses: new Set(names) };
}

const withChannels = (profiles: readonly RoutingProfile[], wanted: readonly Channel[]) =>
  profiles.filter((profile) => profile.channels.some((channel) => wanted.includes(channel)));

/** Each profile once, however many of the queues it serves. */
function serving(queueIds: readonly string[], wanted: readonly Channel[], { floor }: Instance) {
  return withChannels([...new Set(queueIds.flatMap((queueId) => floor.profilesServing(queueId)))], wanted);
}

export type Dimensions = {
  Queue?: { Id: string; Arn: string };
  Channel?: Channel;
  RoutingProfile?: { Id: string; Arn: string };
  AgentStatus?: { Id: string; Arn: string };
};

export type Group = { readonly dimensions: Dimensions; readonly scope: Scope };

/** One group for each value of the groupings; a single one, without dimensions, when there are none. */
export function groupsOf(scope: Scope, groupings: readonly Grouping[], instance: Instance): Group[] {
  let groups: Group[] = [{ dimensions: {}, scope }];
  for (const grouping of groupings) groups = groups.flatMap((group) => split(group, grouping, instance));
  return groups;
}

function split({ dimensions, scope }: Group, grouping: Grouping, instance: Instance): Group[] {
  const { place } = instance;
  switch (grouping) {
    case "QUEUE":
      return scope.queueIds.map((id) => {
        const own = scope.profiles.filter(({ queues }) => queues.some(({ queueId }) => queueId === id));
        return {
          dimensions: { ...dimensions, Queue: { Id: id, Arn: place.arn("queue", id) } },
          scope: { ...scope, queueIds: [id], profiles: own },
        };
      });
    case "CHANNEL":
      return scope.channels
        .filter((channel) => scope.profiles.some((profile) => profile.channels.includes(channel)))
        .map((channel) => ({
          dimensions: { ...dimensions, Channel: channel },
          scope: { ...scope, channels: [channel], profiles: withChannels(scope.profiles, [channel]) },
        }));
    case "ROUTING_PROFILE":
      return scope.profiles.map((profile) => ({
        dimensions: {
          ...dimensions,
          RoutingProfile: { Id: profile.id, Arn: place.arn("routing-profile", profile.id) },
        },
        scope: {
          ...scope,
          profiles: [profile],
          queueIds: scope.queueIds.filter((id) => profile.queues.some(({ queueId }) => queueId === id)),
        },
      }));
    case "AGENT_STATUS":
      return instance.agentStatuses
        .filter(({ name }) => scope.statuses?.has(name) ?? true)
        .map(({ id, name }) => ({
          dimensions: { ...dimensions, AgentStatus: { Id: id, Arn: place.arn("agent-state", id) } },
          scope: { ...scope, statuses: new Set([name]) },
        }));
    default:
      // Nothing here has routing steps, subtypes or validation tests.
      return [];
  }
}
