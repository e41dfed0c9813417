import {
  ConnectServiceException,
  CreateUserCommand,
  type CreateUserCommandInput,
  DescribeUserCommand,
  type User,
} from "@aws-sdk/client-connect";
import { defaultInstanceId } from "../../../../local/connect-simulator/defaults.ts";
import type {
  CentreConfigInput,
  ConnectSimulatorOptions,
} from "../../../../local/connect-simulator/simulator.ts";
import { aCentre, type Centre } from "../support.ts";

export type InstanceInput = NonNullable<CentreConfigInput["instances"]>[number];
export type CreateUserMembers = Partial<CreateUserCommandInput>;

export const InstanceId = defaultInstanceId;
export const routingProfile = "5ca1ab1e-0000-4000-8000-0000000000a1";
export const otherRoutingProfile = "5ca1ab1e-0000-4000-8000-0000000000a2";
export const securityProfile = "5ca1ab1e-0000-4000-8000-0000000000b1";
export const otherSecurityProfile = "5ca1ab1e-0000-4000-8000-0000000000b2";
export const group = "5ca1ab1e-0000-4000-8000-0000000000c1";
export const groupBelow = "5ca1ab1e-0000-4000-8000-0000000000c2";
export const instanceArn = `arn:aws:connect:us-east-1:111122223333:instance/${InstanceId}`;
export const arn = (kind: string, id: string): string => `${instanceArn}/${kind}/${id}`;

/** An instance without users, whose profiles and groups have ids that tests know. */
export const anInstance = (more: InstanceInput = {}): InstanceInput => ({
  routingProfiles: [
    { name: "Basic", id: routingProfile, queues: ["BasicQueue"] },
    { name: "Other", id: otherRoutingProfile, queues: ["BasicQueue"] },
  ],
  securityProfiles: [
    { name: "Agent", id: securityProfile },
    { name: "Admin", id: otherSecurityProfile },
  ],
  hierarchy: {
    levels: ["Region", "Site"],
    groups: [{ name: "EMEA", id: group, groups: [{ name: "Madrid", id: groupBelow }] }],
  },
  users: [],
  ...more,
});

/** A centre of one such instance. */
export const aCentreOf = (
  instance: InstanceInput = {},
  options: ConnectSimulatorOptions = {},
): Promise<Centre> => aCentre({ centre: { instances: [anInstance(instance)] }, ...options });

export const aUser = (members: CreateUserMembers = {}): CreateUserCommandInput => ({
  InstanceId,
  Username: "ana",
  Password: "Passw0rd-",
  IdentityInfo: { FirstName: "Ana", LastName: "Ruiz" },
  PhoneConfig: { PhoneType: "SOFT_PHONE", AutoAccept: true, AfterContactWorkTimeLimit: 30 },
  SecurityProfileIds: [securityProfile],
  RoutingProfileId: routingProfile,
  ...members,
});

/** Creates one and answers its id. */
export async function createUser({ client }: Centre, members: CreateUserMembers = {}): Promise<string> {
  const { UserId } = await client.send(new CreateUserCommand(aUser(members)));
  if (UserId === undefined) throw new Error("the reply has no UserId");
  return UserId;
}

export async function describeUser({ client }: Centre, UserId: string): Promise<User> {
  const { User } = await client.send(new DescribeUserCommand({ InstanceId, UserId }));
  if (User === undefined) throw new Error("the reply has no User");
  return User;
}

type Refusal = { name: string; status: number | undefined; message: string };

/** How a request is refused. */
export async function refusalOf(sent: Promise<unknown>): Promise<Refusal> {
  try {
    await sent;
  } catch (error) {
    if (!(error instanceof ConnectServiceException)) throw error;
    return { name: error.name, status: error.$metadata.httpStatusCode, message: error.message };
  }
  throw new Error("it is not refused");
}

export const invalidRequest = { name: "InvalidRequestException", status: 400 };
export const invalidParameter = { name: "InvalidParameterException", status: 400 };
export const notFound = { name: "ResourceNotFoundException", status: 404 };
export const duplicate = { name: "DuplicateResourceException", status: 409 };
export const limitExceeded = { name: "LimitExceededException", status: 429 };
