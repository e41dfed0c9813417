import type { DesiredUser } from "../roster/user-command.ts";

/** The operations on users and on what they are made of. Connect limits each by itself. */
export type UserOperation =
  | "DescribeInstance"
  | "ListRoutingProfiles"
  | "ListSecurityProfiles"
  | "ListUserHierarchyGroups"
  | "DescribeUserHierarchyGroup"
  | "DescribeUserHierarchyStructure"
  | "ListUsers"
  | "SearchUsers"
  | "DescribeUser"
  | "CreateUser"
  | "DeleteUser"
  | "UpdateUserIdentityInfo"
  | "UpdateUserPhoneConfig"
  | "UpdateUserRoutingProfile"
  | "UpdateUserSecurityProfiles"
  | "UpdateUserHierarchy";

/** Resolves when a request of this operation may go out; called before each, pages included. */
export type Turn = (operation: UserOperation) => Promise<void>;

export type IdentityType = "CONNECT_MANAGED" | "SAML" | "EXISTING_DIRECTORY";

export interface Named {
  id: string;
  name: string;
}

/** A user as Connect has it, but for the name. What is absent is not set. */
export interface UserFacts {
  identity: {
    firstName?: string;
    lastName?: string;
    email?: string;
    secondaryEmail?: string;
    mobile?: string;
  };
  phone: {
    type?: DesiredUser["phone"]["type"];
    autoAccept?: boolean;
    afterContactWorkSeconds?: number;
    deskNumber?: string;
    persistentConnection?: boolean;
  };
  routingProfileId: string;
  securityProfileIds: string[];
  hierarchyGroupId?: string;
}

/** A user of an instance: the name is unique there, upper and lower case minded. */
export interface Member {
  id: string;
  username: string;
}

export interface NewUser extends Omit<UserFacts, "identity"> {
  username: string;
  /** Absent where a directory has it. */
  identity?: UserFacts["identity"];
  password?: string;
  tags?: Record<string, string>;
}

/** One part of a user, as it is to be. */
export type UserUpdate =
  | { part: "identity"; to: UserFacts["identity"] }
  | { part: "phone"; to: UserFacts["phone"] }
  | { part: "routing-profile"; to: string }
  | { part: "security-profiles"; to: string[] }
  /** Without a group it is taken out of the one that it is in. */
  | { part: "hierarchy"; to: string | undefined };

export const operationOf = {
  identity: "UpdateUserIdentityInfo",
  phone: "UpdateUserPhoneConfig",
  "routing-profile": "UpdateUserRoutingProfile",
  "security-profiles": "UpdateUserSecurityProfiles",
  hierarchy: "UpdateUserHierarchy",
} satisfies Record<UserUpdate["part"], UserOperation>;

/** The users of one instance. Every method may throw UserError. */
export interface Users {
  identityType(): Promise<IdentityType>;
  routingProfiles(): Promise<Named[]>;
  securityProfiles(): Promise<Named[]>;
  hierarchyGroups(): Promise<Named[]>;
  /** The names from the top level down to this group. */
  hierarchyPath(groupId: string): Promise<string[]>;
  hierarchyLevels(): Promise<number>;
  /** @returns the user's id; a user of a moment ago may not be found yet */
  find(username: string): Promise<string | undefined>;
  describe(userId: string): Promise<UserFacts>;
  /** All users by name, a thousand with each request. */
  list(): Promise<Member[]>;
  /** All users as they are but for their e-mail addresses and mobile numbers, which no search tells; 500 with each request. */
  search(): Promise<(Member & UserFacts)[]>;
  create(user: NewUser): Promise<void>;
  update(userId: string, update: UserUpdate): Promise<void>;
  delete(userId: string): Promise<void>;
}

/** Connect did not do, or did not say that it did, what it was asked for. */
export class UserError extends Error {
  readonly kind: "rate" | "unclear" | "not-found" | "duplicate" | "refused";
  readonly operation: UserOperation;
  /** What may be logged of it. */
  readonly code: string;

  /** @param reason names and codes only: messages may quote what was sent */
  constructor(kind: UserError["kind"], operation: UserOperation, reason: string) {
    super(reason);
    this.name = "UserError";
    this.kind = kind;
    this.operation = operation;
    this.code = reason;
  }
}
