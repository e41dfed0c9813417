import {
  CreateUserHierarchyGroupCommand,
  type CreateUserHierarchyGroupCommandInput,
  DescribeUserHierarchyGroupCommand,
  DescribeUserHierarchyStructureCommand,
  type HierarchyStructureUpdate,
  paginateListUserHierarchyGroups,
  UpdateUserHierarchyStructureCommand,
} from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import type { Centre } from "../support.ts";
import {
  aCentreOf,
  arn,
  duplicate,
  group,
  groupBelow,
  InstanceId,
  invalidParameter,
  invalidRequest,
  limitExceeded,
  notFound,
  refusalOf,
} from "./support.ts";

const levels = (...names: string[]): HierarchyStructureUpdate => {
  const [LevelOne, LevelTwo, LevelThree, LevelFour, LevelFive] = names.map((Name) => ({ Name }));
  return { LevelOne, LevelTwo, LevelThree, LevelFour, LevelFive };
};

const restructure = ({ client }: Centre, HierarchyStructure: HierarchyStructureUpdate) =>
  client.send(new UpdateUserHierarchyStructureCommand({ InstanceId, HierarchyStructure }));

async function structure({ client }: Centre) {
  const reply = await client.send(new DescribeUserHierarchyStructureCommand({ InstanceId }));
  return reply.HierarchyStructure;
}

async function createGroup(
  { client }: Centre,
  members: Partial<CreateUserHierarchyGroupCommandInput>,
): Promise<string> {
  const reply = await client.send(
    new CreateUserHierarchyGroupCommand({ InstanceId, Name: "Berlin", ...members }),
  );
  expect(reply.HierarchyGroupArn).toBe(arn("agent-group", reply.HierarchyGroupId ?? ""));
  return reply.HierarchyGroupId ?? "";
}

async function describeGroup({ client }: Centre, HierarchyGroupId: string) {
  const reply = await client.send(new DescribeUserHierarchyGroupCommand({ InstanceId, HierarchyGroupId }));
  return reply.HierarchyGroup;
}

describe("the structure", () => {
  it("is empty at first", async () => {
    expect(await structure(await aCentreOf({ hierarchy: { levels: [] } }))).toEqual({});
  });

  it("gets, renames and loses levels", async () => {
    const centre = await aCentreOf({ hierarchy: { levels: [] } });
    await restructure(centre, levels("Country", "City", "Site", "Floor", "Team"));
    const all = await structure(centre);
    expect(all?.LevelFive).toMatchObject({ Id: "5", Arn: arn("agent-group-level", "5"), Name: "Team" });
    await centre.advance(60);
    await restructure(centre, levels("Country", "Town"));
    const fewer = await structure(centre);
    expect(fewer).toMatchObject({ LevelOne: { Name: "Country" }, LevelTwo: { Id: "2", Name: "Town" } });
    expect(fewer?.LevelThree).toBeUndefined();
    expect(fewer?.LevelOne?.LastModifiedTime).toEqual(all?.LevelOne?.LastModifiedTime);
    expect(Number(fewer?.LevelTwo?.LastModifiedTime) - Number(all?.LevelTwo?.LastModifiedTime)).toBe(60_000);
    await restructure(centre, {});
    expect(await structure(centre)).toEqual({});
  });

  it("keeps levels that have groups", async () => {
    const centre = await aCentreOf();
    const refusal = { name: "ResourceInUseException", status: 409 };
    expect(await refusalOf(restructure(centre, levels("Region")))).toMatchObject(refusal);
    expect(await refusalOf(restructure(centre, {}))).toMatchObject(refusal);
    expect(await structure(centre)).toMatchObject({ LevelTwo: { Name: "Site" } });
  });

  it.each([
    ["a level below none", { LevelTwo: { Name: "Site" } }, invalidRequest, /LevelTwo/],
    ["a gap", { LevelOne: { Name: "Region" }, LevelThree: { Name: "Team" } }, invalidRequest, /LevelThree/],
    ["a level without a name", { LevelOne: { Name: undefined } }, invalidRequest, /Name/],
    ["an empty name", levels(""), invalidParameter, /Name/],
    ["a name of 51 characters", levels("n".repeat(51)), invalidParameter, /Name/],
  ])("refuses %s", async (_, update, refusal, mention) => {
    const centre = await aCentreOf({ hierarchy: { levels: [] } });
    const got = await refusalOf(restructure(centre, update));
    expect(got).toMatchObject({ ...refusal, message: expect.stringMatching(mention) });
  });

  it("belongs to an instance", async () => {
    const { client } = await aCentreOf();
    const unknown = { InstanceId: "unknown" };
    const sent = client.send(new DescribeUserHierarchyStructureCommand(unknown));
    expect(await refusalOf(sent)).toMatchObject(notFound);
  });
});

describe("groups", () => {
  it("are described with the path to them", async () => {
    const centre = await aCentreOf();
    const id = await createGroup(centre, {
      ParentGroupId: arn("agent-group", group),
      Tags: { owner: "ana" },
    });
    for (const HierarchyGroupId of [id, arn("agent-group", id)]) {
      expect(await describeGroup(centre, HierarchyGroupId)).toMatchObject({
        Id: id,
        Arn: arn("agent-group", id),
        Name: "Berlin",
        LevelId: "2",
        HierarchyPath: {
          LevelOne: { Id: group, Arn: arn("agent-group", group), Name: "EMEA" },
          LevelTwo: { Id: id, Name: "Berlin", LastModifiedRegion: "us-east-1" },
        },
        Tags: { owner: "ana" },
      });
    }
    const top = await describeGroup(centre, await createGroup(centre, { Name: "APAC" }));
    expect(top).toMatchObject({ LevelId: "1", HierarchyPath: { LevelOne: { Name: "APAC" } } });
    expect(top?.HierarchyPath?.LevelTwo).toBeUndefined();
  });

  it("may have the name of one elsewhere", async () => {
    const centre = await aCentreOf();
    await createGroup(centre, { Name: "Madrid" });
    const again = createGroup(centre, { Name: "Madrid", ParentGroupId: group });
    expect(await refusalOf(again)).toMatchObject(duplicate);
  });

  it.each([
    ["no name", { Name: undefined }, invalidRequest],
    ["an empty name", { Name: "" }, invalidParameter],
    ["a name of 101 characters", { Name: "n".repeat(101) }, invalidParameter],
    ["an unknown parent", { ParentGroupId: "unknown" }, notFound],
    ["a level that is not there", { ParentGroupId: groupBelow }, notFound],
    ["tags without an entry", { Tags: {} }, invalidParameter],
  ])("are refused with %s", async (_, members, refusal) => {
    expect(await refusalOf(createGroup(await aCentreOf(), members))).toMatchObject(refusal);
  });

  it("need a structure", async () => {
    const centre = await aCentreOf({ hierarchy: { levels: [] } });
    expect(await refusalOf(createGroup(centre, {}))).toMatchObject(notFound);
  });

  it("have a quota", async () => {
    const centre = await aCentreOf({ limits: { hierarchyGroups: 3 } });
    await createGroup(centre, {});
    expect(await refusalOf(createGroup(centre, { Name: "Lyon" }))).toMatchObject(limitExceeded);
  });

  it("are listed in pages", async () => {
    const centre = await aCentreOf();
    for (const Name of ["A", "B", "C"]) await createGroup(centre, { Name });
    const pages: (string | undefined)[][] = [];
    const pagination = { client: centre.client, pageSize: 2 };
    for await (const page of paginateListUserHierarchyGroups(pagination, { InstanceId })) {
      pages.push((page.UserHierarchyGroupSummaryList ?? []).map(({ Name }) => Name));
    }
    expect(pages).toEqual([["EMEA", "Madrid"], ["A", "B"], ["C"]]);
  });

  it("are not found when they are not there", async () => {
    expect(await refusalOf(describeGroup(await aCentreOf(), "unknown"))).toMatchObject(notFound);
  });
});
