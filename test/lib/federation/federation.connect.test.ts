import { once } from "node:events";
import { createServer } from "node:http";
import { ConnectClient } from "@aws-sdk/client-connect";
import { STSClient } from "@aws-sdk/client-sts";
import * as v from "valibot";
import { describe, expect, it, onTestFinished } from "vitest";
import { ConnectFederation } from "../../../lib/federation/federation.connect.ts";
import {
  type CentreConfigInput,
  type ConnectSimulatorOptions,
  startConnectSimulator,
} from "../../../local/connect-simulator/simulator.ts";
import { federationContract } from "../../support/federation-contract.ts";

type Instance = NonNullable<CentreConfigInput["instances"]>[number];

const role = "arn:aws:iam::111122223333:role/federation";

/** The federation of a simulated instance, asked over HTTP with signatures that are looked at. */
async function aFederation(
  instance: Instance,
  {
    roleArn = role,
    stsUrl,
    ...options
  }: ConnectSimulatorOptions & { roleArn?: string; stsUrl?: string } = {},
) {
  const centre = { instances: [{ identityManagementType: "SAML" as const, ...instance }] };
  const unlimited = { GetFederationToken: { rate: 1e6, burst: 1e6 } };
  const simulator = await startConnectSimulator({ centre, quotas: unlimited, ...options });
  const at = { endpoint: simulator.url, region: "us-east-1", maxAttempts: 1 };
  const own = { accessKeyId: "x", secretAccessKey: "x" };
  const sts = new STSClient({ ...at, ...(stsUrl && { endpoint: stsUrl }), credentials: own });
  onTestFinished(async () => {
    sts.destroy();
    await simulator.stop();
  });
  const connectAs: ConstructorParameters<typeof ConnectFederation>[0]["connectAs"] = (credentials) =>
    new ConnectClient({ ...at, credentials });
  const where = { roleArn, instanceId: simulator.instanceId };
  return { simulator, federation: new ConnectFederation({ sts, connectAs }, where) };
}

const ana = { users: [{ username: "ana" }] };
const fault = { operation: "GetFederationToken", kind: "refuse" } as const;

describe("the federation of Amazon Connect", () => {
  federationContract(async (users) => {
    const { federation } = await aFederation({ users: users.map((username) => ({ username })) });
    return federation;
  });

  it.each([
    ["UserNotFoundException", 404, "no-such-user"],
    ["DuplicateResourceException", 409, "duplicate-user"],
    ["InvalidRequestException", 400, "wrong-instance"],
    ["InvalidParameterException", 400, "wrong-instance"],
    ["ResourceNotFoundException", 404, "wrong-instance"],
    ["AccessDeniedException", 403, "not-permitted"],
    ["ThrottlingException", 429, "busy"],
    ["TooManyRequestsException", 429, "busy"],
  ])("takes Connect's %s for what it is", async (error, status, kind) => {
    const { simulator, federation } = await aFederation(ana);
    simulator.faults({ ...fault, status, error });
    expect(await federation.signIn("ana")).toEqual({ kind });
    expect(await federation.signIn("ana")).toMatchObject({ kind: "signed-in" });
  });

  it.each(["CONNECT_MANAGED", "EXISTING_DIRECTORY"] as const)(
    "is none in an instance of %s",
    async (identityManagementType) => {
      const { federation } = await aFederation({ ...ana, identityManagementType });
      expect(await federation.signIn("ana")).toEqual({ kind: "wrong-instance" });
    },
  );

  it.each([
    ["of another account", "arn:aws:iam::999999999999:role/federation"],
    ["that is no role", "arn:aws:iam::111122223333:user/federation"],
    ["that is no ARN", "a role that there is none of"],
  ])("is refused a role %s", async (_, roleArn) => {
    const { federation } = await aFederation(ana, { roleArn });
    expect(await federation.signIn("ana")).toEqual({ kind: "role-refused" });
  });

  it("is busy when Connect's quota is used up, and not for ever", async () => {
    let realNow = Date.now();
    const quotas = { GetFederationToken: { rate: 2, burst: 1 } };
    const { federation } = await aFederation(ana, { quotas, realClock: () => realNow });
    const kinds = [await federation.signIn("ana"), await federation.signIn("ana")].map(({ kind }) => kind);
    expect(kinds).toEqual(["signed-in", "busy"]);
    realNow += 1_000;
    expect(await federation.signIn("ana")).toMatchObject({ kind: "signed-in" });
  });

  it("is busy when STS is over its rate", async () => {
    const error = "<Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>";
    const sts = createServer(
      (_, response) => void response.writeHead(400).end(`<ErrorResponse>${error}</ErrorResponse>`),
    );
    await once(sts.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void sts.close());
    const { port } = v.parse(v.object({ port: v.number() }), sts.address());
    const { federation } = await aFederation(ana, { stsUrl: `http://127.0.0.1:${port}` });
    expect(await federation.signIn("ana")).toEqual({ kind: "busy" });
  });

  it("throws what is no refusal: a fault of Connect's, and nobody there", async () => {
    const { simulator, federation } = await aFederation(ana);
    simulator.faults({ ...fault, status: 500, error: "InternalServiceException" });
    await expect(federation.signIn("ana")).rejects.toThrow();
    await simulator.stop();
    await expect(federation.signIn("ana")).rejects.toThrow();
  });
});
