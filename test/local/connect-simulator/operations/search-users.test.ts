import {
  paginateSearchUsers,
  SearchUsersCommand,
  type SearchUsersCommandInput,
  type UserSearchCriteria,
} from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import type { Centre } from "../support.ts";
import {
  aCentreOf,
  arn,
  createUser,
  group,
  groupBelow,
  InstanceId,
  invalidParameter,
  invalidRequest,
  notFound,
  otherRoutingProfile,
  otherSecurityProfile,
  refusalOf,
  routingProfile,
  securityProfile,
} from "./support.ts";

type Search = Omit<SearchUsersCommandInput, "InstanceId">;

async function aTeam(): Promise<Centre> {
  const centre = await aCentreOf();
  await createUser(centre, {
    Username: "ana",
    IdentityInfo: { FirstName: "Ana", LastName: "Ruiz", Email: "ana@example.com" },
    HierarchyGroupId: group,
    Tags: { team: "red", site: "1" },
  });
  await createUser(centre, {
    Username: "anabel",
    IdentityInfo: { FirstName: "Anabel", LastName: "Vega" },
    RoutingProfileId: otherRoutingProfile,
    HierarchyGroupId: groupBelow,
    Tags: { team: "blue" },
  });
  await createUser(centre, {
    Username: "ben",
    IdentityInfo: { FirstName: "Ben", LastName: "Ruiz" },
    SecurityProfileIds: [securityProfile, otherSecurityProfile],
  });
  return centre;
}

const search = ({ client }: Centre, members: Search) =>
  client.send(new SearchUsersCommand({ InstanceId, ...members }));

async function found(centre: Centre, members: Search): Promise<(string | undefined)[]> {
  const { Users = [], ApproximateTotalCount } = await search(centre, members);
  expect(ApproximateTotalCount).toBe(Users.length);
  return Users.map(({ Username }) => Username);
}

const is = (
  FieldName: string,
  Value: string,
  ComparisonType: "EXACT" | "STARTS_WITH" | "CONTAINS" = "EXACT",
): UserSearchCriteria => ({ StringCondition: { FieldName, Value, ComparisonType } });

const inGroup = (Value: string, HierarchyGroupMatchType?: "EXACT" | "WITH_CHILD_GROUPS") => ({
  HierarchyGroupCondition: { Value, HierarchyGroupMatchType },
});

const criteria: [what: string, UserSearchCriteria, found: string[]][] = [
  ["nothing", {}, ["ana", "anabel", "ben"]],
  ["a username", is("Username", "ana"), ["ana"]],
  ["a username in another case", is("Username", "Ana"), []],
  ["a username's beginning", is("Username", "ana", "STARTS_WITH"), ["ana", "anabel"]],
  ["a part of a username", is("Username", "be", "CONTAINS"), ["anabel", "ben"]],
  ["a first name", is("FirstName", "Ben"), ["ben"]],
  ["a last name", is("LastName", "Ruiz"), ["ana", "ben"]],
  ["a routing profile", is("RoutingProfileId", routingProfile), ["ana", "ben"]],
  [
    "a routing profile's ARN",
    is("RoutingProfileId", arn("routing-profile", otherRoutingProfile)),
    ["anabel"],
  ],
  ["a security profile", is("SecurityProfileId", otherSecurityProfile), ["ben"]],
  ["a group", inGroup(group, "EXACT"), ["ana"]],
  ["a group and those below", inGroup(group, "WITH_CHILD_GROUPS"), ["ana", "anabel"]],
  ["a group's ARN", inGroup(arn("agent-group", groupBelow)), ["anabel"]],
  ["either of two", { OrConditions: [is("Username", "ana"), is("Username", "ben")] }, ["ana", "ben"]],
  ["both of two", { AndConditions: [is("LastName", "Ruiz"), inGroup(group)] }, ["ana"]],
  ["a username and another's name", { AndConditions: [is("Username", "ana"), is("FirstName", "Ben")] }, []],
  [
    "nested conditions",
    {
      AndConditions: [
        { OrConditions: [is("FirstName", "An", "STARTS_WITH"), is("Username", "ben")] },
        is("LastName", "Ruiz"),
      ],
    },
    ["ana", "ben"],
  ],
  ["an empty list", { OrConditions: [], AndConditions: [] }, ["ana", "anabel", "ben"]],
  ["proficiencies", { ListCondition: { TargetListType: "PROFICIENCIES", Conditions: [] } }, []],
];

describe("criteria", () => {
  it.each(criteria)("%s", async (_, SearchCriteria, usernames) => {
    expect(await found(await aTeam(), { SearchCriteria })).toEqual(usernames);
  });

  it("an id", async () => {
    const centre = await aTeam();
    const { Users } = await search(centre, { SearchCriteria: is("Username", "ben") });
    const id = Users?.[0]?.Id ?? "";
    expect(await found(centre, { SearchCriteria: is("resourceId", arn("agent", id)) })).toEqual(["ben"]);
  });

  const deep = (depth: number): UserSearchCriteria =>
    depth === 0 ? is("Username", "ana") : { AndConditions: [deep(depth - 1)] };

  it("ten deep", async () => {
    expect(await found(await aTeam(), { SearchCriteria: deep(10) })).toEqual(["ana"]);
  });

  it.each([
    ["eleven deep", deep(11), invalidParameter],
    ["a thousand deep", deep(1000), invalidParameter],
    ["an unknown field", is("Email", "ana@example.com"), invalidParameter],
    ["no field", { StringCondition: { Value: "x", ComparisonType: "EXACT" as const } }, invalidRequest],
    [
      "no value",
      { StringCondition: { FieldName: "Username", ComparisonType: "EXACT" as const } },
      invalidRequest,
    ],
    ["no comparison", { StringCondition: { FieldName: "Username", Value: "ana" } }, invalidRequest],
    ["an unknown comparison", is("Username", "ana", "LIKE" as never), invalidParameter],
    ["a group without a value", { HierarchyGroupCondition: {} }, invalidRequest],
  ])("refused: %s", async (_, SearchCriteria, refusal) => {
    expect(await refusalOf(search(await aTeam(), { SearchCriteria }))).toMatchObject(refusal);
  });
});

const red = { TagKey: "team", TagValue: "red" };
const blue = { TagKey: "team", TagValue: "blue" };
const site = { TagKey: "site" };

describe("filters", () => {
  it.each([
    ["a tag", { TagFilter: { TagCondition: red } }, ["ana"]],
    ["a tag of any value", { TagFilter: { TagCondition: { TagKey: "team" } } }, ["ana", "anabel"]],
    ["all tags", { TagFilter: { AndConditions: [red, site] } }, ["ana"]],
    ["some tags", { TagFilter: { OrConditions: [[red, site], [blue]] } }, ["ana", "anabel"]],
    ["an attribute's tag", { UserAttributeFilter: { TagCondition: blue } }, ["anabel"]],
    ["an attribute's group", { UserAttributeFilter: inGroup(group, "WITH_CHILD_GROUPS") }, ["ana", "anabel"]],
    [
      "tags and group",
      { UserAttributeFilter: { AndCondition: { TagConditions: [red], ...inGroup(group) } } },
      ["ana"],
    ],
    [
      "tags or group",
      { UserAttributeFilter: { OrConditions: [{ TagConditions: [red] }, inGroup(groupBelow)] } },
      ["ana", "anabel"],
    ],
  ])("%s", async (_, SearchFilter, usernames) => {
    expect(await found(await aTeam(), { SearchFilter })).toEqual(usernames);
  });

  it("and criteria", async () => {
    const SearchFilter = { TagFilter: { TagCondition: { TagKey: "team" } } };
    const SearchCriteria = is("LastName", "Vega");
    expect(await found(await aTeam(), { SearchFilter, SearchCriteria })).toEqual(["anabel"]);
  });

  it.each([
    [
      "both filters",
      { TagFilter: { TagCondition: red }, UserAttributeFilter: { TagCondition: red } },
      { name: "AccessDeniedException", status: 403 },
    ],
    ["two attributes", { UserAttributeFilter: { TagCondition: red, ...inGroup(group) } }, invalidRequest],
    ["a tag without a key", { TagFilter: { TagCondition: { TagValue: "red" } } }, invalidRequest],
  ])("refused: %s", async (_, SearchFilter, refusal) => {
    expect(await refusalOf(search(await aTeam(), { SearchFilter }))).toMatchObject(refusal);
  });
});

it("shows less of a user, and after-contact work in milliseconds", async () => {
  const centre = await aCentreOf();
  const id = await createUser(centre, {
    IdentityInfo: { FirstName: "Ana", LastName: "Ruiz", Email: "ana@example.com" },
    HierarchyGroupId: group,
    Tags: { team: "red" },
  });
  const { Users } = await search(centre, {});
  expect(Users).toEqual([
    {
      Id: id,
      Arn: arn("agent", id),
      Username: "ana",
      IdentityInfo: { FirstName: "Ana", LastName: "Ruiz" },
      PhoneConfig: { PhoneType: "SOFT_PHONE", AutoAccept: true, AfterContactWorkTimeLimit: 30_000 },
      SecurityProfileIds: [securityProfile],
      RoutingProfileId: routingProfile,
      HierarchyGroupId: group,
      Tags: { team: "red" },
    },
  ]);
});

describe("pages", () => {
  it("hold 100 users, and count all that there are", async () => {
    const centre = await aCentreOf({ users: [{ username: "agent", count: 250 }, { username: "other" }] });
    const SearchCriteria = is("Username", "agent", "STARTS_WITH");
    const sizes: number[] = [];
    const ids = new Set<string | undefined>();
    const pages = paginateSearchUsers({ client: centre.client }, { InstanceId, SearchCriteria });
    for await (const { Users = [], ApproximateTotalCount } of pages) {
      sizes.push(Users.length);
      for (const { Id } of Users) ids.add(Id);
      expect(ApproximateTotalCount).toBe(250);
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(ids.size).toBe(250);
  });

  it("have tokens for each search", async () => {
    const centre = await aTeam();
    const { NextToken } = await search(centre, { MaxResults: 1 });
    expect((await search(centre, { NextToken })).Users).toHaveLength(2);
    const other = search(centre, { NextToken, SearchCriteria: is("LastName", "Ruiz") });
    expect(await refusalOf(other)).toMatchObject(invalidParameter);
  });

  it("hold 500 users at most", async () => {
    const centre = await aTeam();
    expect(await refusalOf(search(centre, { MaxResults: 501 }))).toMatchObject(invalidParameter);
    const elsewhere = centre.client.send(new SearchUsersCommand({ InstanceId: "unknown" }));
    expect(await refusalOf(elsewhere)).toMatchObject(notFound);
  });
});
