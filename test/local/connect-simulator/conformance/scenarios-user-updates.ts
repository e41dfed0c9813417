import { ListUsersCommand } from "@aws-sdk/client-connect";
import { expect } from "vitest";
import {
  describeUser,
  group,
  InstanceId,
  otherRoutingProfile,
  otherSecurityProfile,
  securityProfile,
} from "../operations/support.ts";
import type { Centre } from "../support.ts";
import type { Reply } from "./exchange.ts";
import type { Input } from "./sample.ts";
import type { Scenarios, Scene } from "./scenario.ts";
import { inCentre } from "./scenario-centres.ts";
import { deskPhone, onNewUser } from "./scenarios-users.ts";

/** A change to a new user, and DescribeUser then says so. */
const changes = (members: Input): Scene => ({
  ...onNewUser(members),
  async holds(_: Reply, centre: Centre) {
    const { UserSummaryList } = await centre.client.send(new ListUsersCommand({ InstanceId }));
    expect(await describeUser(centre, UserSummaryList?.[0]?.Id ?? "")).toMatchObject(members);
  },
});

export const userUpdateScenarios = {
  UpdateUserHierarchy: {
    replies: { "another group": changes({ HierarchyGroupId: group }) },
    refusals: {
      InvalidRequestException: {
        "no group, where one is asked for": onNewUser(
          {},
          { ...inCentre(), deviations: { hierarchyWithoutGroup: "refused" } },
        ),
      },
      ResourceNotFoundException: {
        "an unknown user": onNewUser({ UserId: "unknown", HierarchyGroupId: group }),
        "an unknown group": onNewUser({ HierarchyGroupId: "unknown" }),
      },
    },
  },
  UpdateUserIdentityInfo: {
    replies: { "another name": changes({ IdentityInfo: { FirstName: "Anna", LastName: "Ruiz" } }) },
    refusals: {
      InvalidRequestException: { "no last name": onNewUser({ IdentityInfo: { FirstName: "Anna" } }) },
      InvalidParameterException: {
        "a first name of 256 characters": onNewUser({
          IdentityInfo: { FirstName: "a".repeat(256), LastName: "R" },
        }),
      },
    },
  },
  UpdateUserPhoneConfig: {
    replies: { "a desk phone": changes({ PhoneConfig: deskPhone }) },
    refusals: {
      InvalidRequestException: {
        "a desk phone without a number": onNewUser({ PhoneConfig: { PhoneType: "DESK_PHONE" } }),
      },
      InvalidParameterException: {
        "a negative time limit": onNewUser({
          PhoneConfig: { PhoneType: "SOFT_PHONE", AfterContactWorkTimeLimit: -1 },
        }),
      },
    },
  },
  UpdateUserRoutingProfile: {
    replies: { "another profile": changes({ RoutingProfileId: otherRoutingProfile }) },
    refusals: {
      InvalidRequestException: { "a number for a profile": onNewUser({ RoutingProfileId: 7 }) },
      ResourceNotFoundException: { "an unknown profile": onNewUser({ RoutingProfileId: "unknown" }) },
    },
  },
  UpdateUserSecurityProfiles: {
    replies: { "another profile": changes({ SecurityProfileIds: [otherSecurityProfile] }) },
    refusals: {
      InvalidRequestException: { "a text for a list": onNewUser({ SecurityProfileIds: "text" }) },
      InvalidParameterException: {
        "no profile": onNewUser({ SecurityProfileIds: [] }),
        "eleven profiles": onNewUser({ SecurityProfileIds: Array(11).fill(securityProfile) }),
      },
      ResourceNotFoundException: { "an unknown profile": onNewUser({ SecurityProfileIds: ["unknown"] }) },
    },
  },
} satisfies Record<string, Scenarios>;
