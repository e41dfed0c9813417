import type { CreateUserCommandInput } from "@aws-sdk/client-connect";
import { expect } from "vitest";
import {
  aUser,
  createUser,
  group,
  InstanceId,
  otherSecurityProfile,
  securityProfile,
} from "../operations/support.ts";
import type { Centre } from "../support.ts";
import type { Input } from "./sample.ts";
import type { Scenarios, Scene } from "./scenario.ts";
import { inCentre } from "./scenario-centres.ts";

export const deskPhone = {
  PhoneType: "DESK_PHONE",
  DeskPhoneNumber: "+12065550124",
  AutoAccept: true,
  AfterContactWorkTimeLimit: 30,
  PersistentConnection: true,
} as const;
/** All that one user can have; the rest cannot be given together with it. */
const withPhone: Partial<CreateUserCommandInput> = {
  Username: "eva",
  IdentityInfo: {
    FirstName: "Eva",
    LastName: "Gil",
    Email: "eva@example.com",
    SecondaryEmail: "eva@example.org",
    Mobile: "+12065550123",
  },
  PhoneConfig: deskPhone,
  SecurityProfileIds: [securityProfile, otherSecurityProfile],
  HierarchyGroupId: group,
  Tags: { team: "reminders" },
};
const limit = { AfterContactWorkTimeLimit: 20 };
const withLists: Partial<CreateUserCommandInput> = {
  Username: "ida",
  PhoneConfig: undefined,
  AutoAcceptConfigs: [{ Channel: "VOICE", AutoAccept: true, AgentFirstCallbackAutoAccept: false }],
  AfterContactWorkConfigs: [
    { Channel: "VOICE", AfterContactWorkConfig: limit, AgentFirstCallbackAfterContactWorkConfig: limit },
  ],
  PhoneNumberConfigs: [{ Channel: "VOICE", PhoneType: "DESK_PHONE", PhoneNumber: "+12065550124" }],
  PersistentConnectionConfigs: [{ Channel: "VOICE", PersistentConnection: true }],
  VoiceEnhancementConfigs: [{ Channel: "VOICE", VoiceEnhancementMode: "NOISE_SUPPRESSION" }],
};
const directory = inCentre({ identityManagementType: "EXISTING_DIRECTORY" });
const ofDirectory: Partial<CreateUserCommandInput> = { Password: undefined, DirectoryUserId: "S-1-5-21" };

const creates = (members: Partial<CreateUserCommandInput>, options = inCentre()): Scene => ({
  options,
  input: { ...aUser(members) },
});
const twoUsers = inCentre({ users: [{ username: "ana" }, { username: "ben", id: "ben" }] });
const userIn = async (centre: Centre, members: Partial<CreateUserCommandInput> = {}) => ({
  InstanceId,
  UserId: await createUser(centre, members),
});
const described = (members: Partial<CreateUserCommandInput>, options = inCentre()): Scene => ({
  options,
  input: (centre) => userIn(centre, members),
});
/** A request on a new user, with these members. */
export const onNewUser = (members: Input, options = inCentre()): Scene => ({
  options,
  input: async (centre) => ({ ...(await userIn(centre)), ...members }),
});
const unknownUser = onNewUser({ UserId: "unknown" });
const search = (members: Input): Scene => ({ options: twoUsers, input: { InstanceId, ...members } });
const named = (condition: Input) => ({ SearchCriteria: { StringCondition: condition } });

export const userScenarios = {
  CreateUser: {
    replies: {
      "a user": creates({}),
      "a user with a phone": creates(withPhone),
      "a user with lists for channels": creates(withLists),
      "a user of a directory": creates(ofDirectory, directory),
    },
    refusals: {
      InvalidRequestException: { "no password": creates({ Password: undefined }) },
      InvalidParameterException: { "a username of 21 characters": creates({ Username: "a".repeat(21) }) },
      LimitExceededException: { "one user too many": creates({}, inCentre({ limits: { users: 0 } })) },
      DuplicateResourceException: { "a username that is taken": creates({}, twoUsers) },
      ResourceNotFoundException: { "an unknown routing profile": creates({ RoutingProfileId: "unknown" }) },
    },
  },
  DeleteUser: {
    replies: {
      "a user": {
        ...onNewUser({}),
        holds: (_, { simulator }) => expect(simulator.instances()[0]?.users).toBe(0),
      },
    },
    refusals: { ResourceNotFoundException: { "an unknown user": unknownUser } },
  },
  DescribeUser: {
    replies: {
      "a user": described({}),
      "a user with a phone": described(withPhone),
      "a user with lists for channels": described(withLists),
      "a user of a directory": described(ofDirectory, directory),
    },
    refusals: {
      ResourceNotFoundException: {
        "an unknown user": unknownUser,
        "a user who is not yet shown": onNewUser(
          {},
          { ...inCentre(), deviations: { userVisibleAfterSeconds: 60 } },
        ),
      },
    },
  },
  SearchUsers: {
    replies: {
      "every user": search({}),
      "one of two users": {
        ...search({ ...named({ FieldName: "Username", Value: "be", ComparisonType: "STARTS_WITH" }) }),
        holds: ({ output }) =>
          expect(output).toMatchObject({ Users: [{ Username: "ben" }], ApproximateTotalCount: 1 }),
      },
      "a page of users": search({ MaxResults: 1 }),
      "a user with a phone": {
        options: inCentre(),
        input: async (centre) => {
          await createUser(centre, withPhone);
          return { InstanceId, SearchFilter: { TagFilter: { TagCondition: { TagKey: "team" } } } };
        },
      },
      "a user with lists for channels": {
        options: inCentre(),
        input: async (centre) => ({ InstanceId: (await userIn(centre, withLists)).InstanceId }),
      },
      "a user of a directory": {
        options: directory,
        input: async (centre) => ({ InstanceId: (await userIn(centre, ofDirectory)).InstanceId }),
      },
    },
    refusals: {
      InvalidRequestException: { "half a condition": search(named({ FieldName: "Username" })) },
      InvalidParameterException: {
        "an unknown field": search(named({ FieldName: "Age", Value: "1", ComparisonType: "EXACT" })),
      },
    },
  },
} satisfies Record<string, Scenarios>;
