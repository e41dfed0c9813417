import { ConnectClient, GetFederationTokenCommand } from "@aws-sdk/client-connect";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, it, onTestFinished } from "vitest";
import type { ConnectSimulatorOptions } from "../../../../local/connect-simulator/simulator.ts";
import type { Centre } from "../support.ts";
import {
  aCentreOf,
  arn,
  createUser,
  InstanceId,
  type InstanceInput,
  invalidRequest,
  notFound,
  refusalOf,
} from "./support.ts";

const key = { accessKeyId: "x", secretAccessKey: "x" };
const region = "us-east-1";

/** A centre that knows its callers. */
const aGuardedCentre = (instance: InstanceInput, options: ConnectSimulatorOptions = {}) =>
  aCentreOf(instance, { auth: true, ...options });

/** A client with the credentials of a role session. */
async function asSession({ simulator }: Centre, RoleSessionName: string): Promise<ConnectClient> {
  const sts = new STSClient({ endpoint: simulator.url, region, credentials: key, maxAttempts: 1 });
  onTestFinished(() => sts.destroy());
  const RoleArn = "arn:aws:iam::111122223333:role/connect-federation";
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
  return clientWith(simulator.url, credentials);
}

function clientWith(endpoint: string, credentials: typeof key): ConnectClient {
  const client = new ConnectClient({ endpoint, region, credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

const federate = (client: ConnectClient, members = {}) =>
  client.send(new GetFederationTokenCommand({ InstanceId, ...members }));

const saml = { identityManagementType: "SAML", alias: "acme" } as const;
const samlUser = { Username: "ana@example.com", Password: undefined };

it("is for the user whose name the session has", async () => {
  const centre = await aGuardedCentre(saml);
  const id = await createUser(centre, samlUser);
  const client = await asSession(centre, "ana@example.com");
  const { Credentials, SignInUrl, UserArn, UserId } = await federate(client);
  expect({ UserArn, UserId }).toEqual({ UserArn: arn("agent", id), UserId: id });
  expect(SignInUrl).toMatch(/^https:\/\/acme\.my\.connect\.aws\//);
  const hours = (Number(Credentials?.RefreshTokenExpiration) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(11.9);
  expect(hours).toBeLessThanOrEqual(12);
  expect(Credentials?.AccessTokenExpiration).toBeInstanceOf(Date);

  const { Credentials: others } = await federate(client);
  const tokens = [Credentials, others].flatMap((one) => [one?.AccessToken, one?.RefreshToken]);
  expect(new Set(tokens).size).toBe(4);
  expect(tokens).not.toContain(undefined);
});

it("is refused where there is no such user", async () => {
  const centre = await aGuardedCentre(saml);
  await createUser(centre, samlUser);
  const nobody = { name: "UserNotFoundException", status: 404 };
  for (const session of ["Ana@example.com", "ben"]) {
    expect(await refusalOf(federate(await asSession(centre, session)))).toMatchObject(nobody);
  }
  expect(await refusalOf(federate(centre.client))).toMatchObject(nobody);
});

it.each(["CONNECT_MANAGED", "EXISTING_DIRECTORY"] as const)(
  "is refused in an instance of %s",
  async (identityManagementType) => {
    const centre = await aGuardedCentre({ identityManagementType, users: [{ username: "ana" }] });
    expect(await refusalOf(federate(await asSession(centre, "ana")))).toMatchObject(invalidRequest);
  },
);

it("is refused to the root user", async () => {
  const keys = [{ ...key, root: true }];
  const centre = await aGuardedCentre(saml, { keys });
  const refusal = await refusalOf(federate(clientWith(centre.simulator.url, key)));
  expect(refusal).toMatchObject({
    ...invalidRequest,
    message: expect.stringContaining("cannot be used for federation"),
  });
});

it("is refused for an unknown instance", async () => {
  const { client } = await aGuardedCentre(saml);
  expect(await refusalOf(federate(client, { InstanceId: "unknown" }))).toMatchObject(notFound);
});

it("can be made to be refused as a duplicate", async () => {
  const centre = await aGuardedCentre(saml);
  centre.simulator.faults({
    operation: "GetFederationToken",
    kind: "refuse",
    status: 409,
    error: "DuplicateResourceException",
  });
  expect(await refusalOf(federate(centre.client))).toMatchObject({
    name: "DuplicateResourceException",
    status: 409,
  });
});
