import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "vitest";
import type { ConnectSimulatorOptions } from "../../../../local/connect-simulator/simulator.ts";
import { InstanceId, type InstanceInput } from "../operations/support.ts";
import type { Centre } from "../support.ts";
import type { Key } from "./exchange.ts";
import type { Scenarios, Scene } from "./scenario.ts";

/** The key of a role session of that name, as the simulator's STS hands it out. */
const sessionOf =
  (RoleSessionName: string) =>
  async ({ simulator }: Centre): Promise<Key> => {
    const sts = new STSClient({
      endpoint: simulator.url,
      region: "us-east-1",
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
    });
    const RoleArn = "arn:aws:iam::111122223333:role/connect-federation";
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
    sts.destroy();
    return {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    };
  };

const inCentre = (instance: InstanceInput): ConnectSimulatorOptions => ({
  centre: { instances: [instance] },
});
const federation = (session: string, instance: InstanceInput = {}): Scene => ({
  options: inCentre({ identityManagementType: "SAML", users: [{ username: "ana", id: "ana" }], ...instance }),
  as: sessionOf(session),
  input: { InstanceId },
});

export const federationScenarios = {
  GetFederationToken: {
    replies: {
      "the user of the session": {
        ...federation("ana"),
        holds: ({ output }) => expect(output["UserId"]).toBe("ana"),
      },
    },
    refusals: {
      InvalidRequestException: {
        "an instance that does not use SAML": federation("ana", {
          identityManagementType: "CONNECT_MANAGED",
        }),
        "the root user": {
          ...federation("ana"),
          options: {
            ...federation("ana").options,
            keys: [{ accessKeyId: "root", secretAccessKey: "root", root: true }],
          },
          as: async () => ({ accessKeyId: "root", secretAccessKey: "root" }),
        },
      },
      UserNotFoundException: { "a session without a user": federation("nobody") },
    },
  },
} satisfies Record<string, Scenarios>;
