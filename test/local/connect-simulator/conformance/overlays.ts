import {
  defaultContactFlowId,
  defaultInstanceId,
  defaultPhoneNumber,
  defaultQueueId,
} from "../../../../local/connect-simulator/defaults.ts";
import { operations } from "../../../../local/connect-simulator/operations/index.ts";
import { instanceArn } from "../operations/support.ts";
import { ask } from "./requests.ts";
import type { Overlay } from "./sample.ts";

/** The operations that the simulator has now. */
export const operationsThere: readonly string[] = operations.map(({ name }) => name);

/** Operations of which no input is valid in the instance that there is, and the error that they give. */
export const refusedHere: Readonly<Record<string, { type: string; reason: string }>> = {
  GetFederationToken: { type: "InvalidRequestException", reason: "only for instances that use SAML" },
};

/** Answered and soon queued. */
const customer = "+12065550100";

/** Epoch seconds; a period of the historical metrics begins and ends at a multiple of five minutes. */
const endOfPeriod = Math.floor(Date.now() / 300_000) * 300;

/** Levels that have groups may not be taken away. */
const allLevels = Object.fromEntries(
  ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"].map((level) => [level, { Name: level }]),
);

/** What an operation needs besides, or instead of, the values that hold for all. */
const special: Readonly<Record<string, Overlay>> = {
  CreateUser: { Password: "Passw0rd-", IdentityInfo: { FirstName: "Ada", LastName: "Sample" } },
  UpdateUserIdentityInfo: { IdentityInfo: { FirstName: "Ada", LastName: "Sample" } },
  UpdateUserPhoneConfig: { PhoneConfig: { PhoneType: "SOFT_PHONE", AfterContactWorkTimeLimit: 0 } },
  UpdateUserHierarchyStructure: { HierarchyStructure: allLevels },
  GetCurrentMetricData: {
    Filters: { Queues: [defaultQueueId] },
    CurrentMetrics: [{ Name: "CONTACTS_IN_QUEUE", Unit: "COUNT" }],
  },
  GetMetricData: {
    StartTime: endOfPeriod - 3_600,
    EndTime: endOfPeriod,
    Filters: { Queues: [defaultQueueId] },
    HistoricalMetrics: [{ Name: "CONTACTS_QUEUED", Unit: "COUNT", Statistic: "SUM" }],
  },
  GetMetricDataV2: {
    ResourceArn: instanceArn,
    StartTime: endOfPeriod - 3_600,
    EndTime: endOfPeriod,
    Filters: [{ FilterKey: "QUEUE", FilterValues: [defaultQueueId] }],
    Metrics: [{ Name: "CONTACTS_QUEUED" }],
  },
};

/** Real values for an operation, found out from a running simulator; it places one call. */
export async function overlaysFrom(port: number): Promise<(operation: string) => Overlay> {
  const InstanceId = defaultInstanceId;
  const basics = {
    InstanceId,
    ContactFlowId: defaultContactFlowId,
    QueueId: defaultQueueId,
    DestinationPhoneNumber: customer,
    SourcePhoneNumber: defaultPhoneNumber,
  };
  const contactId = await idFrom(port, "StartOutboundVoiceContact", basics, "ContactId");
  const found = {
    ContactId: contactId,
    InitialContactId: contactId,
    RoutingProfileId: await idFrom(port, "ListRoutingProfiles", { InstanceId }),
    SecurityProfileId: await idFrom(port, "ListSecurityProfiles", { InstanceId }),
    UserId: await idFrom(port, "ListUsers", { InstanceId }),
    HierarchyGroupId: await hierarchyGroupFrom(port),
  };
  const known = Object.entries(found).filter(([, value]) => value !== undefined);
  const common: Overlay = { ...basics, ...Object.fromEntries(known) };
  return (operation) => ({ ...common, ...special[operation] });
}

async function hierarchyGroupFrom(port: number): Promise<string | undefined> {
  const InstanceId = defaultInstanceId;
  const there = await idFrom(port, "ListUserHierarchyGroups", { InstanceId });
  if (there !== undefined) return there;
  await idFrom(port, "UpdateUserHierarchyStructure", { InstanceId, HierarchyStructure: allLevels });
  return idFrom(port, "CreateUserHierarchyGroup", { InstanceId, Name: "first" }, "HierarchyGroupId");
}

/** The first id in a reply; undefined while the simulator lacks the operation, or has nothing to list. */
async function idFrom(
  port: number,
  operation: string,
  input: Record<string, unknown>,
  member = "Id",
): Promise<string | undefined> {
  if (!operationsThere.includes(operation)) return undefined;
  const { status, text } = await ask(port, operation, input);
  if (status !== 200) throw new Error(`${operation} answers ${status}: ${text}`);
  return new RegExp(`"${member}":"([^"]+)"`).exec(text)?.[1];
}
