import {
  CreateUserHierarchyGroupCommand,
  DescribeUserHierarchyStructureCommand,
} from "@aws-sdk/client-connect";
import { expect } from "vitest";
import { group, groupBelow, InstanceId } from "../operations/support.ts";
import type { Centre } from "../support.ts";
import type { Input } from "./sample.ts";
import type { Scenarios, Scene } from "./scenario.ts";
import { fiveLevels, inCentre } from "./scenario-centres.ts";

const on = (members: Input, options = inCentre()): Scene => ({ options, input: { InstanceId, ...members } });
const deep = inCentre({ hierarchy: fiveLevels });
const structure = (...names: string[]) => {
  const levels = ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"];
  const entries = names.map((Name, index) => [levels[index] ?? "", { Name }]);
  return { HierarchyStructure: Object.fromEntries(entries) as Input };
};

async function taggedGroup({ client }: Centre) {
  const tagged = { InstanceId, Name: "Norte", ParentGroupId: "city", Tags: { team: "reminders" } };
  const { HierarchyGroupId } = await client.send(new CreateUserHierarchyGroupCommand(tagged));
  return { InstanceId, HierarchyGroupId };
}

export const hierarchyScenarios = {
  CreateUserHierarchyGroup: {
    replies: {
      "a group": on({ Name: "APAC" }),
      "a group below another, with a tag": on({
        Name: "Paris",
        ParentGroupId: group,
        Tags: { team: "reminders" },
      }),
    },
    refusals: {
      InvalidRequestException: { "a number for a name": on({ Name: 7 }) },
      InvalidParameterException: { "a name of 101 characters": on({ Name: "n".repeat(101) }) },
      DuplicateResourceException: { "a name that is taken": on({ Name: "EMEA" }) },
      LimitExceededException: {
        "one group too many": on({ Name: "APAC" }, inCentre({ limits: { hierarchyGroups: 2 } })),
      },
      ResourceNotFoundException: {
        "an unknown group above it": on({ Name: "Paris", ParentGroupId: "unknown" }),
        "a level too deep": on({ Name: "Sol", ParentGroupId: groupBelow }),
      },
    },
  },
  DescribeUserHierarchyGroup: {
    replies: {
      "a group": on({ HierarchyGroupId: group }),
      "a group at the fifth level, with a tag": { options: deep, input: taggedGroup },
    },
    refusals: { ResourceNotFoundException: { "an unknown group": on({ HierarchyGroupId: "unknown" }) } },
  },
  ListUserHierarchyGroups: {
    replies: { "every group": on({}), "a page of groups": on({ MaxResults: 1 }) },
    refusals: {
      InvalidRequestException: { "a text for a number": on({ MaxResults: "ten" }) },
      InvalidParameterException: { "no results at all": on({ MaxResults: 0 }) },
    },
  },
  DescribeUserHierarchyStructure: {
    replies: { "two levels": on({}), "five levels": on({}, deep) },
  },
  UpdateUserHierarchyStructure: {
    replies: {
      "a third level": {
        ...on(structure("Region", "Site", "Team")),
        async holds(_, { client }) {
          const found = await client.send(new DescribeUserHierarchyStructureCommand({ InstanceId }));
          expect(found.HierarchyStructure?.LevelThree?.Name).toBe("Team");
        },
      },
    },
    refusals: {
      InvalidRequestException: {
        "a level below none": on({ HierarchyStructure: { LevelFive: { Name: "Site" } } }),
      },
      InvalidParameterException: {
        "a name of 51 characters": on(structure("Region", "Site", "n".repeat(51))),
      },
      ResourceInUseException: { "a level that has groups": on(structure("Region")) },
    },
  },
} satisfies Record<string, Scenarios>;
