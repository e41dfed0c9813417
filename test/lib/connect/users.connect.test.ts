import { ConnectClient } from "@aws-sdk/client-connect";
import { describe, expect, it, onTestFinished } from "vitest";
import { ConnectUsers } from "../../../lib/connect/users.connect.ts";
import type { Turn } from "../../../lib/connect/users.ts";
import {
  type ConnectSimulatorOptions,
  startConnectSimulator,
} from "../../../local/connect-simulator/simulator.ts";
import { usersContract } from "../../support/users-contract.ts";

async function aCentre(options: ConnectSimulatorOptions = {}) {
  const simulator = await startConnectSimulator({
    centre: {
      instances: [
        {
          queues: ["Calls"],
          routingProfiles: ["Sales", "Support"].map((name) => ({ name, queues: ["Calls"] })),
          securityProfiles: ["Agent", "Admin"],
          hierarchy: { levels: ["Region", "Site"], groups: [{ name: "EMEA", groups: ["Madrid"] }] },
        },
      ],
    },
    auth: false,
    ...options,
  });
  onTestFinished(() => simulator.stop());
  const client = new ConnectClient({
    endpoint: simulator.url,
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    maxAttempts: 1,
  });
  const users = (turn: Turn = async () => undefined) => new ConnectUsers(client, simulator.instanceId, turn);
  return { simulator, users };
}

usersContract(async (turn) => (await aCentre()).users(turn));

describe("what Connect says of a request about a user", () => {
  it.each([
    ["a lost reply is unclear", { kind: "reply-lost" }, "unclear"],
    [
      "so is an error of its own",
      { kind: "refuse", status: 500, error: "InternalServiceException" },
      "unclear",
    ],
    ["too much is too much", { kind: "refuse", status: 429, error: "TooManyRequestsException" }, "rate"],
    ["a full instance refuses", { kind: "refuse", status: 429, error: "LimitExceededException" }, "refused"],
  ] as const)("%s", async (_, fault, kind) => {
    const { simulator, users } = await aCentre();
    simulator.faults({ ...fault, operation: "SearchUsers" });
    await expect(users().find("ana")).rejects.toMatchObject({ kind, operation: "SearchUsers" });
  });

  it("a right that is missing is nobody's answer: it is thrown as it is", async () => {
    const { simulator, users } = await aCentre();
    const error = "AccessDeniedException";
    simulator.faults({ kind: "refuse", status: 403, error, operation: "SearchUsers" });
    await expect(users().find("ana")).rejects.toMatchObject({ name: error });
  });

  it("reads lists to their last page, each page in its turn", async () => {
    const names = Array.from({ length: 1_001 }, (_, n) => `Profile ${n}`);
    const { users } = await aCentre({ centre: { instances: [{ securityProfiles: names }] } });
    const turns: string[] = [];
    const all = await users(async (operation) => void turns.push(operation)).securityProfiles();
    expect(all.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(turns).toEqual(["ListSecurityProfiles", "ListSecurityProfiles"]);
  });
});
