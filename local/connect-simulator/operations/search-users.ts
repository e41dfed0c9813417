import type { SearchUsersResponse, UserSearchSummary } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import type { Instance, User } from "../instance/instance.ts";
import { given, instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { pageMembers, pageOf } from "../wire/pages.ts";
import { listed, mapped } from "./chained.ts";
import type { Wanted } from "./search-conditions.ts";
import { meets, searchCriteria, usernameIn } from "./search-criteria.ts";
import { passes, searchFilter } from "./search-filter.ts";
import { channelConfigsOf } from "./user-members.ts";

const input = v.object({
  InstanceId: instanceId,
  SearchFilter: given(searchFilter),
  SearchCriteria: given(searchCriteria),
  ...pageMembers(500),
});

type Input = v.InferOutput<typeof input>;

export const searchUsers = operation({
  name: "SearchUsers",
  method: "POST",
  path: "/search-users",
  input,
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    const { source, count } = foundBy(request, instance);
    const scope = ["SearchUsers", instance.id, request.SearchFilter, request.SearchCriteria];
    const { rows, nextToken } = pageOf(source, request, scope);
    return {
      Users: rows.map((user) => shown(user, instance)),
      NextToken: nextToken,
      ApproximateTotalCount: count,
    } satisfies OnTheWire<SearchUsersResponse>;
  },
});

function foundBy({ SearchFilter, SearchCriteria }: Input, instance: Instance) {
  const { users } = instance;
  if (SearchFilter === undefined && SearchCriteria === undefined) {
    return { source: users, count: users.size };
  }
  const conditions: Wanted[] = [];
  if (SearchFilter !== undefined) conditions.push(passes(SearchFilter, instance));
  if (SearchCriteria !== undefined) conditions.push(meets(SearchCriteria, instance));
  const wanted: Wanted = (user) => conditions.every((condition) => condition(user));

  const username = SearchCriteria && usernameIn(SearchCriteria);
  if (username !== undefined) {
    const user = users.named(username);
    const found = user !== undefined && wanted(user) ? [user] : [];
    return { source: listed(found), count: found.length };
  }
  let count = 0;
  for (const user of users.all()) if (wanted(user)) count += 1;
  return { source: mapped(users, (user) => user, wanted), count };
}

type Limit = { AfterContactWorkTimeLimit?: number | undefined };

/** This operation alone has milliseconds. */
const inMilliseconds = <Config extends Limit>(config: Config): Config => ({
  ...config,
  AfterContactWorkTimeLimit:
    config.AfterContactWorkTimeLimit === undefined ? undefined : config.AfterContactWorkTimeLimit * 1000,
});

function shown(user: User, { place }: Instance): OnTheWire<UserSearchSummary> {
  const { FirstName, LastName } = user.identityInfo;
  const lists = channelConfigsOf(user);
  return {
    Id: user.id,
    Arn: place.arn("agent", user.id),
    Username: user.username,
    IdentityInfo: { FirstName, LastName },
    PhoneConfig: inMilliseconds(user.phoneConfig),
    DirectoryUserId: user.directoryUserId ?? undefined,
    SecurityProfileIds: [...user.securityProfileIds],
    RoutingProfileId: user.routingProfileId,
    HierarchyGroupId: user.hierarchyGroupId ?? undefined,
    Tags: user.tags,
    ...lists,
    AfterContactWorkConfigs: lists.AfterContactWorkConfigs?.map((one) => ({
      ...one,
      AfterContactWorkConfig: inMilliseconds(one.AfterContactWorkConfig),
      AgentFirstCallbackAfterContactWorkConfig:
        one.AgentFirstCallbackAfterContactWorkConfig &&
        inMilliseconds(one.AgentFirstCallbackAfterContactWorkConfig),
    })),
  };
}
