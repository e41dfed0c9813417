import {
  type ConnectClient,
  CreateUserCommand,
  DeleteUserCommand,
  DescribeInstanceCommand,
  DescribeUserCommand,
  DescribeUserHierarchyGroupCommand,
  DescribeUserHierarchyStructureCommand,
  ListRoutingProfilesCommand,
  ListSecurityProfilesCommand,
  ListUserHierarchyGroupsCommand,
  ListUsersCommand,
  SearchUsersCommand,
  UpdateUserHierarchyCommand,
  UpdateUserIdentityInfoCommand,
  UpdateUserPhoneConfigCommand,
  UpdateUserRoutingProfileCommand,
  UpdateUserSecurityProfilesCommand,
} from "@aws-sdk/client-connect";
import { userErrorOf } from "./user-errors.ts";
import {
  identityInfoOf,
  membersIn,
  namedIn,
  phoneConfigOf,
  searchedFactsOf,
  userFactsOf,
} from "./user-shapes.connect.ts";
import {
  type IdentityType,
  type Member,
  type Named,
  type NewUser,
  operationOf,
  type Turn,
  type UserFacts,
  type UserOperation,
  type Users,
  type UserUpdate,
} from "./users.ts";

const largestPage = 1000;
const largestSearchPage = 500;

type Page = { NextToken?: string | undefined };

/** Each request waits for its turn and is one HTTP attempt. */
export class ConnectUsers implements Users {
  private readonly client: ConnectClient;
  private readonly instance: { InstanceId: string };
  private readonly turn: Turn;

  constructor(client: ConnectClient, instanceId: string, turn: Turn) {
    this.client = client;
    this.instance = { InstanceId: instanceId };
    this.turn = turn;
  }

  async identityType(): Promise<IdentityType> {
    const { Instance } = await this.ask("DescribeInstance", () =>
      this.client.send(new DescribeInstanceCommand(this.instance)),
    );
    if (!Instance?.IdentityManagementType) throw new Error("Connect does not tell how users sign in");
    return Instance.IdentityManagementType;
  }

  routingProfiles(): Promise<Named[]> {
    return this.pages("ListRoutingProfiles", async (page) => {
      const answer = await this.client.send(new ListRoutingProfilesCommand(page));
      return { ...answer, rows: namedIn(answer.RoutingProfileSummaryList) };
    });
  }

  securityProfiles(): Promise<Named[]> {
    return this.pages("ListSecurityProfiles", async (page) => {
      const answer = await this.client.send(new ListSecurityProfilesCommand(page));
      return { ...answer, rows: namedIn(answer.SecurityProfileSummaryList) };
    });
  }

  hierarchyGroups(): Promise<Named[]> {
    return this.pages("ListUserHierarchyGroups", async (page) => {
      const answer = await this.client.send(new ListUserHierarchyGroupsCommand(page));
      return { ...answer, rows: namedIn(answer.UserHierarchyGroupSummaryList) };
    });
  }

  async hierarchyPath(groupId: string): Promise<string[]> {
    const { HierarchyGroup } = await this.ask("DescribeUserHierarchyGroup", () =>
      this.client.send(
        new DescribeUserHierarchyGroupCommand({ ...this.instance, HierarchyGroupId: groupId }),
      ),
    );
    const { LevelOne, LevelTwo, LevelThree, LevelFour, LevelFive } = HierarchyGroup?.HierarchyPath ?? {};
    return [LevelOne, LevelTwo, LevelThree, LevelFour, LevelFive].flatMap((level) => level?.Name ?? []);
  }

  async hierarchyLevels(): Promise<number> {
    const { HierarchyStructure = {} } = await this.ask("DescribeUserHierarchyStructure", () =>
      this.client.send(new DescribeUserHierarchyStructureCommand(this.instance)),
    );
    return Object.values(HierarchyStructure).filter(Boolean).length;
  }

  /** One request however many users there are; ListUsers would read all of them, a thousand at a time. */
  async find(username: string): Promise<string | undefined> {
    const { Users: found = [] } = await this.ask("SearchUsers", () =>
      this.client.send(
        new SearchUsersCommand({
          ...this.instance,
          SearchCriteria: {
            StringCondition: { FieldName: "Username", Value: username, ComparisonType: "EXACT" },
          },
        }),
      ),
    );
    // Whether the search minds upper and lower case is not documented; usernames do.
    return found.find((user) => user.Username === username)?.Id;
  }

  async describe(userId: string): Promise<UserFacts> {
    const { User } = await this.ask("DescribeUser", () =>
      this.client.send(new DescribeUserCommand({ ...this.instance, UserId: userId })),
    );
    return userFactsOf(User);
  }

  list(): Promise<Member[]> {
    return this.pages("ListUsers", async (page) => {
      const answer = await this.client.send(new ListUsersCommand(page));
      return { ...answer, rows: membersIn(answer.UserSummaryList) };
    });
  }

  search(): Promise<(Member & UserFacts)[]> {
    return this.pages("SearchUsers", async (page) => {
      const answer = await this.client.send(
        new SearchUsersCommand({ ...page, MaxResults: largestSearchPage }),
      );
      const rows = (answer.Users ?? []).flatMap((user) =>
        membersIn([user]).map((member) => ({ ...member, ...searchedFactsOf(user) })),
      );
      return { ...answer, rows };
    });
  }

  async create({ username, password, identity, phone, tags, ...user }: NewUser): Promise<void> {
    await this.ask("CreateUser", () =>
      this.client.send(
        new CreateUserCommand({
          ...this.instance,
          Username: username,
          ...(password !== undefined && { Password: password }),
          ...(identity && { IdentityInfo: identityInfoOf(identity) }),
          PhoneConfig: phoneConfigOf(phone),
          RoutingProfileId: user.routingProfileId,
          SecurityProfileIds: user.securityProfileIds,
          ...(user.hierarchyGroupId !== undefined && { HierarchyGroupId: user.hierarchyGroupId }),
          ...(tags && Object.keys(tags).length > 0 && { Tags: tags }),
        }),
      ),
    );
  }

  async update(userId: string, update: UserUpdate): Promise<void> {
    await this.ask(operationOf[update.part], () => this.sent({ ...this.instance, UserId: userId }, update));
  }

  async delete(userId: string): Promise<void> {
    await this.ask("DeleteUser", () =>
      this.client.send(new DeleteUserCommand({ ...this.instance, UserId: userId })),
    );
  }

  private sent(user: { InstanceId: string; UserId: string }, update: UserUpdate): Promise<unknown> {
    const { client } = this;
    switch (update.part) {
      case "identity":
        return client.send(
          new UpdateUserIdentityInfoCommand({ ...user, IdentityInfo: identityInfoOf(update.to) }),
        );
      case "phone":
        return client.send(
          new UpdateUserPhoneConfigCommand({ ...user, PhoneConfig: phoneConfigOf(update.to) }),
        );
      case "routing-profile":
        return client.send(new UpdateUserRoutingProfileCommand({ ...user, RoutingProfileId: update.to }));
      case "security-profiles":
        return client.send(new UpdateUserSecurityProfilesCommand({ ...user, SecurityProfileIds: update.to }));
      case "hierarchy": {
        const group = update.to !== undefined && { HierarchyGroupId: update.to };
        return client.send(new UpdateUserHierarchyCommand({ ...user, ...group }));
      }
    }
  }

  private async pages<Row>(
    operation: UserOperation,
    read: (page: { InstanceId: string; MaxResults: number } & Page) => Promise<Page & { rows: Row[] }>,
  ): Promise<Row[]> {
    const all: Row[] = [];
    let token: Page = {};
    do {
      const page = { ...this.instance, MaxResults: largestPage, ...token };
      const { rows, NextToken } = await this.ask(operation, () => read(page));
      all.push(...rows);
      token = NextToken === undefined ? {} : { NextToken };
    } while (token.NextToken);
    return all;
  }

  private async ask<Answer>(operation: UserOperation, send: () => Promise<Answer>): Promise<Answer> {
    await this.turn(operation);
    try {
      return await send();
    } catch (error) {
      throw userErrorOf(operation, error);
    }
  }
}
