import type { Books } from "../centre/books.ts";
import type { Floor } from "../centre/floor.ts";
import type { Behaviour } from "../config/behaviour.ts";
import type { Load } from "../config/load.ts";
import type { Place } from "./place.ts";
import type { Table } from "./table.ts";

export type Channel = "VOICE" | "CHAT" | "TASK" | "EMAIL";
export type IdentityManagementType = "CONNECT_MANAGED" | "SAML" | "EXISTING_DIRECTORY";

/** Times are simulated milliseconds since the epoch. */
export type Named = {
  readonly id: string;
  readonly ordinal: number;
  readonly name: string;
  readonly modifiedAt: number;
};

export type Queue = Named & {
  readonly type: "STANDARD" | "AGENT";
  /** What the customer sees; the instance's first number when the queue has none. */
  readonly phoneNumber: string | null;
};

export type RoutingProfile = Named & {
  readonly channels: readonly Channel[];
  /** 1 comes first. */
  readonly queues: readonly { readonly queueId: string; readonly priority: number }[];
};

export type SecurityProfile = Named;

export type ContactFlow = Named & {
  readonly type: string;
  readonly state: "ACTIVE" | "ARCHIVED";
  readonly published: boolean;
};

export type PhoneNumber = {
  readonly id: string;
  readonly ordinal: number;
  /** E.164. */
  readonly number: string;
  readonly countryCode: string;
  readonly type:
    | "DID"
    | "TOLL_FREE"
    | "UIFN"
    | "SHARED"
    | "THIRD_PARTY_DID"
    | "THIRD_PARTY_TF"
    | "SHORT_CODE";
};

export type HierarchyGroup = Named & {
  /** 1 is the uppermost. */
  readonly level: number;
  readonly parentId: string | null;
  readonly tags: Readonly<Record<string, string>>;
};

/** From LevelOne on; a structure has at most five, and none below an absent one. */
export type HierarchyLevel = { readonly name: string; readonly modifiedAt: number };

export type IdentityInfo = {
  readonly FirstName?: string | undefined;
  readonly LastName?: string | undefined;
  readonly Email?: string | undefined;
  readonly SecondaryEmail?: string | undefined;
  readonly Mobile?: string | undefined;
};

export type PhoneConfig = {
  readonly PhoneType?: "SOFT_PHONE" | "DESK_PHONE" | undefined;
  readonly AutoAccept?: boolean | undefined;
  /** Seconds; 0 is without limit. */
  readonly AfterContactWorkTimeLimit?: number | undefined;
  readonly DeskPhoneNumber?: string | undefined;
  readonly PersistentConnection?: boolean | undefined;
};

/** A user, as DescribeUser shows it. */
export type User = {
  readonly id: string;
  readonly ordinal: number;
  readonly instanceId: string;
  readonly username: string;
  readonly identityInfo: IdentityInfo;
  readonly phoneConfig: PhoneConfig;
  readonly directoryUserId: string | null;
  readonly securityProfileIds: readonly string[];
  readonly routingProfileId: string;
  readonly hierarchyGroupId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** The per-channel lists of newer clients, as they were given. */
  readonly channelConfigs: Readonly<Record<string, readonly unknown[]>>;
  readonly modifiedAt: number;
  /** Real milliseconds: how soon a new user can be seen belongs to the API. */
  readonly createdAtReal: number;
};

export type Users = Table<User> & {
  named(username: string): User | undefined;
};

export type Instance = {
  readonly id: string;
  readonly place: Place;
  readonly alias: string;
  readonly identityManagementType: IdentityManagementType;
  readonly inboundCallsEnabled: boolean;
  readonly outboundCallsEnabled: boolean;
  /** The passive Region of a pair: InvalidActiveRegionException where the API has it. */
  readonly passive: boolean;
  readonly createdAt: number;
  /** The journal did not know it: its users begin as the configuration has them. */
  readonly isNew: boolean;
  /** The quotas that are counted and not paced. */
  readonly limits: { readonly activeCalls: number; readonly users: number; readonly hierarchyGroups: number };
  readonly phoneNumbers: Table<PhoneNumber>;
  readonly contactFlows: Table<ContactFlow>;
  readonly queues: Table<Queue>;
  readonly routingProfiles: Table<RoutingProfile>;
  readonly securityProfiles: Table<SecurityProfile>;
  readonly hierarchyGroups: Table<HierarchyGroup>;
  levels: readonly (HierarchyLevel | null)[];
  readonly users: Users;
  /** Available first, then the custom ones. */
  readonly agentStatuses: readonly Named[];
  readonly floor: Floor;
  readonly books: Books;
  readonly behaviour: Behaviour;
  readonly load: readonly Load[];
};
